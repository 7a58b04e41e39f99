"""The steps of a delivery, each a transaction of its own: claim, mark, settle. Nothing is sent inside any of them.

Every step is a compare-and-set on state and fence, so a worker that lost its lease changes nothing.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.db.session import transaction
from recruiter.outbox import backoff, queries, settlement, stops, streams, suppressions, warming
from recruiter.outbox.mime import Letter, Mailbox
from recruiter.outbox.models import Attempt, Message, MessageState
from recruiter.outbox.replies import Verdict
from recruiter.outbox.streams import Content, Outcome, Stop
from recruiter.outbox.transports.base import DeliveryError

log = structlog.get_logger()

# Built once: building it costs more than running it, and it runs twice a message.
_LEASED = (
    sa.select(Message)
    .where(Message.firm_id == sa.bindparam("firm_id"), Message.id == sa.bindparam("message_id"))
    .where(Message.fence == sa.bindparam("fence"), Message.state.in_(sa.bindparam("states", expanding=True)))
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to try one message until the lease ends; ``fence`` tells it from every earlier and later one."""

    firm_id: uuid.UUID
    message_id: uuid.UUID
    fence: int
    recipient: str = field(default="", repr=False)


def claim(firm_id: uuid.UUID, owner: str, limit: int, hold: Callable[[str], float] | None = None) -> list[Lease]:
    """Lease up to ``limit`` due messages of the firm to ``owner``; two claimers never get the same.

    ``hold`` is asked for each recipient's address how many seconds such a message is to wait for its turn. None are
    leased while the firm's mail is stopped, and no more in a day than a firm that is new may send.
    """
    now = clock.now()
    with transaction(firm_id, is_passing=True) as session:
        queries.lock_firm(session, firm_id, shared=True)
        if stops.find(session, firm_id) is not None:
            return []
        messages = session.scalars(
            sa.select(Message)
            .where(Message.firm_id == firm_id, Message.state == MessageState.QUEUED, Message.due_at <= now)
            .order_by(Message.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        left = warming.left_today(session, firm_id)
        leases: list[Lease] = []
        for message in messages:
            if left is not None and len(leases) >= left:
                _postpone(message, warming.tomorrow(), "warming_up")
            elif hold is not None and (seconds := hold(message.recipient)):
                _postpone(message, now + dt.timedelta(seconds=seconds), "slowed")
            else:
                leases.append(_lease(message, owner, now))
        return leases


def _lease(message: Message, owner: str, now: dt.datetime) -> Lease:
    message.state = MessageState.LEASED
    message.fence += 1
    message.lease_owner = owner
    message.lease_until = _lease_end(now)
    return Lease(message.firm_id, message.id, message.fence, message.recipient)


def _postpone(message: Message, until: dt.datetime, code: str) -> None:
    message.due_at, message.problem_code, message.problem_detail = until, code, None


def renew(firm_id: uuid.UUID, owner: str, message_ids: Sequence[uuid.UUID]) -> None:
    """Say that ``owner`` is at work on these messages of the firm: the leases last a whole term from now."""
    with transaction(firm_id, is_passing=True) as session:
        session.execute(
            sa.update(Message)
            .where(Message.firm_id == firm_id, Message.id.in_(message_ids), Message.lease_owner == owner)
            .values(lease_until=_lease_end(clock.now()))
        )


def release(lease: Lease, error: DeliveryError | None = None) -> None:
    """Give a leased message back untried: due at once or, where something is in the way, a little later each time."""
    now = clock.now()
    with transaction(lease.firm_id, is_passing=True) as session:
        message = _leased(session, lease, MessageState.LEASED)
        if message is None:
            return
        if error is None:
            settlement.requeue(message, now)
        else:
            settlement.requeue(message, now + backoff.delay(Verdict.LINE_LOST, lease.fence, settlement.jitter()))
            message.problem_code, message.problem_detail = error.verdict, error.reason


def mark(lease: Lease) -> Message | None:
    """Note that the message is about to be sent, if it still may be; None: it ended, waits, or is another's.

    This is the last look: suppression, the time it may be sent until, and whatever its stream checks.
    """
    now = clock.now()
    with transaction(lease.firm_id, is_passing=True) as session:
        message = _leased(session, lease, MessageState.LEASED)
        if message is None or message.lease_until is None or message.lease_until <= now:
            return None
        if _is_stopped(session, message, now):
            return None
        message.state = MessageState.SENDING
        message.lease_until = _lease_end(now)
        message.dated_at = message.dated_at or now
        message.attempts += 1
        session.add(
            Attempt(
                firm_id=lease.firm_id,
                message_id=message.id,
                number=message.attempts,
                fence=lease.fence,
                started_at=now,
            )
        )
        return message


def letter_of(message: Message, content: Content) -> Letter:
    """Return what decides the bytes of a marked message; the same at every attempt."""
    return Letter(
        sender=Mailbox(message.sender_name, message.sender),
        recipient=Mailbox(message.recipient_name, message.recipient),
        reply_to=Mailbox(message.sender_name, message.reply_to) if message.reply_to else None,
        subject=content.subject,
        text=content.text,
        html=content.html,
        message_id=message.message_id,
        date=message.dated_at or clock.now(),
        references=content.references,
        unsubscribe_url=content.unsubscribe_url,
        list_id=content.list_id,
        is_automatic=content.is_automatic,
    )


def settle(lease: Lease, result: settlement.Result, content: Content | None) -> bool:
    """Record how the attempt ended; False when the lease was lost meanwhile, and nothing was changed.

    An acceptance also ends the doubt that a lost lease has left behind, as long as nobody acted on it.
    """
    states = [MessageState.SENDING, *([MessageState.DOUBTFUL] if isinstance(result, settlement.Accepted) else [])]
    with transaction(lease.firm_id, is_passing=True) as session:
        message = _leased(session, lease, *states)
        if message is None:
            log.warning("lease_lost", message=str(lease.message_id), fence=lease.fence)
            return False
        settlement.conclude(session, message, result, content)
        return True


def _leased(session: Session, lease: Lease, *states: MessageState) -> Message | None:
    values = {"firm_id": lease.firm_id, "message_id": lease.message_id, "fence": lease.fence, "states": states}
    return session.scalar(_LEASED, values)


def _is_stopped(session: Session, message: Message, now: dt.datetime) -> bool:
    stream = streams.find(message.stream)
    if stream is None:
        settlement.requeue(message, now + dt.timedelta(minutes=1))
        return True
    if message.not_after is not None and message.not_after < now:
        message.problem_code, message.problem_detail = "expired", "It was not to be sent any more."
        settlement.end(session, message, MessageState.EXPIRED, Outcome.EXPIRED)
        return True
    found = suppressions.find(session, message.firm_id, message.recipient, message.stream)
    if found is not None:
        message.problem_code, message.problem_detail = "suppressed", found.reason
        settlement.end(session, message, MessageState.SUPPRESSED, Outcome.SUPPRESSED)
        return True
    stop = stream.may_leave(session, message)
    if stop is not None:
        _stop(session, message, stop)
    return stop is not None


def _stop(session: Session, message: Message, stop: Stop) -> None:
    message.problem_code, message.problem_detail = stop.code, stop.detail
    if stop.until is not None:
        settlement.requeue(message, stop.until)
        message.first_due_at = stop.until
    else:
        settlement.end(session, message, MessageState.STOPPED, Outcome.STOPPED)


def _lease_end(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(seconds=config.current().lease_seconds)
