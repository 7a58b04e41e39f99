"""The port of the work engine: three calls, whichever engine stands behind them."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import structlog

from recruiter import clock, logs

Work = Callable[[], int]
"""One round of work; returns whether, or how much, was done: then the next follows at once.

A round that is lost costs time and a doubled one finds nothing to do."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pulse:
    """When a kind of work last ended well (UTC, None: never), and how often it has failed since then."""

    succeeded_at: dt.datetime | None
    failures: int


class Engine(Protocol):
    """Runs rounds of work by name: ``every``, ``kick`` and ``health`` are for features, the rest for processes."""

    def every(self, name: str, seconds: float | None, work: Work, *, everywhere: bool = False) -> None:
        """Run ``work`` at least every ``seconds``, in rounds that never overlap; None: only when it is kicked.

        One process of the installation runs the round, unless the work is each process's own (``everywhere``).
        """
        ...

    def kick(self, name: str) -> None:
        """Run this work now rather than at its next time; a name that nothing runs under is no error."""
        ...

    def health(self) -> Mapping[str, Pulse]:
        """Return how each kind of work is doing in this process."""
        ...

    def at_stop(self, farewell: Callable[[], None], *, first: bool = False) -> None:
        """Call ``farewell`` after the last round has ended or, with ``first``, before the rounds are waited for."""
        ...

    def attend(self) -> None:
        """Pass on what is rung in a process that does not deliver."""
        ...

    def leave(self) -> None:
        """Pass on nothing more; what was rung is sent first."""
        ...

    def start(self) -> None:
        """Begin every kind of work in this process."""
        ...

    def stop(self) -> None:
        """End every kind of work after the round it is in; returns when all have ended."""
        ...


class Chore:
    """One kind of work and its pulse; a failing round is logged, and tried again when it is next due."""

    def __init__(self, name: str, seconds: float | None, work: Work) -> None:
        self.name = name
        self.seconds = seconds
        self.pulse = Pulse(None, 0)
        self._work = work

    def round(self, context: AbstractContextManager[object]) -> int:
        """Run one round inside ``context``; return what it returns, 0 after a failure."""
        logs.begin()
        try:
            with context:
                follows = self._work()
        except Exception:
            self.pulse = Pulse(self.pulse.succeeded_at, self.pulse.failures + 1)
            log.exception("work_failed", work=self.name, failures=self.pulse.failures)
            return 0
        self.pulse = Pulse(clock.now(), 0)
        return follows
