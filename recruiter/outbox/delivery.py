"""A turn of a line: what has ended is settled and what comes next is marked, in one transaction that sends nothing.

Every step is a compare-and-set on state and fence, so a worker that lost its lease changes nothing. A turn takes the
same number of statements for one message and for many.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.base import UTC
from recruiter.db.session import transaction
from recruiter.outbox import leases, settlement, streams, suppressions
from recruiter.outbox.leases import Lease
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.settlement import Accepted, Ended
from recruiter.outbox.streams import Outcome, Stop

NOBODY_ANSWERS = Stop("nobody_answers", "No feature answers for such mail.")

log = structlog.get_logger()

_MARK = (
    sa.update(Message)
    .where(Message.firm_id == sa.bindparam("of_firm"), Message.state == MessageState.LEASED)
    .where(Message.id.in_(sa.bindparam("ids", expanding=True)), Message.lease_until > sa.bindparam("now"))
    .where(sa.tuple_(Message.id, Message.fence).in_(sa.bindparam("leases", expanding=True)))
    .values(
        state=MessageState.SENDING,
        lease_until=sa.bindparam("ends"),
        dated_at=sa.func.coalesce(Message.dated_at, sa.bindparam("dated", type_=UTC())),
        attempts=Message.attempts + 1,
    )
    .returning(Message.id)
    .execution_options(synchronize_session=False)
)


def turn(ended: Sequence[Ended], following: Sequence[Lease], dated_at: dt.datetime | None = None) -> list[Lease]:
    """Settle what ``ended`` and mark what is ``following``, all of one firm; return what was marked and may be sent.

    The mark is the last look: suppression, the time a message may be sent until, and whatever its stream checks. What
    is missing in the answer has ended, waits, or is another's. ``dated_at`` (UTC) is the date of what was never tried.
    """
    firm_id = [*(end.lease for end in ended), *following][0].firm_id
    with transaction(firm_id, is_passing=True) as session:
        settle(session, ended)
        return _mark(session, following, dated_at or clock.now()) if following else []


def settle(session: Session, ended: Sequence[Ended]) -> list[Ended]:
    """Record how attempts ended, in the caller's transaction; return those whose lease was not lost meanwhile.

    An acceptance also ends the doubt that a lost lease has left behind, as long as nobody acted on it.
    """
    taken = [end for end in ended if isinstance(end.result, Accepted)]
    kept = settlement.accept(session, taken) if taken else []
    for end in ended:
        if end not in kept and _settle_alone(session, end):
            kept.append(end)
    return kept


def _settle_alone(session: Session, end: Ended) -> bool:
    states = [MessageState.SENDING, *([MessageState.DOUBTFUL] if isinstance(end.result, Accepted) else [])]
    message = leases.find(session, end.lease, *states)
    if message is None:
        log.warning("lease_lost", message=str(end.lease.message_id), fence=end.lease.fence)
        return False
    if end.result is None:
        settlement.not_sent(session, message)
    else:
        settlement.conclude(session, message, end.result, end.content, began_at=end.began_at)
    return True


def _mark(session: Session, following: Sequence[Lease], dated_at: dt.datetime) -> list[Lease]:
    now = clock.now()
    stops = dict(_stops(session, [lease.message for lease in following], now))
    for lease in following:
        if lease.message_id in stops:
            _stop(session, lease, stops[lease.message_id])
    free = {lease.message_id: lease for lease in following if lease.message_id not in stops}
    values = {
        "of_firm": following[0].firm_id,
        "ids": list(free),
        "leases": [(lease.message_id, lease.fence) for lease in free.values()],
        "now": now,
        "ends": leases.end(now),
        "dated": dated_at,
    }
    marked = set(session.scalars(_MARK, values)) if free else set()
    for message_id in marked:
        message = free[message_id].message
        message.attempts, message.dated_at = message.attempts + 1, message.dated_at or dated_at
    return [lease for message_id, lease in free.items() if message_id in marked]


def _stops(session: Session, messages: Sequence[Message], now: dt.datetime) -> Iterator[tuple[uuid.UUID, Stop]]:
    """Yield what stands against each of these messages leaving now."""
    for kind, asked in streams.by_kind(messages).items():
        stream = streams.find(kind)
        if stream is None:
            yield from ((message.id, NOBODY_ANSWERS) for message in asked)
            continue
        # What comes later counts more.
        yield from stream.may_leave(session, asked).items()
        yield from _suppressed(session, asked).items()
        late = Stop("expired", "It was not to be sent any more.", outcome=Outcome.EXPIRED)
        yield from ((message.id, late) for message in asked if message.not_after and message.not_after < now)


def _suppressed(session: Session, messages: Sequence[Message]) -> Mapping[uuid.UUID, Stop]:
    firm_id, stream = messages[0].firm_id, messages[0].stream
    found = suppressions.find_all(session, firm_id, {message.recipient for message in messages}, stream)
    return {
        message.id: Stop("suppressed", found[message.recipient].reason, outcome=Outcome.SUPPRESSED)
        for message in messages
        if message.recipient in found
    }


def _stop(session: Session, lease: Lease, stop: Stop) -> None:
    message = leases.find(session, lease, MessageState.LEASED)
    if message is None:
        return
    if stop is NOBODY_ANSWERS:
        settlement.requeue(message, clock.now() + dt.timedelta(minutes=1))
        return
    message.problem_code, message.problem_detail = stop.code, stop.detail
    if stop.until is not None:
        settlement.requeue(message, stop.until)
        message.first_due_at = stop.until
    else:
        settlement.end(session, message, MessageState(stop.outcome), stop.outcome)
