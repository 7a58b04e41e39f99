"""Turns of several lines in one transaction; each line has marked no more than its own for that."""

import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from recruiter.db.engine import db
from recruiter.outbox import delivery
from recruiter.outbox.leases import Lease
from recruiter.outbox.settlement import Ended

# SQLite has one writer; PostgreSQL works on one turn while we prepare the other. More leave each with too little.
SIDE_BY_SIDE = {"sqlite": 1, "postgresql": 2}


@dataclass(eq=False, slots=True)
class _Asked:
    """The turn of one line, and what came of it; ``called`` when it was taken, or is to be, with those ``behind``."""

    ended: Sequence[Ended]
    following: Sequence[Lease]
    behind: "list[_Asked]" = field(default_factory=list)
    called: threading.Event = field(default_factory=threading.Event)
    marked: list[Lease] | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """Whether it was taken, well or badly."""
        return self.marked is not None or self.error is not None


@dataclass(eq=False, slots=True)
class _Firm:
    """What lines ask for one firm while turns of it are under way."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Asked] = field(default_factory=list)
    under_way: int = 0


class Turns:
    """The turns of this process: what comes while one is committed goes into the next, together.

    A commit costs nearly the same for four lines as for one, and lines that write one after the other wait for all.
    """

    def __init__(self) -> None:
        self._firms: dict[uuid.UUID, _Firm] = {}

    def take(self, ended: Sequence[Ended], following: Sequence[Lease]) -> list[Lease]:
        """Do as ``delivery.turn`` does, perhaps along with others; what went wrong is raised to each of them."""
        firm_id = [*(end.lease for end in ended), *following][0].firm_id
        firm = self._firms.setdefault(firm_id, _Firm())  # two lines at once get the same
        asked = _Asked(ended, following)
        if _waits(firm, asked):
            asked.called.wait()
        if not asked.is_over:
            _take([asked, *asked.behind])
            _hand_on(firm)
            for each in asked.behind:
                each.called.set()
        if asked.error is not None:
            raise asked.error
        return asked.marked or []


def _waits(firm: _Firm, asked: _Asked) -> bool:
    with firm.lock:
        if firm.under_way < SIDE_BY_SIDE[db.engine.dialect.name]:
            firm.under_way += 1
            return False
        firm.waiting.append(asked)
        return True


def _hand_on(firm: _Firm) -> None:
    """Let the line that has waited longest take the next turn, for all that wait."""
    with firm.lock:
        if firm.waiting:
            (first, *first.behind), firm.waiting = firm.waiting, []
            first.called.set()
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
