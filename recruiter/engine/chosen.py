"""The engine that the settings choose, one for each application."""

import threading

from flask import Flask

from recruiter import config
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


def run(app: Flask, stop: threading.Event) -> None:
    """Deliver, and do all other work that the application registered, until ``stop`` is set; then end cleanly."""
    engine = of(app)
    engine.start()
    try:
        stop.wait()
    finally:
        engine.stop()


def _make(app: Flask) -> Engine:
    settings = config.current()
    if not settings.shares_work:
        return Embedded(app.app_context)
    from recruiter.engine.procrastinate import Procrastinate  # noqa: PLC0415 - costs each start a quarter of a second

    operations.add_gauges(app, Ticks(settings))
    return Procrastinate(app.app_context, settings)
