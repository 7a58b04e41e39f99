"""Turns of several lines in one transaction; each line has marked no more than its own for that."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from recruiter.db.engine import db
from recruiter.outbox import delivery
from recruiter.outbox.leases import Lease
from recruiter.outbox.settlement import Ended

# SQLite has one writer; PostgreSQL works on one turn while we prepare the other. More leave each with too little.
SIDE_BY_SIDE = {"sqlite": 1, "postgresql": 2}
GATHER_SECONDS = 0.005  # about as long as a relay near by takes for a mail


@dataclass(eq=False, slots=True)
class _Asked:
    """The turn of one line, and what came of it; ``called`` when it was taken or is to be."""

    ended: Sequence[Ended]
    following: Sequence[Lease]
    called: threading.Event = field(default_factory=threading.Event)
    marked: list[Lease] | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """Whether it was taken, well or badly."""
        return self.marked is not None or self.error is not None


@dataclass(eq=False, slots=True)
class _Firm:
    """How many ``lines`` work for one firm, and how many are ``asking`` for turns of which some are under way."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    lines: int = 0
    asking: int = 0
    waiting: list[_Asked] = field(default_factory=list)
    under_way: int = 0

    @property
    def is_gathered(self) -> bool:
        """Whether no line carries mail at present, and so none is about to ask."""
        return self.asking >= self.lines


class Turns:
    """The turns of this process: what comes while one is committed goes into the next, together.

    A commit costs nearly the same for ten lines as for one, and lines that write one after the other wait for all. So a
    turn waits a moment for the lines that are about to ask.
    """

    def __init__(self) -> None:
        self._firms: dict[uuid.UUID, _Firm] = {}

    @contextmanager
    def joined(self, firm_id: uuid.UUID) -> Iterator[None]:
        """Let the turns of the firm wait for a line that carries its mail in this block."""
        firm = self._of(firm_id)
        with firm.changed:
            firm.lines += 1
        try:
            yield
        finally:
            with firm.changed:
                firm.lines -= 1
                _tell(firm)

    def take(self, ended: Sequence[Ended], following: Sequence[Lease]) -> list[Lease]:
        """Do as ``delivery.turn`` does, perhaps along with others; what went wrong is raised to each of them."""
        firm_id = [*(end.lease for end in ended), *following][0].firm_id
        firm = self._of(firm_id)
        asked = _Asked(ended, following)
        if _waits(firm, asked):
            asked.called.wait()
        if not asked.is_over:
            behind = _gathered(firm)
            _take([asked, *behind])
            _hand_on(firm, 1 + len(behind))
            for each in behind:
                each.called.set()
        if asked.error is not None:
            raise asked.error
        return asked.marked or []

    def _of(self, firm_id: uuid.UUID) -> _Firm:
        return self._firms.setdefault(firm_id, _Firm())  # two lines at once get the same


def _waits(firm: _Firm, asked: _Asked) -> bool:
    with firm.changed:
        firm.asking += 1
        _tell(firm)
        if firm.under_way < SIDE_BY_SIDE[db.engine.dialect.name]:
            firm.under_way += 1
            return False
        firm.waiting.append(asked)
        return True


def _tell(firm: _Firm) -> None:
    if firm.is_gathered:
        firm.changed.notify_all()


def _gathered(firm: _Firm) -> list[_Asked]:
    """Return who takes part in the turn that begins, beside the line that takes it."""
    with firm.changed:
        firm.changed.wait_for(lambda: firm.is_gathered, GATHER_SECONDS)
        behind, firm.waiting = firm.waiting, []
    return behind


def _hand_on(firm: _Firm, served: int) -> None:
    """Let the line that has waited longest take the next turn, for all that will wait by then."""
    with firm.changed:
        firm.asking -= served
        if firm.waiting:
            firm.waiting.pop(0).called.set()
        else:
            firm.under_way -= 1


def _take(together: Sequence[_Asked]) -> None:
    ended = [end for each in together for end in each.ended]
    following = [lease for each in together for lease in each.following]
    try:
        marked = set(delivery.turn(ended, following))
    except Exception as error:  # noqa: BLE001 - raised to whoever asked
        for each in together:
            each.error = error
    else:
        for each in together:
            each.marked = [lease for lease in each.following if lease in marked]
