"""A turn of a line: what has ended is settled and what comes next is marked, in one transaction that sends nothing.

Every step is a compare-and-set on state and fence, so a worker that lost its lease changes nothing. A turn takes the
same number of statements for one message and for many.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.base import UTC, Base
from recruiter.db.session import transaction
from recruiter.outbox import leases, settlement, streams, suppressions
from recruiter.outbox.leases import Lease
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.settlement import Accepted, Ended
from recruiter.outbox.streams import Outcome, Stop

NOBODY_ANSWERS = Stop("nobody_answers", "No feature answers for such mail.")

log = structlog.get_logger()

_messages = Base.metadata.tables["messages"]

# Built once, and run past the ORM: once a message.
_MARK = (
    sa.update(_messages)
    .where(_messages.c.firm_id == sa.bindparam("of_firm"), _messages.c.id == sa.bindparam("key"))
    .where(_messages.c.fence == sa.bindparam("leased_as"), _messages.c.state == MessageState.LEASED)
    .where(_messages.c.lease_until > sa.bindparam("now"), ~suppressions.ANY)
    .values(
        state=MessageState.SENDING,
        lease_until=sa.bindparam("ends"),
        dated_at=sa.func.coalesce(_messages.c.dated_at, sa.bindparam("dated", type_=UTC())),
        attempts=_messages.c.attempts + 1,
    )
)


def turn(ended: Sequence[Ended], following: Sequence[Lease]) -> list[Lease]:
    """Settle what ``ended`` and mark what is ``following``, all of one firm; return what was marked and may be sent.

    The mark is the last look: suppression, the time a message may be sent until, and whatever its stream checks. What
    is missing in the answer has ended, waits, or is another's. A message without a date gets that of its mark.
    """
    firm_id = [*(end.lease for end in ended), *following][0].firm_id
    with transaction(firm_id, is_passing=True) as session:
        settle(session, ended)
        return _mark(session, following) if following else []


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
    states = [*settlement.MARKED, *([MessageState.DOUBTFUL] if isinstance(end.result, Accepted) else [])]
    message = leases.find(session, end.lease, *states)
    if message is None:
        log.warning("lease_lost", message=str(end.lease.message_id), fence=end.lease.fence)
        return False
    message.attempts, message.dated_at = end.lease.message.attempts, end.lease.message.dated_at
    if end.result is None:
        settlement.not_sent(session, message)
    else:
        settlement.conclude(session, message, end.result, end.content, began_at=end.began_at)
    return True


def _mark(session: Session, following: Sequence[Lease]) -> list[Lease]:
    stops = dict(_stops(session, [lease.message for lease in following], clock.now()))
    free = [lease for lease in following if lease.message_id not in stops]
    marked = _begin(session, free) if free else []
    if len(marked) < len(free):
        stops |= _suppressed(session, [lease.message for lease in free if lease not in marked])
    for lease in following:
        if lease.message_id in stops:
            _stop(session, lease, stops[lease.message_id])
    return marked


def _begin(session: Session, free: Sequence[Lease]) -> list[Lease]:
    """Mark what is leased as it was and not suppressed; return that."""
    now = clock.now()
    each = [
        {
            **suppressions.asked(lease.message, now),
            "key": lease.message_id,
            "leased_as": lease.fence,
            "ends": leases.end(now),
            "dated": lease.message.dated_at or now,
        }
        for lease in free
    ]
    updated = session.connection().execute(_MARK, leases.batch(each))
    marked = free if updated.rowcount == len(free) else _sending(session, free)
    for message in (lease.message for lease in marked):
        message.attempts, message.dated_at = message.attempts + 1, message.dated_at or now
    return list(marked)


def _sending(session: Session, among: Sequence[Lease]) -> list[Lease]:
    """Return those that are being sent under these very leases."""
    sending = sa.select(Message.id, Message.fence).where(
        Message.firm_id == among[0].firm_id,
        Message.id.in_([lease.message_id for lease in among]),
        Message.state == MessageState.SENDING,
    )
    found = {(row.id, row.fence) for row in session.execute(sending)}
    return [lease for lease in among if (lease.message_id, lease.fence) in found]


def _stops(session: Session, messages: Sequence[Message], now: dt.datetime) -> Iterator[tuple[uuid.UUID, Stop]]:
    """Yield what stands against each of these messages leaving now."""
    for kind, asked in streams.by_kind(messages).items():
        stream = streams.find(kind)
        if stream is None:
            yield from ((message.id, NOBODY_ANSWERS) for message in asked)
            continue
        # What comes last counts.
        yield from stream.may_leave(session, asked).items()
        late = Stop("expired", "It was not to be sent any more.", outcome=Outcome.EXPIRED)
        yield from ((message.id, late) for message in asked if message.not_after and message.not_after < now)


def _suppressed(session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
    stops = {}
    for kind, asked in streams.by_kind(messages).items():
        found = suppressions.find_all(session, asked[0].firm_id, {message.recipient for message in asked}, kind)
        for message in asked:
            if message.recipient in found:
                reason = found[message.recipient].reason
                stops[message.id] = Stop("suppressed", reason, outcome=Outcome.SUPPRESSED)
    return stops


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
        message.due_zone = message.due_local = message.not_before = None
    else:
        settlement.end(session, message, MessageState(stop.outcome), stop.outcome)
