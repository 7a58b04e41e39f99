"""The engine of one machine: a thread for each kind of work, inside the process that delivers."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from recruiter.engine import bell
from recruiter.engine.base import Chore, Pulse, Work

RESTS_AFTER_FAILURE = 1.0  # seconds; a database that is away is asked again no faster


class Embedded:
    """Runs each kind of work in a thread of its own; a failing round is logged and tried again."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]]) -> None:
        self._context = context
        self._chores: dict[str, tuple[Chore, threading.Event]] = {}
        self._threads: list[threading.Thread] = []
        self._first: list[Callable[[], None]] = []
        self._farewells: list[Callable[[], None]] = []
        self._stopping = threading.Event()

    def every(self, name: str, seconds: float | None, work: Work, *, everywhere: bool = False) -> None:  # noqa: ARG002
        """Run ``work`` at least every ``seconds`` once started, in rounds that never overlap; None: when kicked.

        There is one process, so ``everywhere`` is here.
        """
        self._chores[name] = (Chore(name, seconds, work), threading.Event())

    def at_stop(self, farewell: Callable[[], None], *, first: bool = False) -> None:
        """Call ``farewell`` after the last round has ended or, with ``first``, before the rounds are waited for."""
        (self._first if first else self._farewells).append(farewell)

    def kick(self, name: str) -> None:
        """Run this work now rather than at its next time; a name that nothing runs under is no error."""
        if name in self._chores:
            self._chores[name][1].set()

    def health(self) -> Mapping[str, Pulse]:
        """Return how each kind of work is doing."""
        return {name: chore.pulse for name, (chore, _) in self._chores.items()}

    def attend(self) -> None:
        """Nothing to do in a process that does not deliver: the one that does looks for work itself."""

    def leave(self) -> None:
        """Nothing to do either."""

    def start(self) -> None:
        """Begin every kind of work."""
        self._stopping.clear()
        bell.listen(self.kick)
        for chore, wake in self._chores.values():
            thread = threading.Thread(target=self._keep_running, args=(chore, wake), name=f"recruiter-{chore.name}")
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End every kind of work after the round it is in; returns when all have ended."""
        bell.ignore(self.kick)
        self._stopping.set()
        for farewell in self._first:
            farewell()
        for _, wake in self._chores.values():
            wake.set()
        while self._threads:
            self._threads.pop().join()
        for farewell in self._farewells:
            farewell()

    def _keep_running(self, chore: Chore, wake: threading.Event) -> None:
        while not self._stopping.is_set():
            wake.clear()
            if chore.round(self._context()):
                continue
            if chore.pulse.failures:
                # A ring cannot hurry this rest, else each new message would knock on a closed door.
                self._stopping.wait(max(chore.seconds or 0, RESTS_AFTER_FAILURE))
            else:
                wake.wait(chore.seconds)
