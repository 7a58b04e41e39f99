"""The page that asks before a person is erased."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.accounts.models import Role
from recruiter.candidates import queries as candidates
from recruiter.db.session import reading
from recruiter.errors import Invalid
from recruiter.privacy import service
from recruiter.privacy.erasure import FileGoingIn
from recruiter.privacy.schemas import EraseForm
from recruiter.privacy.service import Erase, MailLeaving, Reason
from recruiter.web import forms

pages = Blueprint("privacy", __name__)
pages.before_request(auth.require_member)


@pages.get("/candidates/<uuid:candidate_id>/erase")
@auth.roles(Role.ADMIN, Role.PRIVACY)
def ask(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Say what happens and ask."""
    return _question(candidate_id, {})


@pages.post("/candidates/<uuid:candidate_id>/erase")
@auth.roles(Role.ADMIN, Role.PRIVACY)
def erase(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Erase the person and show the stub."""
    caller = auth.caller()
    try:
        values = forms.load(EraseForm, request.form)
        service.erase(Erase(firm_id=caller.firm_id, actor=caller.actor, candidate_id=candidate_id, **values))
    except (Invalid, MailLeaving, FileGoingIn) as error:
        return _question(candidate_id, forms.problems(error)), 422
    flash("Erased.")
    return redirect(url_for("places.show_record", candidate_id=candidate_id), 303)


def _question(candidate_id: uuid.UUID, errors: dict[str, str]) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        candidate = candidates.get_present(session, firm_id, candidate_id)
    reasons = [(reason.name, reason.value) for reason in Reason]
    return render_template("pages/privacy/erase.html", candidate=candidate, reasons=reasons, errors=errors)
