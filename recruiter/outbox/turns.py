"""Turns of several lines in one transaction; each line has marked no more than its own for that."""

import queue
import threading
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from recruiter.outbox import delivery
from recruiter.outbox.leases import Lease
from recruiter.outbox.settlement import Ended


@dataclass(eq=False, slots=True)
class _Asked:
    """The turn of one line, and what came of it."""

    ended: Sequence[Ended]
    following: Sequence[Lease]
    marked: list[Lease] | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """Whether it was taken, well or badly."""
        return self.marked is not None or self.error is not None


@dataclass(eq=False, slots=True)
class _Firm:
    """What lines ask for one firm while a turn of it is under way."""

    at_work: threading.Lock = field(default_factory=threading.Lock)
    asked: "queue.SimpleQueue[_Asked]" = field(default_factory=queue.SimpleQueue)


class Turns:
    """The turns of this process: what comes while one is committed goes into the next, together.

    A commit costs nearly the same for four lines as for one, and lines that write one after the other wait for all.
    """

    def __init__(self) -> None:
        self._firms: defaultdict[uuid.UUID, _Firm] = defaultdict(_Firm)

    def take(self, ended: Sequence[Ended], following: Sequence[Lease]) -> list[Lease]:
        """Do as ``delivery.turn`` does, perhaps along with others; what went wrong is raised to each of them."""
        firm = self._firms[[*(end.lease for end in ended), *following][0].firm_id]
        asked = _Asked(ended, following)
        firm.asked.put(asked)
        with firm.at_work:
            if not asked.is_over:
                _take([firm.asked.get() for _ in range(firm.asked.qsize())])
        if asked.error is not None:
            raise asked.error
        return asked.marked or []


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
