"""The forms of the follow-up log: a contact, a pasted reply, and what to do about a reminder."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from recruiter import clock
from recruiter.accounts import auth
from recruiter.applications import queries as applications
from recruiter.candidates import queries as candidates
from recruiter.checker.document import Finding
from recruiter.contacts import service
from recruiter.contacts.models import Direction, Outcome
from recruiter.contacts.schemas import ContactForm, ReplyForm, SnoozeForm
from recruiter.contacts.service import FinishReminder, LogContact, SnoozeReminder
from recruiter.db.session import reading
from recruiter.errors import Invalid
from recruiter.feedback import asked
from recruiter.feedback.asked import ToConsider
from recruiter.web import forms

pages = Blueprint("contacts", __name__)
pages.before_request(auth.require_member)

Values = MultiDict[str, str]


@pages.get("/candidates/<uuid:candidate_id>/contact")
@auth.roles(*auth.WRITERS)
def contact_form(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form "Log contact"; its fields may be given in the query."""
    return _form("log", candidate_id, request.args, {})


@pages.post("/candidates/<uuid:candidate_id>/contact")
def log_contact(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Log the contact and go back to the record."""
    try:
        service.log(_contact(candidate_id, forms.load(ContactForm, request.form)))
    except ToConsider as error:
        return _form("log", candidate_id, request.form, {}, error.findings), 422
    except Invalid as error:
        return _form("log", candidate_id, request.form, forms.problems(error)), 422
    return _back("Contact logged.", _record(candidate_id))


@pages.get("/candidates/<uuid:candidate_id>/reply")
@auth.roles(*auth.WRITERS)
def reply_form(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form "Log reply"."""
    return _form("reply", candidate_id, request.args, {})


@pages.post("/candidates/<uuid:candidate_id>/reply")
def log_reply(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the person wrote as an inbound contact, which also waits on Today."""
    try:
        values = forms.load(ReplyForm, request.form)
        values["happened_at"] = _aware(values["happened_at"])
        service.log(_command(candidate_id, direction=Direction.INBOUND, outcome=Outcome.SENT, **values))
    except Invalid as error:
        return _form("reply", candidate_id, request.form, forms.problems(error)), 422
    return _back("Reply logged. It waits on Today until somebody answers.", _record(candidate_id))


@pages.post("/reminders/<uuid:reminder_id>/done")
def finish(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Mark the reminder as done and go back to Today."""
    caller = auth.caller()
    service.finish_reminder(FinishReminder(firm_id=caller.firm_id, actor=caller.actor, reminder_id=reminder_id))
    return _back("Reminder done.", url_for("desk.show"))


@pages.post("/reminders/<uuid:reminder_id>/snooze")
def snooze(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Move the reminder to the given day, or by the given number of days, and go back to Today."""
    caller, values = auth.caller(), forms.load(SnoozeForm, request.form)
    until = values["until"] or _today() + dt.timedelta(days=values["days"])
    service.snooze_reminder(
        SnoozeReminder(firm_id=caller.firm_id, actor=caller.actor, reminder_id=reminder_id, until=until)
    )
    return _back("Reminder moved.", url_for("desk.show"))


def _form(
    view: str, candidate_id: uuid.UUID, values: Values, errors: dict[str, str], noted: Sequence[Finding] = ()
) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        person = candidates.get_present(session, firm_id, candidate_id)
        about = applications.of_candidate(session, firm_id, candidate_id)
        shown = [(each.id, each.job.title) for each in about]
    return render_template(
        f"pages/contacts/{view}.html",
        person=person,
        applications=shown,
        outcomes=[(outcome.value, outcome.label) for outcome in Outcome],
        values=values,
        errors=errors,
        noted=noted,
        shown=asked.names(noted),
        now=forms.wall_clock(clock.now(), _zone()),
    )


def _contact(candidate_id: uuid.UUID, values: dict[str, Any]) -> LogContact:
    remind, picked = values.pop("remind"), values.pop("remind_on")
    if remind == "pick" and picked is None:
        raise Invalid({"remind_on": ["Choose the day of the reminder."]})
    days = dt.timedelta(days=int(remind)) if remind.isdigit() else None
    values["remind_on"] = _today() + days if days else picked if remind else None
    values["happened_at"] = _aware(values["happened_at"])
    return _command(candidate_id, shown=forms.shown(request.form), **values)


def _command(candidate_id: uuid.UUID, **values: Any) -> LogContact:
    caller = auth.caller()
    return LogContact(firm_id=caller.firm_id, actor=caller.actor, candidate_id=candidate_id, **values)


def _record(candidate_id: uuid.UUID) -> str:
    return url_for("record.show", candidate_id=candidate_id)


def _back(message: str, url: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url, 303)


def _aware(local: dt.datetime) -> dt.datetime:
    return clock.from_local(local, _zone())


def _today() -> dt.date:
    return clock.today(_zone())


def _zone() -> str:
    return auth.signed_in_member().firm.time_zone
