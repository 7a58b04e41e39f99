"""Reading the follow-up log: contacts, reminders, and replies that nobody answered yet."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from recruiter.contacts.models import Contact, Direction, Outcome, Reminder
from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.db.parameters import Day, FirmId
from recruiter.errors import NotFound

REACHED = (Outcome.SPOKE, Outcome.LEFT_MESSAGE, Outcome.SENT)
WRITTEN = (Outcome.LEFT_MESSAGE, Outcome.SENT)


def get_contact(session: Session, firm_id: uuid.UUID, contact_id: uuid.UUID) -> Contact:
    """Return one entry of the log, or raise ``NotFound``."""
    found = session.scalar(sa.select(Contact).where(Contact.firm_id == firm_id, Contact.id == contact_id))
    if found is None:
        raise NotFound("There is no such contact.")
    return found


def contacts(
    session: Session, firm_id: uuid.UUID, window: Window, *, candidate_id: uuid.UUID | None = None
) -> Page[Contact]:
    """Return the log, the latest contact first, of one candidate when one is given."""
    query = sa.select(Contact).where(Contact.firm_id == firm_id)
    if candidate_id is not None:
        query = query.where(Contact.candidate_id == candidate_id)
    return keyset.page(session, query, (Contact.happened_at, Contact.id), window, newest_first=True)


def is_waiting_reply(firm_id: FirmId) -> sa.ColumnElement[bool]:
    """Return the condition of what people wrote or left as a message and nobody got back to.

    A later contact of ours that reached the person is the answer; an attempt nobody picked up is not.
    """
    later = aliased(Contact)
    answered = (
        sa.select(later.id)
        .where(
            later.firm_id == Contact.firm_id,
            later.candidate_id == Contact.candidate_id,
            later.happened_at > Contact.happened_at,
            sa.or_(
                sa.and_(later.direction == Direction.OUTBOUND, later.outcome.in_(REACHED)),
                later.outcome == Outcome.SPOKE,
            ),
        )
        .exists()
    )
    # As a literal, for an index that keeps these alone is not used for a value that comes later.
    inbound = Contact.direction == sa.literal_column(f"'{Direction.INBOUND}'")
    return sa.and_(Contact.firm_id == firm_id, inbound, Contact.outcome.in_(WRITTEN), ~answered)


def get_reminder(session: Session, firm_id: uuid.UUID, reminder_id: uuid.UUID) -> Reminder:
    """Return one reminder, or raise ``NotFound``."""
    found = session.scalar(sa.select(Reminder).where(Reminder.firm_id == firm_id, Reminder.id == reminder_id))
    if found is None:
        raise NotFound("There is no such reminder.")
    return found


def reminders(
    session: Session,
    firm_id: uuid.UUID,
    window: Window,
    *,
    candidate_id: uuid.UUID | None = None,
    due_by: dt.date | None = None,
) -> Page[Reminder]:
    """Return open reminders by their day, of one candidate and up to a day (inclusive) when these are given."""
    query = sa.select(Reminder).where(Reminder.firm_id == firm_id, Reminder.done_at.is_(None))
    if candidate_id is not None:
        query = query.where(Reminder.candidate_id == candidate_id)
    if due_by is not None:
        query = query.where(Reminder.due_on <= due_by)
    return keyset.page(session, query, (Reminder.due_on, Reminder.id), window)


def is_due(firm_id: FirmId, today: Day) -> sa.ColumnElement[bool]:
    """Return the condition of open reminders whose day has come by ``today`` (the firm's day)."""
    return sa.and_(Reminder.firm_id == firm_id, Reminder.done_at.is_(None), Reminder.due_on <= today)
