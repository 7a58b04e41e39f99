"""Several delivering processes of one installation, each as if on a machine of its own; for tests that stop them."""

import collections
import contextlib
import dataclasses
import itertools
import multiprocessing
import os
import signal
import threading
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from recruiter import clock, config
from recruiter.config import EMBEDDED, PROCRASTINATE
from recruiter.db import engine, migrate
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.engine import chosen, storage
from recruiter.outbox import service
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, MessageState, StreamKind
from recruiter.outbox.service import NewMessage
from tests import build
from tests.faults import worker
from tests.outbox.letters import make_app
from tests.product import surroundings

PATIENCE = 100.0
LINES = 2
LEASE, EVIDENCE, SCALE = 6.0, 1.0, 0.005
UNDER_WAY = [MessageState.QUEUED, MessageState.LEASED, MessageState.SENDING, MessageState.DOUBTFUL]
_numbers = itertools.count(1)
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.worker"])


class Combination(NamedTuple):
    """A database, what wakes the work, and how many processes deliver."""

    database: str
    engine: str
    machines: int

    def __str__(self):
        return f"{self.database} {self.engine}"


SQLITE = Combination("sqlite", EMBEDDED, 1)
POSTGRESQL = Combination("postgresql", EMBEDDED, 2)
SHARED = Combination("postgresql", PROCRASTINATE, 3)
EVERYWHERE = pytest.mark.parametrize("combination", [SQLITE, POSTGRESQL, SHARED], ids=str)


class Worker:
    """One process, with a folder of its own; ``start`` begins it anew after it was killed."""

    def __init__(self, settings, folder):
        self.folder = folder
        self.environment = surroundings() | {
            "RECRUITER_DATA_DIR": str(folder),
            "RECRUITER_DATABASE_URL": settings.database_url,
            "RECRUITER_MAIL_URL": settings.mail_url,
            "RECRUITER_SECRET_KEY": settings.secret_key,
            "RECRUITER_MAIL_CONNECTIONS": str(settings.mail_connections),
            "RECRUITER_MAIL_TIMEOUT": str(settings.mail_timeout),
            "RECRUITER_LEASE_SECONDS": str(settings.lease_seconds),
            "RECRUITER_EVIDENCE_SECONDS": str(settings.evidence_seconds),
            "RECRUITER_SCHEDULE_SCALE": str(settings.schedule_scale),
            "RECRUITER_ENGINE": settings.engine,
            "RECRUITER_SHARDS": str(settings.shards),
        }
        self.process = None

    @property
    def log(self):
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def start(self, **first):
        """Begin with these orders; ``wait`` returns when it is ready."""
        self.folder.mkdir(exist_ok=True)
        self.pipe, theirs = multiprocessing.Pipe()
        values = (self.environment, str(self.folder / "log"), theirs, first)
        self.process = _processes.Process(target=worker.main, args=values)
        self.process.start()
        theirs.close()

    def wait(self):
        assert self._hear() == "ready", self.log

    def tell(self, name, value):
        """Give an order, and return when it is followed; what the orders are: ``worker.Orders``."""
        self.pipe.send((name, value))
        assert self._hear() == name, self.log

    def _hear(self):
        assert self.pipe.poll(PATIENCE), self.log
        try:
            return self.pipe.recv()
        except EOFError:
            return None

    def send(self, number):
        os.kill(self.process.pid, number)

    def wait_until_stopped(self):
        """Return when the process stands still at the point that it was told."""
        status = Path(f"/proc/{self.process.pid}/stat")
        wait_until(lambda: status.read_text().rpartition(") ")[2][0] == "T")

    def end(self, number=signal.SIGTERM):
        """Send the signal and return the exit code."""
        self.send(number)
        self.process.join(PATIENCE)
        code = self.process.exitcode
        assert code is not None, "it does not end"
        self.pipe.close()
        self.process = None
        return code


class Fleet:
    """An installation of many machines: ``queue`` is what its pages do, ``workers`` are what delivers."""

    def __init__(self, settings, folder, combination):
        self.settings = settings
        self.combination = combination
        self.workers = [Worker(settings, folder / f"machine-{index}") for index in range(combination.machines)]
        self.owner = migrate.owner_engine(settings)
        self.app = make_app(settings)
        self.engine = chosen.of(self.app)
        self.firms = []

    def add_firms(self, number):
        with self.app.app_context():
            self.firms += [build.firm() for _ in range(number)]

    def queue(self, number, firms=None, **changes):
        """Queue so many messages, the firms in turn, as requests do; return them."""
        firms = firms or self.firms
        with self.app.app_context():
            queued = []
            for index in range(number):
                firm = firms[index % len(firms)]
                with transaction(firm.id) as session:
                    queued.append(service.enqueue(session, firm.id, _letter(**changes)))
            return queued

    def withdraw(self, message):
        """Take one back as a member does; return whether that was in time."""
        with self.app.app_context(), transaction(message.firm_id) as session:
            return service.withdraw(session, message.firm_id, message.id)

    def start(self):
        for each in self.workers:
            each.start()
        for each in self.workers:
            each.wait()

    def tell(self, name, value):
        for each in self.workers:
            each.tell(name, value)

    def stop(self):
        """End every worker that runs; return the exit codes."""
        return [each.end() for each in self.workers if each.process is not None]

    def messages(self):
        found = []
        with self.app.app_context():
            for firm in self.firms:
                with reading(firm.id) as session:
                    found += session.scalars(sa.select(Message).where(Message.firm_id == firm.id)).all()
        return found

    def wait_until_settled(self):
        """Return every message as soon as none is under way."""
        try:
            wait_until(lambda: not self._under_way(), 0.1)
        except AssertionError:
            states = collections.Counter(f"{message.state} doubts={message.doubts}" for message in self.messages())
            raise AssertionError("\n".join([str(states), *(each.log[-2000:] for each in self.workers)])) from None
        return self.messages()

    def _under_way(self):
        with self.owner.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).where(Message.state.in_(UNDER_WAY)))

    def condition(self):
        with self.owner.connect() as connection:
            return storage.look(connection, self.settings)

    def ticks(self, sql, **values):
        """Run SQL on what the engine keeps, as its owner."""
        with self.owner.begin() as connection:
            connection.execute(sa.text(f"SET LOCAL search_path = {storage.PATH}"))
            result = connection.execute(sa.text(sql), values)
            return result.fetchall() if result.returns_rows else result.rowcount


def wait_until(condition, seconds=0.02):
    """Return when it holds, asked every so many seconds."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / seconds)):
        if condition():
            return
        pause.wait(seconds)
    raise AssertionError("it did not happen in time")


def _letter(**changes):
    number = next(_numbers)
    values = {
        "stream": StreamKind.NOTICE,
        "subject_id": new_id(),
        "dedupe_key": f"fleet:{number}",
        "recipient": Mailbox("Maya Ferreira", f"maya{number}@example.org"),
        "sender": Mailbox("Sam Okafor", "sam@northgate.example"),
        "due_at": clock.now(),
        "payload": {"text": f"Letter {number}. " + "It says at length what was good and what was missing. " * 20},
    }
    return NewMessage(**(values | changes))


@contextlib.contextmanager
def running(settings, server, relay, folder, combination=SHARED, **changes):
    """Lend a fleet with a new database, not started; whatever runs then is ended. ``server`` is for PostgreSQL."""
    if combination.database == "sqlite":
        application = owner = f"sqlite:///{folder / 'recruiter.sqlite3'}"
    else:
        application, owner = server.create_database("fleet")
    values = {
        "engine": combination.engine, "database_url": application, "migration_url": owner, "mail_url": relay.url,
        "data_dir": folder, "mail_connections": LINES, "mail_timeout": 2.0, "lease_seconds": LEASE,
        "evidence_seconds": EVIDENCE, "schedule_scale": SCALE, "shards": 6,
    }  # fmt: skip
    before, settings = config.current(), dataclasses.replace(settings, **(values | changes))
    migrate.upgrade(settings)
    storage.install(settings)
    fleet = Fleet(settings, folder, combination)
    fleet.engine.attend()
    fleet.add_firms(12)
    try:
        yield fleet
    finally:
        for each in fleet.workers:
            if each.process is not None:
                each.end(signal.SIGKILL)
        fleet.engine.leave()
        with fleet.app.app_context():
            engine.db.engine.dispose()
        fleet.owner.dispose()
        config.use(before)
