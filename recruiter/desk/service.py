"""Putting items of Today away: done, or snoozed until a time."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.contacts.models import Contact, Reminder
from recruiter.db import locks
from recruiter.db.base import FirmRow
from recruiter.db.session import transaction
from recruiter.desk.models import DeskMark, ItemKind
from recruiter.errors import Invalid, NotFound
from recruiter.notices.models import Notice
from recruiter.portal.models import Response
from recruiter.talent_pool.models import Membership

LATER_TODAY = dt.timedelta(hours=3)
MORNING = dt.time(8, 30)

ROWS: dict[ItemKind, type[FirmRow]] = {
    ItemKind.OVERDUE: Application,
    ItemKind.MISSING: Application,
    ItemKind.PROBLEM: Notice,
    ItemKind.RESPONSE: Response,
    ItemKind.CONTACT: Contact,
    ItemKind.REMINDER: Reminder,
    ItemKind.CONSENT: Membership,
    ItemKind.DUTY: Application,
    ItemKind.DUTY_ENDS: Application,
    ItemKind.READING: Notice,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAway:
    """An item of Today that a member is done with, or with ``until`` does not want to see before then.

    ``until`` is ``today`` (in three hours), ``tomorrow`` or ``monday`` (at 08:30 in the firm's zone).
    """

    firm_id: uuid.UUID
    actor: Actor
    kind: ItemKind
    subject_id: uuid.UUID
    until: str | None = None


def put_away(command: PutAway) -> None:
    """Mark the item; marking it again replaces the mark. Raises ``NotFound`` and ``Invalid``."""
    with transaction(command.firm_id) as session:
        candidate_id = _candidate(session, command)
        locks.hold(session, command.firm_id, f"item {command.kind} {command.subject_id}")
        mark = session.scalar(sa.select(DeskMark).where(*_same(command))) or DeskMark(
            firm_id=command.firm_id, kind=command.kind, subject_id=command.subject_id, candidate_id=candidate_id
        )
        mark.member_id = command.actor.member_id
        mark.marked_at = clock.now()
        mark.snoozed_until = _moment(session, command) if command.until else None
        session.add(mark)
        _record(session, command, candidate_id, "item.snoozed" if command.until else "item.done")


def bring_back(command: PutAway) -> None:
    """Take the mark off again; an item without one stays as it is. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        candidate_id = _candidate(session, command)
        taken_off = session.scalar(sa.delete(DeskMark).where(*_same(command)).returning(DeskMark.id))
        if taken_off is not None:
            _record(session, command, candidate_id, "item.brought_back")


def _candidate(session: Session, command: PutAway) -> uuid.UUID:
    table = sa.inspect(ROWS[command.kind]).local_table
    found = session.scalar(
        sa.select(table.c.candidate_id).where(table.c.firm_id == command.firm_id, table.c.id == command.subject_id)
    )
    if found is None:
        raise NotFound("This item is not here.")
    return uuid.UUID(str(found))


def _same(command: PutAway) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        DeskMark.firm_id == command.firm_id,
        DeskMark.kind == command.kind,
        DeskMark.subject_id == command.subject_id,
    )


def _record(session: Session, command: PutAway, candidate_id: uuid.UUID, action: str) -> None:
    change = Change(
        action=action, subject_id=command.subject_id, candidate_id=candidate_id, details={"kind": command.kind}
    )
    audit.record(session, command.firm_id, command.actor, change)


def _moment(session: Session, command: PutAway) -> dt.datetime:
    zone = accounts.get_firm(session, command.firm_id).time_zone
    today = clock.today(zone)
    days = {"today": 0, "tomorrow": 1, "monday": 7 - today.weekday()}.get(command.until or "")
    if days is None:
        raise Invalid({"until": ["Choose later today, tomorrow or Monday."]})
    if days == 0:
        return clock.now() + LATER_TODAY
    return clock.from_local(dt.datetime.combine(today + dt.timedelta(days=days), MORNING), zone)
