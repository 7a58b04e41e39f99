"""The right to try messages: claimed for a while, kept while somebody is at work, and given back."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.db.session import transaction
from recruiter.outbox import backoff, leases, queries, settlement, stops, warming
from recruiter.outbox.leases import Lease
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.replies import Verdict
from recruiter.outbox.transports.base import DeliveryError

_DUE = (
    sa.select(Message)
    .where(Message.firm_id == sa.bindparam("firm_id"), Message.state == MessageState.QUEUED)
    .where(Message.due_at <= sa.bindparam("now"))
    .order_by(Message.due_at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)


def claim(
    firm_id: uuid.UUID,
    owner: str,
    limit: int,
    hold: Callable[[str], float] | None = None,
    now: dt.datetime | None = None,
) -> list[Lease]:
    """Lease up to ``limit`` messages of the firm that are due ``now`` (UTC) to ``owner``; two never get the same.

    ``hold`` is asked for each recipient's address how many seconds such a message is to wait for its turn. None are
    leased while the firm's mail is stopped, and no more in a day than a firm that is new may send.
    """
    now = now or clock.now()
    with transaction(firm_id) as session:  # lasts: a lease that was forgotten could be given twice, with one fence
        queries.lock_firm(session, firm_id, shared=True)
        if stops.find(session, firm_id) is not None:
            return []
        due = session.scalars(_DUE, {"firm_id": firm_id, "now": now, "most": limit}).all()
        left = warming.left_today(session, firm_id)
        chosen: list[Message] = []
        for message in due:
            if left is not None and len(chosen) >= left:
                _postpone(message, warming.tomorrow(), "warming_up")
            elif hold is not None and (seconds := hold(message.recipient)):
                _postpone(message, now + dt.timedelta(seconds=seconds), "slowed")
            else:
                chosen.append(message)
        if chosen:
            _lease(session, firm_id, owner, chosen)
        return [Lease(message, message.fence) for message in chosen]


def _lease(session: Session, firm_id: uuid.UUID, owner: str, chosen: Sequence[Message]) -> None:
    """Lease them all with one statement, however many there are."""
    values = {"state": MessageState.LEASED, "lease_owner": owner, "lease_until": leases.end(clock.now())}
    leased = sa.update(Message).where(Message.firm_id == firm_id, Message.id.in_([message.id for message in chosen]))
    session.execute(leased.values(**values, fence=Message.fence + 1), execution_options={"synchronize_session": False})
    session.flush()
    session.expunge_all()
    for message in chosen:
        message.state, message.fence = MessageState.LEASED, message.fence + 1


def _postpone(message: Message, until: dt.datetime, code: str) -> None:
    message.due_at, message.problem_code, message.problem_detail = until, code, None


def renew(firm_id: uuid.UUID, owner: str, message_ids: Sequence[uuid.UUID]) -> dt.datetime:
    """Say that ``owner`` is at work on these messages of the firm; return until when their leases last now (UTC)."""
    ends = leases.end(clock.now())
    with transaction(firm_id, is_passing=True) as session:
        session.execute(
            sa.update(Message)
            .where(Message.firm_id == firm_id, Message.id.in_(message_ids), Message.lease_owner == owner)
            .values(lease_until=ends)
        )
    return ends


def release(lease: Lease, error: DeliveryError | None = None) -> None:
    """Give a message back of which nothing was said: due at once or, where something is in the way, a little later."""
    now = clock.now()
    with transaction(lease.firm_id, is_passing=True) as session:
        message = leases.find(session, lease, MessageState.LEASED, MessageState.SENDING)
        if message is None:
            return
        if message.state is MessageState.SENDING:
            settlement.not_sent(session, message)
        elif error is None:
            settlement.give_back(message)
        else:
            wait = backoff.delay(Verdict.LINE_LOST, lease.fence, settlement.jitter())
            settlement.requeue(message, now + wait * config.current().schedule_scale)
            message.problem_code, message.problem_detail = error.verdict, error.reason
