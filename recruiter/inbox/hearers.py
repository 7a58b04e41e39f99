"""The door upwards: who hears that a message came back, that it was unwanted, or that somebody answered it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from recruiter.outbox.models import Message, StreamKind


@dataclass(frozen=True, slots=True)
class Return:
    """Why a message did not stay: a stable code, ``bounced`` or ``complained``, and words without an address."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a person wrote to us about a message, without what they quoted. ``written_at`` is UTC.

    ``address`` is where it claims to come from; nothing proves it, and ``is_unverified`` says that it is not so.
    """

    firm_id: uuid.UUID
    candidate_id: uuid.UUID
    written_at: dt.datetime
    subject: str
    text: str
    address: str
    is_unverified: bool


class Hearer(Protocol):
    """A feature whose messages can come back. Each call is inside the transaction that records it."""

    def came_back(self, session: Session, message: Message, why: Return) -> None:
        """Hear, perhaps more than once, that a message which had left did not reach or please its reader."""
        ...


class Listener(Protocol):
    """A feature that keeps what people write, or lets them go. Each call is inside the transaction that records it."""

    def replied(self, session: Session, reply: Reply) -> bool:
        """Keep an answer; return whether there is still somebody to keep it with."""
        ...


class Usher(Protocol):
    """A feature that people can leave by mail."""

    def unsubscribed(self, session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> bool:
        """Let the person go; return whether there was anything to leave."""
        ...


_hearers: dict[StreamKind, Hearer] = {}
_listeners: list[Listener] = []
_ushers: list[Usher] = []


def register(hearers: dict[StreamKind, Hearer], listener: Listener, usher: Usher) -> None:
    """Say who hears what; called by the application, once."""
    _hearers.update(hearers)
    _listeners[:] = [listener]
    _ushers[:] = [usher]


def hearer(kind: StreamKind) -> Hearer | None:
    """Return who hears of returned messages of this kind, or None where the log of the person is enough."""
    return _hearers.get(kind)


def listener() -> Listener:
    """Return who keeps answers."""
    return _listeners[0]


def usher() -> Usher:
    """Return who lets people go."""
    return _ushers[0]
