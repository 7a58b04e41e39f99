"""Keeping the follow-up log: what was said, whether the person was told, and the next step."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.applications import queries as applications
from recruiter.applications import service as promises
from recruiter.applications import tellings
from recruiter.applications.models import Application, News, Way
from recruiter.applications.tellings import Proof
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.candidates import service as people
from recruiter.checker import service as checker
from recruiter.checker.document import Context, Finding
from recruiter.contacts import queries
from recruiter.contacts.models import Contact, ContactKind, Direction, Outcome, Reminder, Told
from recruiter.db import receipts
from recruiter.db.session import transaction
from recruiter.errors import Conflict, Invalid, named_by
from recruiter.feedback import tally

NOT_REACHED = frozenset({Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE})


class ReminderDone(Conflict):
    """The reminder is done already, so its day cannot move."""

    code = "reminder_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact:
    """One contact, as it happened. ``happened_at`` is aware; ``remind_on`` is a day in the firm's time zone.

    ``notice_id`` is the notice, known to be the firm's, whose call script was used. ``shown`` names the findings about
    the note that whoever logs has seen, None where nobody is asked.
    """

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    kind: ContactKind
    direction: Direction
    outcome: Outcome
    happened_at: dt.datetime
    application_id: uuid.UUID | None = None
    note: str = ""
    told: Told | None = None
    remind_on: dt.date | None = None
    notice_id: uuid.UUID | None = None
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishReminder:
    """The next step was taken."""

    firm_id: uuid.UUID
    actor: Actor
    reminder_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeReminder:
    """The next step waits until another day, in the firm's time zone."""

    firm_id: uuid.UUID
    actor: Actor
    reminder_id: uuid.UUID
    until: dt.date


def log(command: LogContact) -> Contact:
    """Add the contact; ``told`` also keeps or moves the application's promise, ``remind_on`` sets a reminder.

    Raises ``NotFound`` for a candidate or application that this firm does not have, ``Conflict`` for an erased
    person, ``Invalid`` for a time in the future, a reminder in the past, an application of somebody else, and for
    ``told`` without an application or when the person was not reached, and ``ToConsider`` for what the check asks about
    the note and nobody was shown.
    """
    with transaction(command.firm_id) as session:
        with named_by("candidate_id"):
            candidates.get_for_update(session, command.firm_id, command.candidate_id)  # before the application
        _check(session, command)
        tally.keep(session, command.firm_id, findings(command), command.shown)
        application = _about(session, command)
        contact = _add(session, command)
        if command.outcome in queries.REACHED:
            people.contacted(session, command.firm_id, [command.candidate_id], command.happened_at)
        if application is not None:
            _tell(session, application, command, contact.id)
        if command.remind_on is not None:
            _remind(session, contact, command.actor, command.remind_on)
        receipts.finish(session, command.firm_id, contact.id)
    return contact


def findings(contact: LogContact | Contact) -> list[Finding]:
    """Return what the checker says about the note; it warns and never blocks, since the person may ask to see it.

    What a candidate wrote is theirs and is not looked at.
    """
    if contact.direction is Direction.INBOUND or not contact.note:
        return []
    return checker.check_text(contact.note, "internal", Context())


def finish_reminder(command: FinishReminder) -> Reminder:
    """Mark the reminder as done; doing so again changes nothing. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        reminder = queries.get_reminder(session, command.firm_id, command.reminder_id)
        if reminder.done_at is None:
            reminder.done_at = clock.now()
            _record(session, command.actor, reminder, "reminder.done")
        receipts.finish(session, command.firm_id, reminder.id, status=200)
    return reminder


def snooze_reminder(command: SnoozeReminder) -> Reminder:
    """Move the reminder to another day. Raises ``NotFound``, ``ReminderDone``, or ``Invalid`` for a day in the past."""
    with transaction(command.firm_id) as session:
        reminder = queries.get_reminder(session, command.firm_id, command.reminder_id)
        if reminder.done_at is not None:
            raise ReminderDone("This reminder is done. Log a contact to set a new one.")
        _check_day(session, command.firm_id, "until", command.until)
        reminder.due_on = command.until
        _record(session, command.actor, reminder, "reminder.snoozed")
        receipts.finish(session, command.firm_id, reminder.id, status=200)
    return reminder


def _check(session: Session, command: LogContact) -> None:
    if clock.is_ahead(command.happened_at):
        raise Invalid({"happened_at": ["This is in the future. Log a contact after it happened."]})
    if command.remind_on is not None:
        _check_day(session, command.firm_id, "remind_on", command.remind_on)
    if command.told is not None and command.outcome in NOT_REACHED:
        raise Invalid({"told": ["Nobody was reached, so nobody was told."]})


def _about(session: Session, command: LogContact) -> Application | None:
    if command.application_id is None:
        if command.told is not None:
            raise Invalid({"application_id": ["Say which application the person was told about."]})
        return None
    with named_by("application_id"):
        application = applications.get_for_update(session, command.firm_id, command.application_id)
    if application.candidate_id != command.candidate_id:
        raise Invalid({"application_id": ["This is an application of somebody else."]})
    return application


def _check_day(session: Session, firm_id: uuid.UUID, field: str, day: dt.date) -> None:
    firm = accounts.get_firm(session, firm_id)
    if day < clock.today(firm.time_zone):
        raise Invalid({field: ["This day has passed. Choose today or a later day."]})


def _add(session: Session, command: LogContact) -> Contact:
    contact = Contact(
        firm_id=command.firm_id,
        candidate_id=command.candidate_id,
        application_id=command.application_id,
        member_id=command.actor.member_id,
        kind=command.kind,
        direction=command.direction,
        outcome=command.outcome,
        happened_at=command.happened_at,
        note=command.note,
        told=command.told,
        notice_id=command.notice_id,
    )
    session.add(contact)
    session.flush()
    details: dict[str, object] = {
        "kind": contact.kind,
        "direction": contact.direction,
        "outcome": contact.outcome,
        "told": contact.told,
        "happened_at": contact.happened_at.isoformat(),
    }
    audit.record_of(session, contact, command.actor, "contact.logged", **details)
    return contact


def _tell(session: Session, application: Application, command: LogContact, contact_id: uuid.UUID) -> None:
    if command.told is None:
        return
    if command.told is Told.DECISION:
        promises.mark_told(session, application, command.actor, command.happened_at)
    else:
        promises.move_promise(session, application, command.actor)
    proof = Proof(News(command.told), Way(command.kind), contact_id, command.happened_at)
    tellings.keep(session, application, proof)


def _remind(session: Session, contact: Contact, actor: Actor, due_on: dt.date) -> None:
    reminder = Reminder(
        firm_id=contact.firm_id,
        candidate_id=contact.candidate_id,
        contact_id=contact.id,
        member_id=actor.member_id,
        due_on=due_on,
        note=contact.note,
    )
    session.add(reminder)
    session.flush()
    _record(session, actor, reminder, "reminder.set")


def _record(session: Session, actor: Actor, reminder: Reminder, action: str) -> None:
    audit.record_of(session, reminder, actor, action, due_on=reminder.due_on.isoformat())
