"""Who asked about their data, and the page that asks before a person is erased."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.accounts.models import Role
from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Asked, Candidate
from recruiter.candidates.queries import LegalHold
from recruiter.db.session import reading
from recruiter.errors import Invalid
from recruiter.privacy import service
from recruiter.privacy.erasure import FileGoingIn
from recruiter.privacy.schemas import EraseForm, HoldForm, RequestForm
from recruiter.privacy.service import Erase, MailLeaving, NoteRequest, Reason, SetHold
from recruiter.web import forms

pages = Blueprint("privacy", __name__)
pages.before_request(auth.require_member)
privacy_only = auth.roles(Role.ADMIN, Role.PRIVACY)


@pages.get("/settings/privacy")
@privacy_only
def requests() -> ResponseReturnValue:
    """Show whose requests are open, and ask for the next."""
    return _requests({}, {})


@pages.post("/settings/privacy")
@privacy_only
def note() -> ResponseReturnValue:
    """Note a request and show the person's record."""
    caller = auth.caller()
    try:
        values = forms.load(RequestForm, request.form)
        candidate = service.note_request(NoteRequest(firm_id=caller.firm_id, actor=caller.actor, **values))
    except Invalid as error:
        return _requests(request.form, forms.problems(error)), 422
    flash("Noted. It stands in their timeline, with your name in the log.")
    return redirect(url_for("record.show", candidate_id=candidate.id), 303)


@pages.get("/candidates/<uuid:candidate_id>/erase")
@privacy_only
def ask(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Say what happens and ask."""
    auth.require_privacy_request(candidate_id)
    return _question(candidate_id, {})


@pages.post("/candidates/<uuid:candidate_id>/erase")
@privacy_only
def erase(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Erase the person and show the stub."""
    caller = auth.caller()
    auth.require_privacy_request(candidate_id)
    try:
        values = forms.load(EraseForm, request.form)
        service.erase(Erase(firm_id=caller.firm_id, actor=caller.actor, candidate_id=candidate_id, **values))
    except (Invalid, LegalHold, MailLeaving, FileGoingIn) as error:
        return _question(candidate_id, forms.problems(error)), 422
    flash("Erased.")
    return redirect(url_for("record.show", candidate_id=candidate_id), 303)


@pages.get("/candidates/<uuid:candidate_id>/hold")
@privacy_only
def ask_hold(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Ask why they are put under a legal hold, or before theirs is lifted."""
    auth.require_privacy_request(candidate_id)
    return _hold_question(candidate_id, {})


@pages.post("/candidates/<uuid:candidate_id>/hold")
@privacy_only
def place_hold(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Put the person under a legal hold."""
    auth.require_privacy_request(candidate_id)
    try:
        reason = forms.load(HoldForm, request.form)["reason"]
    except Invalid as error:
        return _hold_question(candidate_id, forms.problems(error)), 422
    return _hold(candidate_id, reason, "Nothing about them is erased until the hold is lifted.")


@pages.post("/candidates/<uuid:candidate_id>/hold/lift")
@privacy_only
def lift_hold(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Lift the person's legal hold."""
    auth.require_privacy_request(candidate_id)
    return _hold(candidate_id, None, "The legal hold is lifted.")


def _hold(candidate_id: uuid.UUID, reason: str | None, said: str) -> ResponseReturnValue:
    caller = auth.caller()
    command = SetHold(firm_id=caller.firm_id, actor=caller.actor, candidate_id=candidate_id, reason=reason)
    service.set_hold(command)
    flash(said)
    return redirect(url_for("record.show", candidate_id=candidate_id), 303)


def _requests(values: Mapping[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "pages/privacy/requests.html",
        areas=settings.areas("privacy"),
        requests=service.open_requests(auth.caller().firm_id),
        kinds=[(asked.value, asked.words) for asked in Asked],
        values=values,
        errors=errors,
    )


def _question(candidate_id: uuid.UUID, errors: dict[str, str]) -> str:
    reasons = [(reason.name, reason.value) for reason in Reason]
    candidate = _candidate(candidate_id)
    return render_template("pages/privacy/erase.html", candidate=candidate, reasons=reasons, errors=errors)


def _hold_question(candidate_id: uuid.UUID, errors: dict[str, str]) -> str:
    return render_template("pages/privacy/hold.html", candidate=_candidate(candidate_id), errors=errors)


def _candidate(candidate_id: uuid.UUID) -> Candidate:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return candidates.get_present(session, firm_id, candidate_id)
