"""The door upwards: what each kind of message says, whether it may still leave, and who hears how it ended."""

import datetime as dt
import enum
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import prometheus_client
from sqlalchemy import event
from sqlalchemy.orm import Session

from recruiter.outbox.models import Message, StreamKind

ENDED = prometheus_client.Counter("recruiter_messages_ended", "Messages that ended, by how.", ["state"])
_ENDED = "recruiter.outbox.ended"


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
    MOVED = "moved"

    @property
    def is_failure(self) -> bool:
        """Whether it ended without leaving, against the sender's will."""
        return self in {Outcome.REJECTED, Outcome.SUPPRESSED, Outcome.STOPPED, Outcome.EXPIRED, Outcome.DEAD}

    @property
    def is_end(self) -> bool:
        """Whether nothing more will be tried."""
        return self.is_failure or self in {Outcome.ACCEPTED, Outcome.CANCELLED}


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a message must not leave now: a stable code and words for a member.

    With ``until`` it waits for that moment and is asked again; without, it ends so and a person sees why.
    """

    code: str
    detail: str
    until: dt.datetime | None = None
    outcome: Outcome = Outcome.STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a mail says, and in which language (BCP 47 tag).

    ``secrets`` are the words, such as a link's token, that the kept record must not show.
    """

    subject: str
    text: str
    html: str
    language: str | None = None
    secrets: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    list_id: str | None = None
    is_automatic: bool = False

    @property
    def kept_text(self) -> str:
        """The text as the record keeps it and members read it: what opens a page for its reader is not in it."""
        text = self.text
        for secret in self.secrets:
            text = text.replace(secret, "[link]")
        return text


Writer = Callable[[], Content]
"""Writes one mail, from what was read before. Raises ``DomainError`` for one that cannot be written."""


class Stream(Protocol):
    """A feature whose messages the outbox delivers.

    Each call is about messages of one firm and this stream, inside a block of the firm. It takes a number of queries
    that does not grow with theirs.
    """

    resends_when_in_doubt: bool
    """Whether a message that may have arrived is sent once more, byte for byte the same, or dropped."""

    def may_leave(self, session: Session, messages: Sequence[Message]) -> Mapping[uuid.UUID, Stop]:
        """Return by id, in the transaction just before they leave, which of the messages must not, and why."""
        ...

    def writers(self, session: Session, messages: Sequence[Message]) -> Mapping[uuid.UUID, Writer]:
        """Return by id who writes each mail: a pure function of what was frozen, so that a retry says the same."""
        ...

    def settled(self, session: Session, messages: Sequence[Message], outcome: Outcome) -> None:
        """Hear, in the transaction that records it, what became of the messages."""
        ...


_streams: dict[StreamKind, Stream] = {}


def register(kind: StreamKind, stream: Stream) -> None:
    """Make ``stream`` answer for messages of this kind; called by the application, once for each kind."""
    _streams[kind] = stream


def find(kind: StreamKind) -> Stream | None:
    """Return the stream of this kind, or None; a message of a kind without one never leaves."""
    return _streams.get(kind)


def tell(session: Session, messages: Iterable[Message], outcome: Outcome) -> None:
    """Tell each stream what became of its messages, and count what ended; a kind without a stream is only counted."""
    for kind, of_kind in by_kind(messages).items():
        count(session, outcome, len(of_kind))
        stream = find(kind)
        if stream is not None:
            stream.settled(session, of_kind, outcome)


def count(session: Session, outcome: Outcome, number: int = 1) -> None:
    """Count messages that ended, once the caller's transaction is committed."""
    if outcome.is_end:
        ended: Counter[Outcome] = session.info.setdefault(_ENDED, Counter())
        ended[outcome] += number


@event.listens_for(Session, "after_commit")
def _count(session: Session) -> None:
    for outcome, number in session.info.pop(_ENDED, {}).items():
        ENDED.labels(outcome.value).inc(number)


def by_kind(messages: Iterable[Message]) -> dict[StreamKind, list[Message]]:
    """Return the messages of each stream."""
    found: dict[StreamKind, list[Message]] = {}
    for message in messages:
        found.setdefault(message.stream, []).append(message)
    return found
