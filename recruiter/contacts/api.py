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

contacts_blp = ApiBlueprint("contacts", __name__, url_prefix="/contacts", description="The follow-up log")
contacts_blp.before_request(auth.require_key)

reminders_blp = ApiBlueprint("reminders", __name__, url_prefix="/reminders", description="Dated next steps")
reminders_blp.before_request(auth.require_key)


def _contact(contact_id: uuid.UUID) -> Contact:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_contact(session, firm_id, contact_id)


def _reminder(reminder_id: uuid.UUID) -> Reminder:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_reminder(session, firm_id, reminder_id)


@contacts_blp.post("")
@contacts_blp.arguments(ContactBody)
@contacts_blp.response(201, ContactAnswer)
@idempotent(_contact)
def log(body: dict[str, Any]) -> Contact:
    """Log a contact; `told` keeps or moves the promise, `remind_on` sets a reminder."""
    caller = auth.caller()
    return service.log(LogContact(firm_id=caller.firm_id, actor=caller.actor, **body))


@contacts_blp.get("")
@contacts_blp.arguments(ContactsQuery, location="query")
@contacts_blp.response(200, ContactsAnswer)
def contact_list(query: dict[str, Any]) -> Page[Contact]:
    """List contacts, the latest first."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.contacts(session, firm_id, window(query), **query)


@contacts_blp.get("/<uuid:contact_id>")
@contacts_blp.etag
@contacts_blp.response(200, ContactAnswer)
def contact(contact_id: uuid.UUID) -> Contact:
    """Read one contact."""
    return _contact(contact_id)


@reminders_blp.get("")
@reminders_blp.arguments(RemindersQuery, location="query")
@reminders_blp.response(200, RemindersAnswer)
def reminder_list(query: dict[str, Any]) -> Page[Reminder]:
    """List open reminders by their day."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.reminders(session, firm_id, window(query), **query)


@reminders_blp.get("/<uuid:reminder_id>")
@reminders_blp.etag
@reminders_blp.response(200, ReminderAnswer)
def reminder(reminder_id: uuid.UUID) -> Reminder:
    """Read one reminder."""
    return _reminder(reminder_id)


@reminders_blp.post("/<uuid:reminder_id>/done")
@reminders_blp.response(200, ReminderAnswer)
@idempotent(_reminder)
def finish(reminder_id: uuid.UUID) -> Reminder:
    """Mark a reminder as done; again changes nothing."""
    caller = auth.caller()
    return service.finish_reminder(FinishReminder(firm_id=caller.firm_id, actor=caller.actor, reminder_id=reminder_id))


@reminders_blp.post("/<uuid:reminder_id>/snooze")
@reminders_blp.arguments(SnoozeBody)
@reminders_blp.response(200, ReminderAnswer)
@idempotent(_reminder)
def snooze(body: dict[str, Any], reminder_id: uuid.UUID) -> Reminder:
    """Move a reminder to another day."""
    caller = auth.caller()
    return service.snooze_reminder(
        SnoozeReminder(firm_id=caller.firm_id, actor=caller.actor, reminder_id=reminder_id, **body)
    )
