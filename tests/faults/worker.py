"""A delivering process that the tests talk to: it stops itself at a named point, moves its clock, fills its disk."""

import datetime as dt
import os
import signal
import sys
import threading

import time_machine
from sqlalchemy import event

from recruiter import logs
from recruiter.config import Settings
from recruiter.db import engine
from recruiter.engine import chosen
from recruiter.outbox import streams
from recruiter.outbox.models import MessageState, StreamKind
from tests.outbox.letters import Letters, make_app

ROOMY = 1_073_741_823  # pages; as many as SQLite lets a database have

# The state that a transaction gives a message, and whether the process stops before or after its commit.
POINTS = {
    "claimed": (MessageState.LEASED, "checkin"),
    "marked": (MessageState.SENDING, "checkin"),
    "recording": (MessageState.ACCEPTED, "commit"),
    "recorded": (MessageState.ACCEPTED, "checkin"),
}


def main(environment, log, pipe, first):
    """Deliver by these settings until TERM; do these orders first, and then what is said through the pipe."""
    with open(log, "ab") as file:  # noqa: PTH123 - its number is what is wanted
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    stop = chosen.told_to_stop()
    settings = Settings.from_environ()
    logs.configure(settings.log_level)
    app = make_app(settings)
    streams.register(StreamKind.NOTICE, Letters())
    with app.app_context():
        orders = Orders(engine.db.engine)
        for name, value in first.items():
            getattr(orders, name)(value)
    threading.Thread(target=orders.follow, args=(pipe,), daemon=True).start()
    chosen.run(app, stop)
    sys.exit(0)


class Orders:
    """What a test may tell the process, each by its name and a value."""

    def __init__(self, database):
        self.database = database
        self.pages = ROOMY
        self.journeys = []
        if database.dialect.name == "sqlite":
            event.listen(database, "begin", self._limit)

    def follow(self, pipe):
        """Do as told, and answer each order when it holds."""
        pipe.send("ready")
        while True:
            try:
                name, value = pipe.recv()
            except EOFError:
                return
            getattr(self, name)(value)
            pipe.send(name)

    def move_clock(self, seconds):
        """Set what this process takes for its machine's clock by so much off."""
        while self.journeys:
            self.journeys.pop().stop()
        self.journeys.append(time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)))
        self.journeys[-1].start()

    def fill_disk(self, pages):
        """Let the database have so many pages more than it has, until told otherwise."""
        with self.database.connect() as connection:
            there = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        self.pages = min(there + pages, ROOMY)

    def stop_at(self, point):
        """Stop, as a machine that is paused, when a message gets to this point for the first time."""
        state, when = POINTS[point]

        def see(connection, _cursor, statement, values, _context, _many):
            if statement.startswith("UPDATE messages") and f"'{state}'" in f"{statement} {values}":
                connection.info["recruiter.point"] = True

        is_first = threading.Lock()

        def stop(info):
            if info.pop("recruiter.point", False) and is_first.acquire(blocking=False):
                signal.raise_signal(signal.SIGSTOP)  # to this very thread, which goes no further

        event.listen(self.database, "before_cursor_execute", see)
        if when == "commit":
            event.listen(self.database, when, lambda connection: stop(connection.info))
        else:
            event.listen(self.database, when, lambda _connection, record: stop(record.info))

    def _limit(self, connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self.pages}")
