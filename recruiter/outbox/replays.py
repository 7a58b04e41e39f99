"""Mail that ended without leaving, sent again: the same message, tried anew."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict
from recruiter.outbox import queries, settlement, streams, suppressions
from recruiter.outbox.models import ENDED_UNSENT, Message, MessageState, StreamKind
from recruiter.outbox.replies import Verdict
from recruiter.outbox.service import TimeOfDay

BATCH = 500  # messages in one transaction
MOST = 5000  # messages in one go


class NotReplayable(Conflict):
    """The message cannot be sent again as it is; the words say what to do instead."""

    code = "not_replayable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One message to send again."""

    firm_id: uuid.UUID
    actor: Actor
    message_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAll:
    """Every message to send again that ended for a reason, one of ``REASONS``."""

    firm_id: uuid.UUID
    actor: Actor
    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """When (UTC) a message leaves that is sent again, as its stream wants it; as in ``service.NewMessage``."""

    due_at: dt.datetime
    not_after: dt.datetime
    time_of_day: TimeOfDay | None = None


@dataclass(slots=True)
class Replayed:
    """What became of several: when (UTC) they leave, and how many do not, by the words that say why."""

    leave_at: list[dt.datetime] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


Resume = Callable[[Session, Sequence[Message]], Mapping[uuid.UUID, Again | str]]
"""Takes messages of one firm and stream that ended, the newest first; the transaction holds them and their people.

It returns by id when each leaves, and lets what the message belongs to wait again; or in words why it cannot.
It takes a number of queries that does not grow with theirs.
"""

_resumes: dict[StreamKind, Resume] = {}

# Why mail ends, in the order in which the Outbox offers to look at it alone.
REASONS: dict[str, str] = {verdict.value: verdict.words for verdict in Verdict} | {
    MessageState.SUPPRESSED.value: "The address must not be written to.",
    MessageState.STOPPED.value: "Something changed before it left.",
    MessageState.EXPIRED.value: "It could not leave in time.",
    MessageState.DEAD.value: "It was tried often enough.",
}


def register(kind: StreamKind, resume: Resume) -> None:
    """Let messages of this kind be sent again; called by the application, once for each kind."""
    _resumes[kind] = resume


def reason() -> sa.ColumnElement[Any]:
    """Return the expression of why a message ended, one of ``REASONS``."""
    return sa.case(
        (Message.doubts > 0, Verdict.UNKNOWN_OUTCOME.value),
        (Message.problem_code.in_([verdict.value for verdict in Verdict]), Message.problem_code),
        else_=sa.type_coerce(Message.state, sa.String),
    )


def is_replayable() -> sa.ColumnElement[bool]:
    """Return the condition of messages that may be sent again, as far as they know themselves."""
    ended = sa.and_(Message.state.in_(ENDED_UNSENT), Message.doubts == 0, Message.recipient != "")
    return sa.and_(ended, Message.stream.in_(_resumes))


def why_not(message: Message) -> str | None:
    """Return in words why the message cannot be sent again, as far as it knows itself, or None."""
    if message.state not in ENDED_UNSENT:
        return "This mail has not ended, so there is nothing to send again."
    if message.doubts:
        return "This mail may have arrived, so it is not sent again as it is. Ask them, or write a new one."
    if not message.recipient:
        return "This person's data was erased."
    return None if message.stream in _resumes else "Mail of this kind is not sent again. Write a new one."


def replay(command: Replay) -> Message:
    """Let the same message leave again, after the firm's hold and at an hour that suits who reads it.

    Raises ``NotFound``, and ``NotReplayable`` with what to do instead.
    """
    with transaction(command.firm_id) as session:
        message = queries.get_message(session, command.firm_id, command.message_id)
        replayed = _send_again(session, command.firm_id, command.actor, [message.id])
        for words in replayed.skipped:
            raise NotReplayable(words)
        return message


def replay_all(command: ReplayAll) -> Replayed:
    """Do so with every message that ended for this reason, the newest first, ``MOST`` in one go; say what came of it.

    Where a person has several that tell the same, the newest leaves.
    """
    done, looked, batch = Replayed(), 0, _newest(command, None)
    while batch and looked < MOST:
        with transaction(command.firm_id) as session:
            replayed = _send_again(session, command.firm_id, command.actor, batch)
        done.leave_at += replayed.leave_at
        done.skipped += replayed.skipped
        looked += len(batch)
        batch = _newest(command, batch[-1])
    return done


def _newest(command: ReplayAll, before: uuid.UUID | None) -> Sequence[uuid.UUID]:
    found = sa.select(Message.id).where(Message.firm_id == command.firm_id, is_replayable(), reason() == command.reason)
    if before is not None:
        found = found.where(Message.id < before)
    with reading(command.firm_id) as session:
        return session.scalars(found.order_by(Message.id.desc()).limit(BATCH)).all()


def _send_again(session: Session, firm_id: uuid.UUID, actor: Actor, ids: Collection[uuid.UUID]) -> Replayed:
    messages = queries.lock_messages(session, firm_id, ids)
    refused = {message.id: why for message in messages if (why := why_not(message)) is not None}
    replayed = Replayed(skipped=Counter(refused.values()))
    able = [message for message in messages if message.id not in refused]
    for kind, of_kind in streams.by_kind(able).items():
        for message, answer in _ask(session, firm_id, kind, of_kind):
            if isinstance(answer, Again):
                _requeue(message, answer)
                audit.record_of(session, message, actor, "mail.sent_again", leaves_at=answer.due_at.isoformat())
                replayed.leave_at.append(answer.due_at)
            else:
                replayed.skipped[answer] += 1
    return replayed


def _ask(
    session: Session, firm_id: uuid.UUID, kind: StreamKind, messages: Sequence[Message]
) -> list[tuple[Message, Again | str]]:
    kept_back = suppressions.find_all(session, firm_id, {message.recipient for message in messages}, kind)
    free = [message for message in messages if message.recipient not in kept_back]
    answers = _resumes[kind](session, free) if free else {}
    return [(message, answers.get(message.id, suppressions.WHAT_TO_DO)) for message in messages]


def _requeue(message: Message, again: Again) -> None:
    """Try it anew: the same bytes where a relay was given them before, else dated when it is tried."""
    settlement.requeue(message, again.due_at)
    message.first_due_at, message.not_after = again.due_at, again.not_after
    message.due_zone = message.due_local = message.not_before = None
    if again.time_of_day is not None:
        message.due_zone, message.not_before = again.time_of_day.zone, again.time_of_day.not_before
        message.due_local = again.time_of_day.shown_at(again.due_at)
    message.tries, message.tried_before = 0, message.attempts
    message.problem_code = message.problem_detail = None
    if message.handed_over_at is None:
        message.dated_at = None
    message.handed_over_at = None
