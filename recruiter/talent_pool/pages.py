"""The talent pool for members: who fits a role and why, an invitation, and a yes with its evidence."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from recruiter.accounts import auth
from recruiter.accounts import queries as accounts
from recruiter.candidates import queries as candidates
from recruiter.checker import service as checker
from recruiter.checker.document import Finding
from recruiter.db.session import reading
from recruiter.errors import Conflict, DomainError, Invalid, RuleBroken
from recruiter.feedback import asked
from recruiter.feedback.asked import ToConsider
from recruiter.talent_pool import invitations, presentation, queries, renewal, service
from recruiter.talent_pool.invitations import Invite, MustFix, Withdraw
from recruiter.talent_pool.models import Membership
from recruiter.talent_pool.presentation import Asked
from recruiter.talent_pool.renewal import Ask
from recruiter.talent_pool.schemas import InvitationForm, JoinForm, PoolForm
from recruiter.talent_pool.search import Filters
from recruiter.talent_pool.service import PURPOSE, Join, Leave
from recruiter.web import forms

pages = Blueprint("talent_pool", __name__)
pages.before_request(auth.require_member)

Values = MultiDict[str, str]
# What a form on the page may narrow by; an address that names nothing of it shows everybody.
NARROWING = ("q", "place", "language", "ends_before")
UNTIL_IT_LEAVES = "You can take it back in the Outbox until it leaves."


@pages.get("/pool")
@auth.roles(*auth.WRITERS)
def pool() -> ResponseReturnValue:
    """Show the pool, narrowed and in the order of a role when one is to be filled."""
    member = auth.signed_in_member()
    asked = _asked(forms.load(PoolForm, request.args))
    with reading(member.firm_id) as session:
        sheet = presentation.read(session, member.firm, asked)
    return render_template("pages/talent_pool/pool.html", sheet=sheet, address=_address, narrowing=NARROWING)


@pages.get("/pool/<uuid:membership_id>/invite")
@auth.roles(*auth.WRITERS)
def invitation_form(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Show the mail that would leave, and when."""
    _membership(membership_id)
    return _invitation(membership_id, request.args, {})


@pages.post("/pool/<uuid:membership_id>/invite")
def invite(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Queue the invitation, or show the mail again with what was added."""
    _membership(membership_id)
    if request.form.get("do") == "preview":
        return _invitation(membership_id, request.form, {})
    try:
        invitation = invitations.invite(_command(membership_id, request.form))
    except (MustFix, ToConsider) as error:
        return _invitation(membership_id, request.form, {"text": error.message})
    except (RuleBroken, Conflict) as error:
        return _refused(error)
    return _to_pool(f"The invitation is queued. {UNTIL_IT_LEAVES}", job_id=invitation.job_id)


@pages.post("/pool/invitations/<uuid:invitation_id>/withdraw")
def withdraw(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Take an invitation back and return to the Outbox."""
    caller = auth.caller()
    try:
        invitations.withdraw(Withdraw(firm_id=caller.firm_id, actor=caller.actor, invitation_id=invitation_id))
    except Conflict as error:
        return _refused(error)
    flash("The mail was taken back.")
    return redirect(url_for("outbox.show"), 303)


@pages.get("/pool/<uuid:membership_id>/renew")
@auth.roles(*auth.WRITERS)
def question(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Show the mail that asks whether they stay."""
    try:
        shown = renewal.preview(_ask(membership_id))
    except (RuleBroken, Conflict) as error:
        return _refused(error)
    return render_template("pages/talent_pool/renew.html", question=shown, leaves_at=invitations.leaves_at(shown.case))


@pages.post("/pool/<uuid:membership_id>/renew")
@auth.roles(*auth.WRITERS)
def renew(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Queue the mail that asks whether they stay, and go back to Today."""
    try:
        renewal.ask(_ask(membership_id))
    except (RuleBroken, Conflict) as error:
        return _refused(error)
    flash(f"The question is queued. {UNTIL_IT_LEAVES}")
    return redirect(url_for("desk.show"), 303)


@pages.get("/candidates/<uuid:candidate_id>/pool")
@auth.roles(*auth.WRITERS)
def join_form(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form by which a member records a yes that was given elsewhere."""
    return _join(candidate_id, request.args, {})


@pages.post("/candidates/<uuid:candidate_id>/pool")
def join(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the yes with its evidence and go back to the record."""
    try:
        service.join(_yes(candidate_id))
    except ToConsider as error:
        return _join(candidate_id, request.form, {}, error.findings), 422
    except Invalid as error:
        return _join(candidate_id, request.form, forms.problems(error)), 422
    flash("Added to the talent pool.")
    return redirect(url_for("record.show", candidate_id=candidate_id), 303)


@pages.post("/pool/<uuid:membership_id>/leave")
def leave(membership_id: uuid.UUID) -> ResponseReturnValue:
    """End a membership for a person who asked a member to, and go back to the record."""
    caller = auth.caller()
    ended = service.leave_pool(
        Leave(firm_id=caller.firm_id, actor=caller.actor, membership_id=membership_id, how="asked a member")
    )
    flash("No longer in the talent pool. What was queued for it is taken back.")
    return redirect(url_for("record.show", candidate_id=ended.candidate_id), 303)


def _asked(values: dict[str, Any]) -> Asked:
    ticked = frozenset(values["need"]) if values["asked"] == values["job_id"] else None
    return Asked(
        filters=Filters(**{name: values[name] for name in NARROWING}),
        job_id=values["job_id"],
        needs=ticked if values["job_id"] else None,
        everybody=values["everybody"],
        cursor=values["cursor"],
    )


def _address(**changes: str) -> str:
    """Return the address of this page with other values; an empty one is left out."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in {"cursor", *changes}]
    pairs = [*kept, *((name, value) for name, value in changes.items() if value)]
    return f"{url_for('talent_pool.pool')}?{urlencode(pairs)}"


def _membership(membership_id: uuid.UUID) -> Membership:
    """Return the membership; what another firm has is not there, whatever else the request says."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_membership(session, firm_id, membership_id)


def _ask(membership_id: uuid.UUID) -> Ask:
    caller = auth.caller()
    return Ask(firm_id=caller.firm_id, actor=caller.actor, membership_id=membership_id)


def _command(membership_id: uuid.UUID, values: Values) -> Invite:
    caller = auth.caller()
    return Invite(
        firm_id=caller.firm_id,
        actor=caller.actor,
        membership_id=membership_id,
        shown=forms.shown(values),
        **forms.load(InvitationForm, values),
    )


def _invitation(membership_id: uuid.UUID, values: Values, errors: dict[str, str]) -> ResponseReturnValue:
    try:
        command = _command(membership_id, values)
        shown = invitations.preview(command)
    except (RuleBroken, Conflict) as error:
        return _refused(error)
    page = render_template(
        "pages/talent_pool/invite.html",
        preview=shown,
        command=command,
        errors=errors,
        blocking=checker.blocking(shown.findings),
        shown=asked.names(shown.findings),
    )
    return page, 422 if errors else 200


def _refused(error: DomainError) -> ResponseReturnValue:
    """Go back to the pool and say why."""
    return _to_pool(" ".join(forms.problems(error).values()), "error")


def _to_pool(message: str, category: str = "message", **query: Any) -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("talent_pool.pool", **query), 303)


def _join(candidate_id: uuid.UUID, values: Values, errors: dict[str, str], noted: Sequence[Finding] = ()) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        person = candidates.get_present(session, firm_id, candidate_id)
        firm = accounts.get_firm(session, firm_id)
        earlier = queries.memberships_of(session, firm_id, candidate_id)
    return render_template(
        "pages/talent_pool/join.html",
        person=person,
        months=firm.pool_months,
        purpose=PURPOSE,
        earlier=earlier,
        values=values,
        errors=errors,
        noted=noted,
        shown=asked.names(noted),
    )


def _yes(candidate_id: uuid.UUID) -> Join:
    caller, values = auth.caller(), forms.load(JoinForm, request.form)
    values |= {"evidence": _evidence(values), "shown": forms.shown(request.form)}
    return Join(firm_id=caller.firm_id, actor=caller.actor, candidate_id=candidate_id, **values)


def _evidence(values: dict[str, Any]) -> dict[str, str]:
    """Take what proves the yes out of the form's values."""
    given = {"how": values.pop("how"), "at": values.pop("on"), "reference": values.pop("reference")}
    return {name: str(value) for name, value in given.items() if value is not None}
