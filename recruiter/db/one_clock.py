"""One clock for all machines: a process that follows it goes by PostgreSQL's, whatever its own machine's says."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from recruiter import clock

LOOK_SECONDS = 10.0
MOST_SECONDS = 1.0  # an answer that took longer, as when the process stood still meanwhile, says too little


def follow(engine: sa.Engine) -> Callable[[], None]:
    """Set this process's time by the server's, now and every ten seconds that the database is used in.

    Return what ends it. On SQLite there is one machine, and nothing to follow. A server that is away is asked as soon
    as it is back.
    """
    if engine.dialect.name != "postgresql":
        return lambda: None
    look_at = 0.0

    def look(connection: Any, _record: ConnectionPoolEntry, _proxy: object) -> None:
        nonlocal look_at
        if clock.steady() < look_at:
            return
        try:
            asked_at = clock.steady()
            (moment,) = connection.execute("SELECT clock_timestamp()").fetchone()
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error
        answered_at = clock.steady()
        if answered_at - asked_at <= MOST_SECONDS:
            clock.go_on_from(moment.astimezone(dt.UTC), (asked_at + answered_at) / 2)
            look_at = answered_at + LOOK_SECONDS

    event.listen(engine, "checkout", look)
    with suppress(sa.exc.OperationalError), engine.connect():
        pass

    def end() -> None:
        event.remove(engine, "checkout", look)
        clock.go_by_machine()

    return end
