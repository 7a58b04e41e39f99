"""A firm that is new sends little at first and more each day, so that mail servers get to know it."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.outbox.models import Attempt, AttemptOutcome, Message, MessageState

GROWTH = 1.5  # of the day before
DAYS = 30  # then it is known
_LEFT = (AttemptOutcome.ACCEPTED, AttemptOutcome.DOUBTFUL)


def allowance(first: int, day: int) -> int | None:
    """Return how many messages may leave on a day, counted from 0, after ``first`` on the first; None: any number."""
    return int(first * GROWTH**day) if first and day < DAYS else None


def left_today(session: Session, firm_id: uuid.UUID) -> int | None:
    """Return how many more of the firm's messages may be claimed today (UTC), or None without a limit."""
    first = config.current().mail_warm_up
    if not first:
        return None
    attempts = sa.select(Attempt.started_at).where(Attempt.firm_id == firm_id)
    begun = session.scalar(attempts.order_by(Attempt.id).limit(1))
    most = allowance(first, (clock.now().date() - begun.date()).days if begun else 0)
    return None if most is None else max(0, most - _used(session, firm_id))


def tomorrow() -> dt.datetime:
    """Return when the next day begins (UTC)."""
    return dt.datetime.combine(clock.now().date() + dt.timedelta(days=1), dt.time(), dt.UTC)


def _used(session: Session, firm_id: uuid.UUID) -> int:
    """Count what left today or is about to."""
    today = tomorrow() - dt.timedelta(days=1)
    left = sa.select(sa.func.count()).where(
        Attempt.firm_id == firm_id,
        Attempt.id >= _first_id(today),  # the index that there is; ids begin with the time
        Attempt.started_at >= today,
        Attempt.outcome.in_(_LEFT),
    )
    about_to = sa.select(sa.func.count()).where(
        Message.firm_id == firm_id, Message.state.in_([MessageState.LEASED, MessageState.SENDING])
    )
    return session.scalars(left).one() + session.scalars(about_to).one()


def _first_id(moment: dt.datetime) -> uuid.UUID:
    """Return the least UUIDv7 of a moment (RFC 9562, 5.7)."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
