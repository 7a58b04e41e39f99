"""What an attempt's end does to its message, in the transaction that records it."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.db.base import UTC, Base, new_id
from recruiter.outbox import backoff, leases, stops, streams, suppressions
from recruiter.outbox.leases import Lease
from recruiter.outbox.models import Attempt, AttemptOutcome, Message, MessageState
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.streams import Content, Outcome
from recruiter.outbox.suppressions import Suppress
from recruiter.outbox.transports.base import DeliveryError

_messages, _attempts = Base.metadata.tables["messages"], Base.metadata.tables["attempts"]

# Who holds the lease has marked the message, even where the database lost its last moment and has forgotten the mark.
MARKED = (MessageState.SENDING, MessageState.LEASED)

_ACCEPT = (
    sa.update(_messages)
    .where(_messages.c.firm_id == sa.bindparam("of_firm"), _messages.c.id == sa.bindparam("key"))
    .where(_messages.c.fence == sa.bindparam("leased_as"), sa.or_(*(_messages.c.state == state for state in MARKED)))
    .values(
        state=MessageState.ACCEPTED,
        attempts=sa.bindparam("tried"),
        dated_at=sa.bindparam("dated", type_=UTC()),
        accepted_at=sa.bindparam("at", type_=UTC()),
        handed_over_at=sa.func.coalesce(_messages.c.handed_over_at, sa.bindparam("at", type_=UTC())),
        sent_subject=sa.bindparam("subject"),
        sent_text=sa.bindparam("text"),
        problem_code=sa.null(),
        problem_detail=sa.null(),
        lease_owner=sa.null(),
        lease_until=sa.null(),
    )
)

_TRIED = sa.insert(_attempts).inline()

jitter = random.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Accepted:
    """The relay took the mail, in its words."""

    reply: str


Result = Accepted | DeliveryError


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """How one attempt ended that began at ``began_at`` (UTC), and what was said; without a result nothing was said."""

    lease: Lease
    began_at: dt.datetime
    result: Result | None
    content: Content | None = None


def accept(session: Session, taken: Sequence[Ended]) -> list[Ended]:
    """Record, in the caller's transaction, that the relay took these mails of one firm; return those it could.

    It takes three statements and what the streams need, however many there are. What is not in the answer is under
    another lease by now, or was settled.
    """
    now = clock.now()
    updated = session.connection().execute(_ACCEPT, leases.batch([_accepted(end, now) for end in taken]))
    kept = list(taken) if updated.rowcount == len(taken) else _recorded(session, taken, now)
    if kept:
        session.connection().execute(_TRIED, leases.batch([_attempt_of(end, now) for end in kept]))
    for end in kept:
        end.lease.message.accepted_at = now
    streams.tell(session, (end.lease.message for end in kept), Outcome.ACCEPTED)
    return kept


def conclude(
    session: Session,
    message: Message,
    result: Result,
    content: Content | None,
    *,
    began_at: dt.datetime | None = None,
) -> None:
    """Move a message that was being sent to where the result leads, in the caller's transaction."""
    attempt = _attempt(session, message, began_at)
    attempt.finished_at = clock.now()
    if isinstance(result, Accepted):
        attempt.outcome, attempt.reply = AttemptOutcome.ACCEPTED, result.reply
        _accept(message, content)
        end(session, message, MessageState.ACCEPTED, Outcome.ACCEPTED)
        return
    attempt.verdict, attempt.phase = result.verdict, result.phase
    attempt.code, attempt.reply = result.code, result.reason
    if result.phase in {Phase.DATA, Phase.DOT}:
        message.handed_over_at = message.handed_over_at or clock.now()
    message.problem_code, message.problem_detail = result.verdict, result.reason
    if result.verdict is Verdict.UNKNOWN_OUTCOME:
        doubt(session, message)
    elif result.permanent:
        attempt.outcome = AttemptOutcome.REJECTED
        _refuse(session, message, result)
    else:
        attempt.outcome = AttemptOutcome.DEFERRED
        _defer(session, message, result)


def doubt(session: Session, message: Message) -> None:
    """The message may have arrived: wait for evidence, then let its stream, or a person, decide.

    One that is only leased was marked as well, as far as anybody knows.
    """
    message.attempts += message.state is MessageState.LEASED
    attempt = _attempt(session, message)
    attempt.outcome, attempt.finished_at = AttemptOutcome.DOUBTFUL, clock.now()
    message.doubts += 1
    message.handed_over_at = message.handed_over_at or clock.now()
    message.problem_code = Verdict.UNKNOWN_OUTCOME
    message.state = MessageState.DOUBTFUL
    window = dt.timedelta(seconds=config.current().evidence_seconds)
    message.lease_owner, message.lease_until = None, clock.now() + window
    streams.tell(session, [message], Outcome.DOUBTFUL)


def end(session: Session, message: Message, state: MessageState, outcome: Outcome) -> None:
    """Let the message come to rest in this state, and tell its stream."""
    message.state = state
    message.lease_owner = message.lease_until = None
    streams.tell(session, [message], outcome)


def not_sent(session: Session, message: Message) -> None:
    """An attempt ended before anything could arrive; the message is due again at once."""
    attempt = _attempt(session, message)
    attempt.outcome, attempt.finished_at = AttemptOutcome.NOT_SENT, clock.now()
    give_back(message)


def give_back(message: Message) -> None:
    """Let the message be claimed again at once; by its lease, should the clock have been moved beyond that."""
    now = clock.now()
    requeue(message, min(now, message.lease_until or now))


def requeue(message: Message, due_at: dt.datetime) -> None:
    """Let the message be claimed again from ``due_at`` on."""
    message.state = MessageState.QUEUED
    message.lease_owner = message.lease_until = None
    message.due_at = due_at


def _accept(message: Message, content: Content | None) -> None:
    message.accepted_at = clock.now()
    message.handed_over_at = message.handed_over_at or message.accepted_at
    message.problem_code = message.problem_detail = None
    if content is not None:
        message.sent_subject = content.subject
        message.sent_text = content.kept_text


def _accepted(end: Ended, now: dt.datetime) -> dict[str, object]:
    content, message = end.content, end.lease.message
    return {
        "of_firm": message.firm_id,
        "key": message.id,
        "leased_as": end.lease.fence,
        "tried": message.attempts,
        "dated": message.dated_at,
        "at": now,
        "subject": content.subject if content else None,
        "text": content.kept_text if content else None,
    }


def _attempt_of(end: Ended, now: dt.datetime) -> dict[str, object]:
    message = end.lease.message
    return {
        "id": new_id(),
        "created_at": now,
        "firm_id": message.firm_id,
        "message_id": message.id,
        "number": message.attempts,
        "fence": end.lease.fence,
        "started_at": end.began_at,
        "finished_at": now,
        "outcome": AttemptOutcome.ACCEPTED,
        "reply": end.result.reply if isinstance(end.result, Accepted) else None,
    }


def _recorded(session: Session, taken: Sequence[Ended], now: dt.datetime) -> list[Ended]:
    """Return those of the mails whose acceptance was recorded just now."""
    keys = [end.lease.message_id for end in taken]
    recorded = sa.select(Message.id, Message.fence).where(
        Message.firm_id == taken[0].lease.firm_id, Message.id.in_(keys), Message.accepted_at == now
    )
    found = {(row.id, row.fence) for row in session.execute(recorded)}
    return [end for end in taken if (end.lease.message_id, end.lease.fence) in found]


def _refuse(session: Session, message: Message, error: DeliveryError) -> None:
    if error.verdict is Verdict.UNSENDABLE:
        end(session, message, MessageState.DEAD, Outcome.DEAD)
        return
    if error.verdict is Verdict.NO_SUCH_ADDRESS:
        suppressions.suppress(
            session,
            message.firm_id,
            Suppress(address=message.recipient, reason=f"The mail server says: {error.reason}"),
        )
    end(session, message, MessageState.REJECTED, Outcome.REJECTED)
    if error.verdict is Verdict.SENDER_REFUSED:
        stops.refused(session, message.firm_id, error.reason)


def _defer(session: Session, message: Message, error: DeliveryError) -> None:
    now = clock.now()
    if error.verdict is Verdict.MAILBOX_FULL and _is_given_up(session, message):
        end(session, message, MessageState.SUPPRESSED, Outcome.SUPPRESSED)
        return
    if error.verdict.counts:
        message.tries += 1
    step = message.tries if error.verdict.counts else message.times_tried
    next_try = now + backoff.delay(error.verdict, step, jitter()) * config.current().schedule_scale
    last_try = message.not_after or (message.dated_at or now) + backoff.KEEP_TRYING
    if next_try > last_try:
        end(session, message, MessageState.EXPIRED, Outcome.EXPIRED)
    elif message.tries >= backoff.MAX_TRIES:
        end(session, message, MessageState.DEAD, Outcome.DEAD)
    else:
        requeue(message, next_try)
        streams.tell(session, [message], Outcome.DEFERRED)


def _is_given_up(session: Session, message: Message) -> bool:
    """Suppress, for a time, a mailbox that was full for one message after the other."""
    since = clock.now() - backoff.FULL_WITHIN
    others = sa.select(sa.func.count(Attempt.message_id.distinct())).join(
        Message, sa.and_(Message.firm_id == Attempt.firm_id, Message.id == Attempt.message_id)
    )
    others = others.where(
        Attempt.firm_id == message.firm_id,
        Attempt.verdict == Verdict.MAILBOX_FULL,
        Attempt.started_at > since,
        Attempt.message_id != message.id,
        sa.func.lower(Message.recipient) == message.recipient.lower(),
    )
    if session.scalars(others).one() + 1 < backoff.FULL_MESSAGES:
        return False
    message.problem_detail = "The mailbox was full for one mail after the other."
    ends = clock.now() + backoff.SOFT_SUPPRESSION
    command = Suppress(address=message.recipient, reason=message.problem_detail, expires_at=ends)
    suppressions.suppress(session, message.firm_id, command)
    return True


def _attempt(session: Session, message: Message, began_at: dt.datetime | None = None) -> Attempt:
    """Return the record of the message's last attempt, made now unless what doubts it has made it before."""
    number = {"firm_id": message.firm_id, "message_id": message.id, "number": message.attempts}
    found = session.scalar(sa.select(Attempt).filter_by(**number))
    if found is None:
        found = Attempt(**number, fence=message.fence, started_at=began_at or leased_at(message))
        session.add(found)
    return found


def leased_at(message: Message) -> dt.datetime:
    """Return when (UTC) the lease of a message began, was renewed, or was begun anew by a mark, whatever came last."""
    term = dt.timedelta(seconds=config.current().lease_seconds)
    return message.lease_until - term if message.lease_until is not None else clock.now()
