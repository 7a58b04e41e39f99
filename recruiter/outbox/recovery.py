"""Taking back what a process that is gone, or silent, had under way; and ending doubt."""

import datetime as dt
import uuid
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.base import UTC
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import transaction
from recruiter.outbox import doubts, journal, settlement, streams
from recruiter.outbox.journal import Abandoned, Note
from recruiter.outbox.models import TIMED_STATES, Message, MessageState
from recruiter.outbox.replies import Phase
from recruiter.outbox.settlement import Accepted

EVER = dt.timedelta(days=36500)

log = structlog.get_logger()


def end_leases(now: dt.datetime) -> None:
    """Take back what is leased, wherever its worker was, by a lease that has ended ``now`` (UTC), and end doubt."""
    for firm_id in firms_with(Due.LEASES, now):
        _end_leases(firm_id, now)


def take_back(root: Path) -> None:
    """Take back, at once, what processes of this machine left whose journal is under ``root``."""
    for left in journal.abandoned(root):
        with left:
            _recover(left)


def _recover(left: Abandoned) -> None:
    try:
        notes = left.notes()
        for firm_id in firms_with(Due.LEASES, clock.now() + EVER):
            _take_back(firm_id, left, notes)
    except Exception:
        log.exception("recovery_failed", owner=left.owner)  # its journal stays, and the next sweep tries again
    else:
        left.forget()


def _take_back(firm_id: uuid.UUID, left: Abandoned, notes: Mapping[tuple[uuid.UUID, int], Note]) -> None:
    """The owner is gone: what its journal, if that is whole, does not mention was never said to a relay."""
    with transaction(firm_id) as session:
        for message in session.scalars(_locked(firm_id).where(Message.lease_owner == left.owner)):
            log.info("lease_taken_back", message=str(message.id), state=message.state)
            if message.state is MessageState.LEASED and (message.id, message.attempts + 1) in notes:
                message.attempts += 1  # the database lost its last moment, and the mark with it
            note = notes.get((message.id, message.attempts))
            if note is None and not left.is_whole:
                settlement.doubt(session, message)
            elif note is None and message.state is MessageState.LEASED:
                settlement.give_back(message)
            else:
                _by_journal(session, message, note)


def _by_journal(session: Session, message: Message, note: Note | None) -> None:
    if note is not None and note.reply is not None:
        stream = streams.find(message.stream)
        content = None if stream is None else stream.writers(session, [message])[message.id]()
        settlement.conclude(session, message, Accepted(note.reply), content)
    elif note is not None and note.phase is Phase.DOT:
        settlement.doubt(session, message)
    else:
        settlement.not_sent(session, message)


def _end_leases(firm_id: uuid.UUID, now: dt.datetime) -> None:
    """Leases of machines that fell silent; without their journal, what was or may have been sent is in doubt."""
    with transaction(firm_id) as session:
        restarted_at = _restarted_at(session)
        for message in session.scalars(_locked(firm_id).where(Message.lease_until <= now)):
            log.warning("lease_ended", message=str(message.id), state=message.state)
            if message.state is MessageState.DOUBTFUL:
                doubts.run_out(session, message)
            elif message.state is MessageState.LEASED and settlement.leased_at(message) > restarted_at:
                settlement.give_back(message)
            else:
                settlement.doubt(session, message)


def _restarted_at(session: Session) -> dt.datetime:
    """Return since when (UTC) no mark was forgotten: a server of its own may lose its last moment as it goes down."""
    if session.get_bind().dialect.name != "postgresql":
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return session.scalars(sa.select(sa.func.pg_postmaster_start_time(type_=UTC()))).one()


def _locked(firm_id: uuid.UUID) -> sa.Select[Message]:
    return sa.select(Message).where(Message.firm_id == firm_id, Message.state.in_(TIMED_STATES)).with_for_update()
