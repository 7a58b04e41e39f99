"""The candidate's record, and the call that tells them a decision."""

import uuid
from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter import clock
from recruiter.accounts import auth
from recruiter.checker.document import Finding
from recruiter.contacts import service as contacts
from recruiter.db.session import reading
from recruiter.desk import calls, record
from recruiter.desk.calls import Call
from recruiter.desk.schemas import CallForm
from recruiter.errors import Invalid
from recruiter.feedback import asked
from recruiter.feedback.asked import ToConsider
from recruiter.notices import script
from recruiter.notices.script import NothingToTell
from recruiter.web import forms

pages = Blueprint("record", __name__)
pages.before_request(auth.require_member)


@pages.get("/candidates/<uuid:candidate_id>")
@auth.roles(*auth.EVERYONE)
def show(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show everything said to and by one person."""
    member = auth.signed_in_member()
    auth.require_privacy_request(candidate_id)
    with reading(member.firm_id) as session:
        found = record.read(session, member.firm, candidate_id)
    return render_template("pages/desk/record.html", record=found, sees_contacts=auth.caller().sees_contacts)


@pages.get("/applications/<uuid:application_id>/call")
@auth.roles(*auth.WRITERS)
def call_script(application_id: uuid.UUID) -> ResponseReturnValue:
    """Show what to say on a call that tells the decision."""
    try:
        return _call_script(application_id, {}, {})
    except NothingToTell as error:
        flash(error.message, "error")
        return redirect(url_for("applications.show", application_id=application_id))


@pages.post("/applications/<uuid:application_id>/call")
def log_call(application_id: uuid.UUID) -> ResponseReturnValue:
    """Keep that the person was told on a call, with the notice that was read from."""
    zone = auth.signed_in_member().firm.time_zone
    try:
        contact = calls.contact(_call(application_id), zone)
        contacts.log(contact)
    except ToConsider as error:
        return _call_script(application_id, request.form, {}, error.findings), 422
    except Invalid as error:
        return _call_script(application_id, request.form, forms.problems(error)), 422
    flash("Logged. The promise is kept: they know the decision.")
    return redirect(url_for("record.show", candidate_id=contact.candidate_id), 303)


def _call(application_id: uuid.UUID) -> Call:
    """Return the call that the form tells of; raise ``Invalid``."""
    caller, member, shown = auth.caller(), auth.signed_in_member(), forms.shown(request.form)
    values = forms.load(CallForm, request.form)
    return Call(caller.firm_id, caller.actor, application_id, **values, caller=member.name, shown=shown)


def _call_script(
    application_id: uuid.UUID, values: Mapping[str, str], errors: dict[str, str], noted: Sequence[Finding] = ()
) -> str:
    member = auth.signed_in_member()
    now = forms.wall_clock(clock.now(), member.firm.time_zone)
    return render_template(
        "pages/desk/call.html",
        script=script.read(member.firm_id, application_id, member.name),
        values={"happened_at": now} | dict(values),
        errors=errors,
        noted=noted,
        shown=asked.names(noted),
    )
