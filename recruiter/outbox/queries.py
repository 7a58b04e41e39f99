"""Reading messages, attempts and what the worker must know of a firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.errors import NotFound
from recruiter.outbox.models import ENDED_UNSENT, Attempt, MailStop, Message, MessageState
from recruiter.outbox.replies import Verdict

WAITING = frozenset({MessageState.QUEUED, MessageState.LEASED, MessageState.SENDING})
SENT = frozenset({MessageState.ACCEPTED})
PROBLEMS = ENDED_UNSENT | {MessageState.DOUBTFUL}

# These tables belong to features above; the outbox needs these facts of them.
_firms = sa.table(
    "firms", sa.column("id", sa.Uuid()), sa.column("is_sample", sa.Boolean()), sa.column("holds_doubtful", sa.Boolean())
)
_candidates = sa.table("candidates", sa.column("id", sa.Uuid()), sa.column("firm_id", sa.Uuid()))


def get_message(session: Session, firm_id: uuid.UUID, message_id: uuid.UUID) -> Message:
    """Return the message; raise ``NotFound``."""
    found = session.scalar(sa.select(Message).where(Message.firm_id == firm_id, Message.id == message_id))
    if found is None:
        raise NotFound("There is no such message.")
    return found


def lock_message(session: Session, firm_id: uuid.UUID, message_id: uuid.UUID) -> Message:
    """Return the message, held until the caller's transaction ends; raise ``NotFound``."""
    wanted = sa.select(Message).where(Message.firm_id == firm_id, Message.id == message_id)
    found = session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound("There is no such message.")
    return found


def lock_messages(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Sequence[Message]:
    """Return these messages, the newest first, and make others who change them or their people wait.

    The people are held first, and all of them in one order, as by whoever writes to them or erases them.
    """
    wanted = sa.and_(Message.firm_id == firm_id, Message.id.in_(ids))
    people = sa.select(_candidates.c.id).where(
        _candidates.c.firm_id == firm_id, _candidates.c.id.in_(sa.select(Message.candidate_id).where(wanted))
    )
    session.execute(people.order_by(_candidates.c.id).with_for_update(key_share=True))
    messages = sa.select(Message).where(wanted).order_by(Message.id.desc()).with_for_update()
    return session.scalars(messages.execution_options(populate_existing=True)).all()


def attempts_of(session: Session, firm_id: uuid.UUID, message_id: uuid.UUID) -> Sequence[Attempt]:
    """Return every try of the message, the first first."""
    return session.scalars(
        sa.select(Attempt).where(Attempt.firm_id == firm_id, Attempt.message_id == message_id).order_by(Attempt.number)
    ).all()


def is_sample_firm(session: Session, firm_id: uuid.UUID) -> bool:
    """Whether the firm's mail goes to files whatever the settings say."""
    return bool(session.scalar(sa.select(_firms.c.is_sample).where(_firms.c.id == firm_id)))


def holds_doubtful(session: Session, firm_id: uuid.UUID) -> bool:
    """Whether the firm wants a person to decide before a mail that may have arrived is sent once more."""
    return bool(session.scalar(sa.select(_firms.c.holds_doubtful).where(_firms.c.id == firm_id)))


def lock_firm(session: Session, firm_id: uuid.UUID, *, shared: bool = False) -> None:
    """Let whoever stops this firm's mail and whoever claims it, ``shared``, wait for each other."""
    wanted = sa.select(_firms.c.id).where(_firms.c.id == firm_id)
    session.execute(wanted.with_for_update(read=shared, key_share=not shared))


def open_stop(session: Session, firm_id: uuid.UUID) -> MailStop | None:
    """Return the firm's stop that has not ended, or None."""
    return session.scalar(sa.select(MailStop).where(MailStop.firm_id == firm_id, MailStop.ended_at.is_(None)))


def last_resumed_at(session: Session, firm_id: uuid.UUID) -> dt.datetime | None:
    """Return when the firm's mail was last let go again (UTC), or None."""
    return session.scalar(sa.select(sa.func.max(MailStop.ended_at)).where(MailStop.firm_id == firm_id))


def count_refusals(session: Session, firm_id: uuid.UUID, since: dt.datetime) -> int:
    """Return how many tries, begun after ``since`` (UTC), were refused because of who we are."""
    return session.scalars(
        sa.select(sa.func.count()).where(
            Attempt.firm_id == firm_id, Attempt.verdict == Verdict.SENDER_REFUSED, Attempt.started_at > since
        )
    ).one()
