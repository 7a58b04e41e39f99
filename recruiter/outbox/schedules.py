"""Mail that waits for a time of day: when that comes, by the rules that its zone has now."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import reading, transaction
from recruiter.outbox import streams
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.streams import Outcome

WORK = "schedules"
MOST = 500  # messages in one transaction


@dataclass(frozen=True, slots=True)
class _Plan:
    """What waits for one time of day, and when (UTC) that was thought to come."""

    zone: str
    local: str
    at: dt.datetime

    @property
    def comes_at(self) -> dt.datetime:
        """When it comes by today's rules (UTC); a zone that nobody knows any more leaves it where it was."""
        try:
            return clock.from_local(dt.datetime.fromisoformat(self.local), self.zone)
        except ZoneInfoNotFoundError:
            return self.at


def resolve_all() -> int:
    """Where a country moves its clocks otherwise than it had said, let what waits leave at the same time of day.

    Return how many mails leave at another moment than was meant.
    """
    ZoneInfo.clear_cache()  # the rules may have been brought up to date under a process that runs
    return sum(_resolve(firm_id) for firm_id in firms_with(Due.ALL, clock.now()))


def _resolve(firm_id: uuid.UUID) -> int:
    return sum(_move_all(firm_id, plan) for plan in _plans(firm_id) if plan.comes_at != plan.at)


def _plans(firm_id: uuid.UUID) -> list[_Plan]:
    zone, local = sa.type_coerce(Message.due_zone, sa.String), sa.type_coerce(Message.due_local, sa.String)
    waiting = sa.select(zone, local, Message.first_due_at).where(
        Message.firm_id == firm_id,
        Message.state == MessageState.QUEUED,
        Message.due_at > clock.now(),
        Message.first_due_at > clock.now(),  # what came to its time and waits for something else keeps to that
        Message.due_zone.is_not(None),
    )
    with reading(firm_id) as session:
        return [_Plan(*row) for row in session.execute(waiting.distinct())]


def _move_all(firm_id: uuid.UUID, plan: _Plan) -> int:
    moved, last = 0, MOST
    while last == MOST:
        with transaction(firm_id) as session:
            last = _move(session, firm_id, plan)
        moved += last
    return moved


def _move(session: Session, firm_id: uuid.UUID, plan: _Plan) -> int:
    """Move some of the plan; nothing moves before the end of its hold. What somebody holds just now stays."""
    comes_at = plan.comes_at
    waiting = sa.select(Message).where(
        Message.firm_id == firm_id,
        Message.state == MessageState.QUEUED,
        Message.due_zone == plan.zone,
        Message.due_local == plan.local,
        Message.first_due_at == plan.at,
        sa.or_(sa.literal(comes_at > plan.at), Message.not_before < plan.at),
    )
    messages = session.scalars(waiting.limit(MOST).with_for_update(skip_locked=True)).all()
    for message in messages:
        assert message.not_before is not None, "what waits for a time of day has it"  # noqa: S101
        at = max(comes_at, message.not_before)
        message.not_after = message.not_after and message.not_after + (at - plan.at)
        message.due_at = message.first_due_at = at
        audit.record_of(session, message, SYSTEM, "mail.moved", leaves_at=at.isoformat())
    streams.tell(session, messages, Outcome.MOVED)
    return len(messages)
