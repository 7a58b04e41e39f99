"""How sending stands for one firm: what should have left and has not, since when, and what it waits for."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.outbox import queries, stops
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.replies import Verdict
from recruiter.outbox.stops import Halt

GRACE = dt.timedelta(minutes=1)
# What keeps all mail back: the way to the relay. No code at all means that nobody has tried.
_STANDS_STILL = {None, Verdict.LINE_LOST.value, Verdict.CREDENTIALS.value, Verdict.THROTTLED.value}


@dataclass(frozen=True, slots=True)
class Wait:
    """Messages that wait for the same thing: its code, how many, and since when the first should have left (UTC)."""

    code: str | None
    detail: str | None
    messages: int
    since: dt.datetime

    @property
    def stands_still(self) -> bool:
        """Whether it keeps everybody's mail back, not that to one recipient."""
        return self.code in _STANDS_STILL


@dataclass(frozen=True, slots=True)
class Standing:
    """How sending stands: what stops it, what waits, and how many mails may have arrived, of them for a person."""

    halt: Halt | None
    waits: Sequence[Wait]
    doubtful: int
    for_a_person: int

    @property
    def since(self) -> dt.datetime | None:
        """When the first mail should have left of those that stand still (UTC), or None while mail leaves."""
        return min((wait.since for wait in self.waits if wait.stands_still), default=None)


def read(session: Session, firm_id: uuid.UUID) -> Standing:
    """Return how sending stands for the firm."""
    of_firm = Message.firm_id == firm_id
    since = sa.func.min(Message.first_due_at)
    overdue = (
        sa.select(Message.problem_code, sa.func.max(Message.problem_detail), sa.func.count(), since)
        .where(of_firm, Message.state.in_(queries.WAITING), Message.first_due_at <= clock.now() - GRACE)
        .group_by(Message.problem_code)
        .order_by(since)
    )
    doubtful = sa.select(sa.func.count(), sa.func.count(sa.case((Message.lease_until.is_(None), 1)))).where(
        of_firm, Message.state == MessageState.DOUBTFUL
    )
    counts = session.execute(doubtful).one()
    waits = _together([Wait(*row) for row in session.execute(overdue)])
    return Standing(stops.find(session, firm_id), waits, counts[0], counts[1])


def _together(waits: list[Wait]) -> list[Wait]:
    """What nobody has tried waits behind what was tried in vain, if the way to the relay was in the way of that."""
    untried = next((wait for wait in waits if wait.code is None), None)
    behind = next((wait for wait in waits if wait.code is not None and wait.stands_still), None)
    if untried is None or behind is None:
        return waits
    both = Wait(behind.code, behind.detail, behind.messages + untried.messages, min(behind.since, untried.since))
    return [both, *(wait for wait in waits if wait not in (untried, behind))]
