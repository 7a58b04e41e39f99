"""The engine that the settings choose, one for each application."""

import os
import signal
import threading
from collections.abc import Callable

from flask import Flask

from recruiter import config
from recruiter.db import one_clock
from recruiter.db.engine import db
from recruiter.engine.base import Engine
from recruiter.engine.embedded import Embedded
from recruiter.engine.gauges import Ticks
from recruiter.web import operations

KEY = "recruiter.engine"


def of(app: Flask) -> Engine:
    """Return the application's engine, to which features add their work; made at the first call."""
    if KEY not in app.extensions:
        app.extensions[KEY] = _make(app)
    engine: Engine = app.extensions[KEY]
    return engine


def told_to_stop() -> threading.Event:
    """Return the event that TERM or INT sets from now on; called once in a process, by its main thread.

    The system may hand the signal to any thread, as it does after the process stood still. Python's own handlers
    would then wait for the main thread, which waits for them.
    """
    stop = threading.Event()
    hears, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    def wait() -> None:
        os.read(hears, 1)
        stop.set()

    threading.Thread(target=wait, name="recruiter-signals", daemon=True).start()
    return stop


def attend(app: Flask) -> None:
    """Take part in the installation without delivering: pass on what is rung, by the clock that all go by."""
    _follow_the_clock(app)
    of(app).attend()


def run(app: Flask, stop: threading.Event) -> None:
    """Deliver, and do all other work that the application registered, until ``stop`` is set; then end cleanly."""
    go_by_machine = _follow_the_clock(app)
    engine = of(app)
    engine.start()
    try:
        stop.wait()
    finally:
        engine.stop()
        go_by_machine()


def _follow_the_clock(app: Flask) -> Callable[[], None]:
    with app.app_context():
        return one_clock.follow(db.engine)


def _make(app: Flask) -> Engine:
    settings = config.current()
    if not settings.shares_work:
        return Embedded(app.app_context)
    from recruiter.engine.procrastinate import Procrastinate  # noqa: PLC0415 - costs each start a quarter of a second

    operations.add_gauges(app, Ticks(settings))
    return Procrastinate(app.app_context, settings)
