"""The port of the work engine: three calls, whichever engine stands behind them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

Work = Callable[[], int]
"""One round of work; returns whether, or how much, was done: then the next follows at once.

A round that is lost costs time and a doubled one finds nothing to do."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """When a kind of work last ended well (UTC, None: never), and how often it has failed since then."""

    succeeded_at: dt.datetime | None
    failures: int


class Engine(Protocol):
    """Runs rounds of work by name."""

    def every(self, name: str, seconds: float, work: Work) -> None:
        """Run ``work`` at least every ``seconds``, in rounds that never overlap."""
        ...

    def kick(self, name: str) -> None:
        """Run this work now rather than at its next time."""
        ...

    def health(self) -> Mapping[str, Pulse]:
        """Return how each kind of work is doing."""
        ...
