"""The engine of one machine: a thread for each kind of work, inside the process that delivers."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import structlog
from flask import Flask

from recruiter import clock
from recruiter.engine import bell
from recruiter.engine.base import Pulse, Work

KEY = "recruiter.engine"
RESTS_AFTER_FAILURE = 1.0  # seconds; a database that is away is asked again no faster

log = structlog.get_logger()


class _Job:
    def __init__(self, name: str, seconds: float, work: Work) -> None:
        self.name = name
        self.seconds = seconds
        self.work = work
        self.wake = threading.Event()
        self.pulse = Pulse(None, 0)


class Embedded:
    """Runs each kind of work in a thread of its own; a failing round is logged and tried again."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]]) -> None:
        self._context = context
        self._jobs: dict[str, _Job] = {}
        self._threads: list[threading.Thread] = []
        self._farewells: list[Callable[[], None]] = []
        self._stopping = threading.Event()

    def every(self, name: str, seconds: float, work: Work) -> None:
        """Run ``work`` at least every ``seconds`` once started, in rounds that never overlap."""
        self._jobs[name] = _Job(name, seconds, work)

    def at_stop(self, farewell: Callable[[], None]) -> None:
        """Call ``farewell`` after the last round has ended."""
        self._farewells.append(farewell)

    def kick(self, name: str) -> None:
        """Run this work now rather than at its next time; a name that nothing runs under is no error."""
        if name in self._jobs:
            self._jobs[name].wake.set()

    def health(self) -> Mapping[str, Pulse]:
        """Return how each kind of work is doing."""
        return {name: job.pulse for name, job in self._jobs.items()}

    def start(self) -> None:
        """Begin every kind of work."""
        self._stopping.clear()
        bell.listen(self.kick)
        for job in self._jobs.values():
            thread = threading.Thread(target=self._keep_running, args=(job,), name=f"recruiter-{job.name}")
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End every kind of work after the round it is in; returns when all have ended."""
        bell.ignore(self.kick)
        self._stopping.set()
        for job in self._jobs.values():
            job.wake.set()
        while self._threads:
            self._threads.pop().join()
        for farewell in self._farewells:
            farewell()

    def _keep_running(self, job: _Job) -> None:
        while not self._stopping.is_set():
            job.wake.clear()
            if not self._run(job):
                # A ring cannot hurry a rest after a failure, else each new message would knock on a closed door.
                (self._stopping if job.pulse.failures else job.wake).wait(
                    max(job.seconds, RESTS_AFTER_FAILURE) if job.pulse.failures else job.seconds
                )

    def _run(self, job: _Job) -> int:
        try:
            with self._context():
                follows = job.work()
        except Exception:
            job.pulse = Pulse(job.pulse.succeeded_at, job.pulse.failures + 1)
            log.exception("work_failed", work=job.name, failures=job.pulse.failures)
            return 0
        job.pulse = Pulse(clock.now(), 0)
        return follows


def of(app: Flask) -> Embedded:
    """Return the application's engine, to which features add their work; made at the first call."""
    engine: Embedded = app.extensions.setdefault(KEY, Embedded(app.app_context))
    return engine


def run(app: Flask, stop: threading.Event) -> None:
    """Deliver, and do all other work that the application registered, until ``stop`` is set; then end cleanly."""
    engine = of(app)
    engine.start()
    try:
        stop.wait()
    finally:
        engine.stop()
