"""Queueing mail and taking it back, inside the transaction of the change that causes it."""

import datetime as dt
import functools
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.db.base import Base, new_id
from recruiter.db.conflicts import named
from recruiter.engine import bell
from recruiter.errors import Conflict
from recruiter.outbox import addresses, shards, streams
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, MessageState, StreamKind
from recruiter.outbox.streams import Outcome

WORK = shards.WORK
_messages = Base.metadata.tables["messages"]
_RINGS = "recruiter.outbox.rings"
_ALREADY = "A message for this has been queued already."
_NOT_UNDER_WAY = (MessageState.QUEUED, MessageState.LEASED)


class AlreadyQueued(Conflict):
    """There is a message for the same cause already."""

    code = "already_queued"


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """That a mail is due at a time of day in an IANA zone, and no sooner than at this moment (UTC) in any case."""

    zone: str
    not_before: dt.datetime

    def shown_at(self, moment: dt.datetime) -> str:
        """Return what a clock of the zone shows at a moment (ISO 8601, without a zone of its own)."""
        return clock.local(moment, self.zone).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """One mail to one person.

    ``subject_id`` is the row that it belongs to, as its stream knows it, and ``dedupe_key`` its cause: unique in the
    firm. ``sender`` is the person whose name it carries; the address it leaves from is the installation's, and
    answers go to ``sender.address``, or to ``reply_to`` where that is given. ``payload`` is for the stream.
    ``due_at`` is a moment unless ``time_of_day`` is given.
    """

    stream: StreamKind
    subject_id: uuid.UUID
    dedupe_key: str
    recipient: Mailbox
    sender: Mailbox
    due_at: dt.datetime
    time_of_day: TimeOfDay | None = None
    reply_to: str | None = None
    candidate_id: uuid.UUID | None = None
    not_after: dt.datetime | None = None
    payload: dict[str, Any] | None = None


def enqueue(session: Session, firm_id: uuid.UUID, new: NewMessage) -> Message:
    """Queue the mail in the caller's transaction; its Message-ID is fixed here. Raises ``AlreadyQueued``.

    It leaves no earlier than ``due_at`` and only while its stream lets it.
    """
    message = Message(**_values(firm_id, new))
    session.add(message)
    with named(session, {"uq_messages_firm_id_dedupe_key": AlreadyQueued(_ALREADY)}):
        pass
    session.info.setdefault(_RINGS, set()).add(firm_id)
    return message


def enqueue_all(session: Session, firm_id: uuid.UUID, new: Iterable[NewMessage]) -> list[uuid.UUID]:
    """Do the same for many, some twenty times as fast, and return their keys. Raises ``AlreadyQueued`` for all."""
    rows = [_values(firm_id, each) for each in new]
    with named(session, {"uq_messages_firm_id_dedupe_key": AlreadyQueued(_ALREADY)}):
        session.execute(sa.insert(_messages), rows)
    session.info.setdefault(_RINGS, set()).add(firm_id)
    return [row["id"] for row in rows]


def _values(firm_id: uuid.UUID, new: NewMessage) -> dict[str, Any]:
    key, address, at = new_id(), _sender(new.stream), new.time_of_day
    return {
        "id": key,
        "firm_id": firm_id,
        "stream": new.stream,
        "subject_id": new.subject_id,
        "candidate_id": new.candidate_id,
        "dedupe_key": new.dedupe_key,
        "recipient": new.recipient.address,
        "recipient_name": new.recipient.name,
        "sender": address,
        "sender_name": new.sender.name,
        "reply_to": _reply_to(key, new),
        "message_id": f"<{secrets.token_hex(16)}@{address.rpartition('@')[2]}>",
        "payload": new.payload,
        "due_at": new.due_at,
        "first_due_at": new.due_at,
        "due_zone": at and at.zone,
        "due_local": at and at.shown_at(new.due_at),
        "not_before": at and at.not_before,
        "not_after": new.not_after,
    }


def _sender(stream: StreamKind) -> str:
    """Mail that people can leave has a sender of its own, where one is set: complaints about it harm no decision."""
    settings = config.current()
    own = settings.pool_mail_from if stream is StreamKind.POOL else ""
    return _own_address(own or settings.mail_from)


@functools.cache
def _own_address(mail_from: str) -> str:
    return parseaddr(mail_from)[1]


def _reply_to(key: uuid.UUID, new: NewMessage) -> str | None:
    """A candidate answers to where their answer joins their record, where there is such an address."""
    ours = addresses.reply_to(key) if new.candidate_id is not None else None
    return ours or new.reply_to or new.sender.address or None


def withdraw(session: Session, firm_id: uuid.UUID, message_id: uuid.UUID) -> bool:
    """Take a message back, and return whether that came in time: before any of it was handed to a relay.

    A compare-and-set: of this and the worker's mark only one can win. The caller changes its own rows, and only after
    this call: the worker holds the message first too, so that the two never wait for each other.
    """
    cancelled = session.scalar(
        sa.update(Message)
        .where(
            Message.firm_id == firm_id,
            Message.id == message_id,
            Message.state.in_(_NOT_UNDER_WAY),
            Message.handed_over_at.is_(None),
        )
        .values(state=MessageState.CANCELLED, lease_owner=None, lease_until=None)
        .returning(Message.id)
    )
    if cancelled is not None:
        streams.count(session, Outcome.CANCELLED)
    return cancelled is not None


def cancel_for_candidate(
    session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, stream: StreamKind | None = None
) -> int:
    """Take back all that waits for this person, of one stream or of all; tell the streams; return how many.

    What was tried before and waits for another try is taken back too.
    """
    waiting = sa.select(Message).where(
        Message.firm_id == firm_id,
        Message.candidate_id == candidate_id,
        Message.state.in_(_NOT_UNDER_WAY),
    )
    if stream is not None:
        waiting = waiting.where(Message.stream == stream)
    messages = session.scalars(waiting.with_for_update()).all()
    for message in messages:
        message.state = MessageState.CANCELLED
        message.lease_owner = message.lease_until = None
        streams.tell(session, [message], Outcome.CANCELLED)
    return len(messages)


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    """Wake the worker, of this process or of another, as soon as what it is to find is visible."""
    for firm_id in session.info.pop(_RINGS, ()):
        bell.ring(WORK)
        bell.ring(shards.work(shards.number(firm_id)))
