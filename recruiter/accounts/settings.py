"""Settings: my profile for everybody; members, API keys and the firm for admins."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from recruiter import clock
from recruiter.accounts import auth, invitations, keys, sign_in
from recruiter.accounts import service as accounts
from recruiter.accounts.models import ApiKey, Role, Scope
from recruiter.accounts.schemas import FirmForm, InviteForm, KeyForm, ProfileForm, RoleForm
from recruiter.accounts.service import ChangeRole, DeactivateMember, LastAdmin, ReactivateMember
from recruiter.errors import Conflict, Invalid
from recruiter.policies import regions
from recruiter.policies.calendars import COUNTRIES
from recruiter.policies.promises import PROMISE_DAYS
from recruiter.policies.schemas import PLACES
from recruiter.web import forms, locales

pages = Blueprint("settings", __name__, url_prefix="/settings")
pages.before_request(auth.require_member)

FIRM_FIELDS = (
    "name",
    "time_zone",
    "country",
    "region",
    "postal_address",
    "phone",
    "hold_minutes",
    "pool_months",
    "holds_doubtful",
)
ADMINS = frozenset({Role.ADMIN})
AREAS = (
    ("profile", "settings.profile", "My profile", auth.EVERYONE),
    ("members", "settings.members", "Members", ADMINS),
    ("keys", "settings.api_keys", "API keys", ADMINS),
    ("webhooks", "webhooks.index", "Webhooks", ADMINS),
    ("firm", "settings.firm", "Firm", ADMINS),
    ("look", "look.show", "Look and language", ADMINS),
    ("competencies", "competencies.index", "Competencies", auth.LEADERS),
    ("policies", "policies.index", "Policies", auth.READERS),
    ("checker", "checker.show", "Checker", auth.LEADERS),
    ("reasons", "outcome_reasons.index", "Outcome reasons", ADMINS),
    ("resources", "resources.index", "Resources", ADMINS),
    ("privacy", "privacy.requests", "Privacy", ADMINS | {Role.PRIVACY}),
)
admins_only = auth.roles(Role.ADMIN)
everybody = auth.roles(*Role)


@pages.get("/")
@everybody
def index() -> ResponseReturnValue:
    """Go to the first area."""
    return redirect(url_for("settings.profile"))


@pages.get("/profile")
@everybody
def profile() -> ResponseReturnValue:
    """Show what candidates and colleagues read about the member."""
    member = auth.signed_in_member()
    values = {name: getattr(member, name) for name in ("name", "title", "phone", "single_key_shortcuts")}
    return _page("profile", values=values)


@pages.post("/profile")
@everybody
def keep_profile() -> ResponseReturnValue:
    """Keep what the member says about themself."""
    member = auth.signed_in_member()
    try:
        values = forms.load(ProfileForm, request.form)
    except Invalid as error:
        return _page("profile", error, values=request.form)
    accounts.update_profile(accounts.UpdateProfile(firm_id=member.firm_id, member_id=member.id, **values))
    return _back("settings.profile", "Profile saved.")


@pages.post("/profile/sign-out-everywhere")
@everybody
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the member, this one too."""
    caller, member = auth.caller(), auth.signed_in_member()
    sign_in.sign_out_everywhere(
        sign_in.SignOutEverywhere(firm_id=caller.firm_id, actor=caller.actor, member_id=member.id)
    )
    logout_user()
    return _back("security.login", "You are signed out everywhere.")


@pages.get("/members")
@admins_only
def members() -> ResponseReturnValue:
    """List members and open invitations, with the form to invite somebody."""
    return _members(values={})


@pages.post("/members")
@admins_only
def invite() -> ResponseReturnValue:
    """Invite a person by mail."""
    caller = auth.caller()
    try:
        values = forms.load(InviteForm, request.form)
        invitations.invite(invitations.Invite(firm_id=caller.firm_id, actor=caller.actor, **values))
    except Invalid as error:
        return _members(error, values=request.form)
    except Conflict as error:
        return _members(Invalid({"email": [error.message]}), values=request.form)
    return _back("settings.members", f"The invitation to {values['email']} is on its way.")


@pages.post("/members/<uuid:member_id>/role")
@admins_only
def change_role(member_id: uuid.UUID) -> ResponseReturnValue:
    """Give a member another role."""
    caller, values = auth.caller(), forms.load(RoleForm, request.form)
    try:
        command = ChangeRole(firm_id=caller.firm_id, actor=caller.actor, member_id=member_id, **values)
        member = accounts.change_role(command)
    except LastAdmin as error:
        return _back("settings.members", error.message, "error")
    return _back("settings.members", f"{member.name} is now {member.role.value}.")


@pages.get("/members/<uuid:member_id>/deactivate")
@admins_only
def ask_deactivate(member_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a member is let in no more."""
    member = accounts.get_member(auth.caller().firm_id, member_id)
    return render_template("pages/settings/deactivate.html", person=member)


@pages.post("/members/<uuid:member_id>/deactivate")
@admins_only
def deactivate(member_id: uuid.UUID) -> ResponseReturnValue:
    """Let a member in no more and end their sessions."""
    caller = auth.caller()
    try:
        command = DeactivateMember(firm_id=caller.firm_id, actor=caller.actor, member_id=member_id)
        member = accounts.deactivate_member(command)
    except LastAdmin as error:
        return _back("settings.members", error.message, "error")
    return _back("settings.members", f"{member.name} cannot sign in any more.")


@pages.post("/members/<uuid:member_id>/reactivate")
@admins_only
def reactivate(member_id: uuid.UUID) -> ResponseReturnValue:
    """Let a member in again."""
    caller = auth.caller()
    command = ReactivateMember(firm_id=caller.firm_id, actor=caller.actor, member_id=member_id)
    member = accounts.reactivate_member(command)
    return _back("settings.members", f"{member.name} can sign in again.")


@pages.post("/invitations/<uuid:invitation_id>/revoke")
@admins_only
def revoke_invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """End an invitation."""
    caller = auth.caller()
    command = invitations.Revoke(firm_id=caller.firm_id, actor=caller.actor, invitation_id=invitation_id)
    invitations.revoke(command)
    return _back("settings.members", "The invitation has ended. Its link does not work any more.")


@pages.get("/keys")
@admins_only
def api_keys() -> ResponseReturnValue:
    """List API keys, with the form to make one."""
    return _keys(values={})


@pages.post("/keys")
@admins_only
def create_key() -> ResponseReturnValue:
    """Make a key and show it, this one time, on the page that answers; it is in no session and no address."""
    try:
        created = keys.create_key(_new_key(**forms.load(KeyForm, request.form)))
    except Invalid as error:
        return _keys(error, values=request.form)
    return _keys(values={}, secret=created.secret)


@pages.get("/keys/<uuid:key_id>/revoke")
@admins_only
def ask_revoke_key(key_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a key is ended."""
    return render_template("pages/settings/revoke_key.html", key=keys.get_key(auth.caller().firm_id, key_id))


@pages.post("/keys/<uuid:key_id>/revoke")
@admins_only
def revoke_key(key_id: uuid.UUID) -> ResponseReturnValue:
    """End a key."""
    caller = auth.caller()
    key = keys.revoke_key(keys.RevokeKey(firm_id=caller.firm_id, actor=caller.actor, key_id=key_id))
    return _back("settings.api_keys", f"The key “{key.name}” opens nothing any more.")


@pages.get("/firm")
@admins_only
def firm() -> ResponseReturnValue:
    """Show what holds for the whole firm."""
    row = auth.signed_in_member().firm
    days = {f"promise_{stage}": count for stage, count in {**PROMISE_DAYS, **row.promise_days}.items()}
    return _firm(values={name: getattr(row, name) for name in FIRM_FIELDS} | days)


@pages.post("/firm")
@admins_only
def keep_firm() -> ResponseReturnValue:
    """Keep what holds for the whole firm."""
    caller = auth.caller()
    try:
        values = forms.load(FirmForm, request.form)
    except Invalid as error:
        return _firm(error, values=request.form)
    accounts.update_firm(accounts.UpdateFirm(firm_id=caller.firm_id, actor=caller.actor, **values))
    return _back("settings.firm", "Firm saved.")


def _members(error: Invalid | None = None, *, values: Mapping[str, Any]) -> ResponseReturnValue:
    firm_id = auth.caller().firm_id
    people, waiting = accounts.list_members(firm_id), invitations.list_open(firm_id)
    return _page("members", error, values=values, people=people, invitations=waiting, roles=list(Role))


def _keys(error: Invalid | None = None, *, values: Mapping[str, Any], secret: str = "") -> ResponseReturnValue:
    found = [(key, _state(key)) for key in keys.list_keys(auth.caller().firm_id)]
    return _page("keys", error, values=values, secret=secret, keys=found, scopes=list(Scope))


def _firm(error: Invalid | None = None, *, values: Mapping[str, Any]) -> ResponseReturnValue:
    zones = sorted({*PLACES, auth.signed_in_member().firm.time_zone})
    return _page(
        "firm",
        error,
        values=values,
        zones=[(zone, zone) for zone in zones],
        countries=locales.countries(COUNTRIES),
        regions=locales.regions(regions.offered(values.get("region"))),
        stages=list(PROMISE_DAYS),
    )


def _page(area: str, error: Invalid | None = None, **context: Any) -> ResponseReturnValue:
    errors = forms.problems(error) if error else {}
    page = render_template(f"pages/settings/{area}.html", areas=areas(area), errors=errors, **context)
    return page, 422 if error else 200


def areas(current: str) -> list[dict[str, Any]]:
    """Return the links of the settings that this member may open."""
    role = auth.signed_in_member().role
    return [
        {"label": label, "url": url_for(endpoint), "current": area == current}
        for area, endpoint, label, for_whom in AREAS
        if role in for_whom
    ]


def _state(key: ApiKey) -> str:
    return "Revoked" if key.revoked_at else "In use" if keys.is_open(key) else "Ended"


def _new_key(name: str, scopes: list[Scope], last_day: dt.date | None) -> keys.CreateKey:
    """Return the key to make, open until its last day is over in the firm's zone. Raises ``Invalid``."""
    caller, zone = auth.caller(), auth.signed_in_member().firm.time_zone
    if last_day is not None and last_day < clock.today(zone):
        raise Invalid({"last_day": ["Choose a day in the future."]})
    next_day = last_day + dt.timedelta(days=1) if last_day else None
    ends = dt.datetime.combine(next_day, dt.time(), zoneinfo.ZoneInfo(zone)) if next_day else None
    return keys.CreateKey(firm_id=caller.firm_id, actor=caller.actor, name=name, scopes=scopes, expires_at=ends)


def _back(endpoint: str, message: str, category: str = "message") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for(endpoint), 303)
