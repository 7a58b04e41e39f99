"""The door upwards: what each kind of message says, whether it may still leave, and who hears how it ended."""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from recruiter.outbox.models import Message, StreamKind


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a message must not leave now: a stable code and words for a member.

    With ``until`` it waits for that moment and is asked again; without, it ends and a person sees why.
    """

    code: str
    detail: str
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a mail says. ``secrets`` are the words, such as a link's token, that the kept record must not show."""

    subject: str
    text: str
    html: str
    secrets: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    list_id: str | None = None
    is_automatic: bool = False


class Outcome(enum.StrEnum):
    """What became of a message, as its stream hears it."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    STOPPED = "stopped"
    EXPIRED = "expired"
    DEAD = "dead"
    CANCELLED = "cancelled"

    @property
    def is_failure(self) -> bool:
        """Whether it ended without leaving, against the sender's will."""
        return self in {Outcome.REJECTED, Outcome.SUPPRESSED, Outcome.STOPPED, Outcome.EXPIRED, Outcome.DEAD}


class Stream(Protocol):
    """A feature whose messages the outbox delivers. Each call is inside a block of the message's firm."""

    resends_when_in_doubt: bool
    """Whether a message that may have arrived is sent once more, byte for byte the same, or dropped."""

    def may_leave(self, session: Session, message: Message) -> Stop | None:
        """Decide, in the transaction just before the message leaves, whether it still may."""
        ...

    def content(self, session: Session, message: Message) -> Content:
        """Return what the mail says: a pure function of what was frozen, so that a retry says the same."""
        ...

    def settled(self, session: Session, message: Message, outcome: Outcome) -> None:
        """Hear, in the transaction that records it, what became of the message."""
        ...


_streams: dict[StreamKind, Stream] = {}


def register(kind: StreamKind, stream: Stream) -> None:
    """Make ``stream`` answer for messages of this kind; called by the application, once for each kind."""
    _streams[kind] = stream


def find(kind: StreamKind) -> Stream | None:
    """Return the stream of this kind, or None; a message of a kind without one never leaves."""
    return _streams.get(kind)
