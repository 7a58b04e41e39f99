"""What an attempt's end does to its message, in the transaction that records it."""

import datetime as dt
import random
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.outbox import backoff, stops, streams, suppressions
from recruiter.outbox.models import Attempt, AttemptOutcome, Message, MessageState
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.streams import Content, Outcome
from recruiter.outbox.suppressions import Suppress
from recruiter.outbox.transports.base import DeliveryError

MASK = "[link]"

_ATTEMPT = sa.select(Attempt).where(
    Attempt.firm_id == sa.bindparam("firm_id"),
    Attempt.message_id == sa.bindparam("message_id"),
    Attempt.number == sa.bindparam("number"),
)

jitter = random.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Accepted:
    """The relay took the mail, in its words."""

    reply: str


Result = Accepted | DeliveryError


def conclude(session: Session, message: Message, result: Result, content: Content | None) -> None:
    """Move a message that was being sent to where the result leads, in the caller's transaction."""
    attempt = _attempt(session, message)
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
    """The message may have arrived: wait for evidence, then let its stream, or a person, decide."""
    attempt = _attempt(session, message)
    attempt.outcome, attempt.finished_at = AttemptOutcome.DOUBTFUL, clock.now()
    message.doubts += 1
    message.handed_over_at = message.handed_over_at or clock.now()
    message.problem_code = Verdict.UNKNOWN_OUTCOME
    message.state = MessageState.DOUBTFUL
    window = dt.timedelta(seconds=config.current().evidence_seconds)
    message.lease_owner, message.lease_until = None, clock.now() + window
    _tell(session, message, Outcome.DOUBTFUL)


def end(session: Session, message: Message, state: MessageState, outcome: Outcome) -> None:
    """Let the message come to rest in this state, and tell its stream."""
    message.state = state
    message.lease_owner = message.lease_until = None
    _tell(session, message, outcome)


def not_sent(session: Session, message: Message) -> None:
    """An attempt ended before anything could arrive; the message is due again at once."""
    attempt = _attempt(session, message)
    attempt.outcome, attempt.finished_at = AttemptOutcome.NOT_SENT, clock.now()
    requeue(message, clock.now())


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
        message.sent_text, message.sent_html = _masked(content.text, content), _masked(content.html, content)


def _masked(text: str, content: Content) -> str:
    for secret in content.secrets:
        text = text.replace(secret, MASK)
    return text


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
    step = message.tries if error.verdict.counts else message.attempts
    next_try = now + backoff.delay(error.verdict, step, jitter())
    last_try = message.not_after or (message.dated_at or now) + backoff.KEEP_TRYING
    if next_try > last_try:
        end(session, message, MessageState.EXPIRED, Outcome.EXPIRED)
    elif message.tries >= backoff.MAX_TRIES:
        end(session, message, MessageState.DEAD, Outcome.DEAD)
    else:
        requeue(message, next_try)
        _tell(session, message, Outcome.DEFERRED)


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


def _attempt(session: Session, message: Message) -> Attempt:
    values = {"firm_id": message.firm_id, "message_id": message.id, "number": message.attempts}
    return session.scalars(_ATTEMPT, values).one()


def _tell(session: Session, message: Message, outcome: Outcome) -> None:
    stream = streams.find(message.stream)
    if stream is not None:
        stream.settled(session, message, outcome)
