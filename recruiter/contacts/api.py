"""The follow-up log in the REST API."""

import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.contacts import queries, service
from recruiter.contacts.models import Contact, Reminder
from recruiter.contacts.schemas import (
    ContactAnswer,
    ContactBody,
    ContactsAnswer,
    ContactsQuery,
    ReminderAnswer,
    RemindersAnswer,
    RemindersQuery,
    SnoozeBody,
)
from recruiter.contacts.service import FinishReminder, LogContact, SnoozeReminder
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import window

contacts = ApiBlueprint("contacts", __name__, url_prefix="/contacts", description="The follow-up log")
contacts.before_request(auth.require_key)

reminders = ApiBlueprint("reminders", __name__, url_prefix="/reminders", description="Dated next steps")
reminders.before_request(auth.require_key)


def _contact(contact_id: uuid.UUID) -> Contact:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_contact(session, firm_id, contact_id)


def _reminder(reminder_id: uuid.UUID) -> Reminder:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_reminder(session, firm_id, reminder_id)


@contacts.post("")
@contacts.arguments(ContactBody)
@contacts.response(201, ContactAnswer)
@idempotent(_contact)
def log(body: dict[str, Any]) -> Contact:
    """Log a contact; `told` keeps or moves the promise, `remind_on` sets a reminder."""
    caller = auth.caller()
    return service.log(LogContact(firm_id=caller.firm_id, actor=caller.actor, **body))


@contacts.get("")
@contacts.arguments(ContactsQuery, location="query")
@contacts.response(200, ContactsAnswer)
def contact_list(query: dict[str, Any]) -> Page[Contact]:
    """List contacts, the latest first."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.contacts(session, firm_id, window(query), **query)


@contacts.get("/<uuid:contact_id>")
@contacts.etag
@contacts.response(200, ContactAnswer)
def contact(contact_id: uuid.UUID) -> Contact:
    """Read one contact."""
    return _contact(contact_id)


@reminders.get("")
@reminders.arguments(RemindersQuery, location="query")
@reminders.response(200, RemindersAnswer)
def reminder_list(query: dict[str, Any]) -> Page[Reminder]:
    """List open reminders by their day."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.reminders(session, firm_id, window(query), **query)


@reminders.get("/<uuid:reminder_id>")
@reminders.etag
@reminders.response(200, ReminderAnswer)
def reminder(reminder_id: uuid.UUID) -> Reminder:
    """Read one reminder."""
    return _reminder(reminder_id)


@reminders.post("/<uuid:reminder_id>/done")
@reminders.response(200, ReminderAnswer)
@idempotent(_reminder)
def finish(reminder_id: uuid.UUID) -> Reminder:
    """Mark a reminder as done; again changes nothing."""
    caller = auth.caller()
    return service.finish_reminder(FinishReminder(firm_id=caller.firm_id, actor=caller.actor, reminder_id=reminder_id))


@reminders.post("/<uuid:reminder_id>/snooze")
@reminders.arguments(SnoozeBody)
@reminders.response(200, ReminderAnswer)
@idempotent(_reminder)
def snooze(body: dict[str, Any], reminder_id: uuid.UUID) -> Reminder:
    """Move a reminder to another day."""
    caller = auth.caller()
    return service.snooze_reminder(
        SnoozeReminder(firm_id=caller.firm_id, actor=caller.actor, reminder_id=reminder_id, **body)
    )
