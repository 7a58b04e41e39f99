"""Settings: what every area shows around it; my profile for everybody, and the firm for admins."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from recruiter.accounts import auth, sign_in
from recruiter.accounts import service as accounts
from recruiter.accounts.models import Role
from recruiter.accounts.schemas import FirmForm, ProfileForm
from recruiter.errors import Invalid
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
    ("members", "members.show", "Members", ADMINS),
    ("keys", "api_keys.show", "API keys", ADMINS),
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
    return page("profile", values=values)


@pages.post("/profile")
@everybody
def keep_profile() -> ResponseReturnValue:
    """Keep what the member says about themself."""
    member = auth.signed_in_member()
    try:
        values = forms.load(ProfileForm, request.form)
    except Invalid as error:
        return page("profile", error, values=request.form)
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


def _firm(error: Invalid | None = None, *, values: Mapping[str, Any]) -> ResponseReturnValue:
    zones = sorted({*PLACES, auth.signed_in_member().firm.time_zone})
    return page(
        "firm",
        error,
        values=values,
        zones=[(zone, zone) for zone in zones],
        countries=locales.countries(COUNTRIES),
        regions=locales.regions(regions.offered(values.get("region"))),
        stages=list(PROMISE_DAYS),
    )


def page(area: str, error: Invalid | None = None, **context: Any) -> ResponseReturnValue:
    """Answer an area of the settings, with what is wrong with its form."""
    errors = forms.problems(error) if error else {}
    shown = render_template(f"pages/settings/{area}.html", areas=areas(area), errors=errors, **context)
    return shown, 422 if error else 200


def areas(current: str) -> list[dict[str, Any]]:
    """Return the links of the settings that this member may open."""
    role = auth.signed_in_member().role
    return [
        {"label": label, "url": url_for(endpoint), "current": area == current}
        for area, endpoint, label, for_whom in AREAS
        if role in for_whom
    ]


def _back(endpoint: str, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for(endpoint), 303)
