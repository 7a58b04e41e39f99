"""The right to try messages, for a while, and the rounds in which lines use it."""

import datetime as dt
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.outbox.models import Message, MessageState

ROUND = 10  # messages that a line is given at once; they are read together

# Built once: building it costs more than running it.
_LEASED = (
    sa.select(Message)
    .where(Message.firm_id == sa.bindparam("firm_id"), Message.id == sa.bindparam("message_id"))
    .where(Message.fence == sa.bindparam("fence"), Message.state.in_(sa.bindparam("states", expanding=True)))
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to try one message until the lease ends; ``fence`` tells it from every earlier and later one.

    ``message`` is as it was when it was claimed.
    """

    message: Message = field(repr=False)
    fence: int

    @property
    def firm_id(self) -> uuid.UUID:
        """The firm whose message it is."""
        return self.message.firm_id

    @property
    def message_id(self) -> uuid.UUID:
        """The message's key."""
        return self.message.id


@dataclass(eq=False, slots=True)
class Round:
    """Leased messages of one firm that one line works through; ``lasts_until`` (UTC) they are surely its own."""

    leases: Sequence[Lease]
    lasts_until: dt.datetime

    @property
    def firm_id(self) -> uuid.UUID:
        """The firm whose messages these are."""
        return self.leases[0].firm_id


def rounds(claimed: Sequence[Lease], lines: int) -> list[Round]:
    """Return what was claimed just now in rounds of one length, so that few messages leave side by side."""
    size = max(1, min(ROUND, math.ceil(len(claimed) / lines)))
    lasts_until = end(clock.now())
    return [Round(claimed[start : start + size], lasts_until) for start in range(0, len(claimed), size)]


def find(session: Session, lease: Lease, *states: MessageState) -> Message | None:
    """Return the message, held until the transaction ends, if it is in one of these states under this very lease."""
    values = {"firm_id": lease.firm_id, "message_id": lease.message_id, "fence": lease.fence, "states": states}
    return session.scalar(_LEASED, values)


def end(now: dt.datetime) -> dt.datetime:
    """Return until when a lease lasts that begins or is renewed now (UTC)."""
    return now + dt.timedelta(seconds=config.current().lease_seconds)


def batch(rows: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, object]] | Mapping[str, object]:
    """Return the rows as one statement takes them: to PostgreSQL's driver a batch of one is more work than the row."""
    return rows if len(rows) > 1 else rows[0]
