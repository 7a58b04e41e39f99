"""Several delivering processes on one PostgreSQL, each as if on a machine of its own; for tests that stop them."""

import collections
import contextlib
import dataclasses
import itertools
import signal
import subprocess
import sys
import threading

import sqlalchemy as sa

from recruiter import clock, config
from recruiter.db import engine, migrate
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.engine import chosen, storage
from recruiter.outbox import service
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, MessageState, StreamKind
from recruiter.outbox.service import NewMessage
from tests import build
from tests.outbox.letters import make_app
from tests.product import surroundings

PATIENCE = 100.0
LINES = 2
_numbers = itertools.count(1)


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
            "RECRUITER_LEASE_SECONDS": str(settings.lease_seconds),
            "RECRUITER_EVIDENCE_SECONDS": str(settings.evidence_seconds),
            "RECRUITER_ENGINE": settings.engine,
            "RECRUITER_SHARDS": str(settings.shards),
        }
        self.process = None

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def start(self):
        """Begin; ``wait`` returns when it is ready."""
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.outbox.letters"],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def wait(self):
        assert self.process.stdout.readline() == b"ready\n", self.log

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        """Send the signal and return the exit code."""
        self.send(number)
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process = None
        return code


class Fleet:
    """An installation of many machines: ``queue`` is what its pages do, ``workers`` are what delivers."""

    def __init__(self, settings, folder, number):
        self.settings = settings
        self.workers = [Worker(settings, folder / f"machine-{index}") for index in range(number)]
        self.owner = migrate.owner_engine(settings)
        self.app = make_app(settings)
        self.engine = chosen.of(self.app)
        self.firms = []

    def add_firms(self, number):
        with self.app.app_context():
            self.firms += [build.firm() for _ in range(number)]

    def queue(self, number):
        """Queue so many messages, the firms in turn, as requests do."""
        with self.app.app_context():
            for index in range(number):
                firm = self.firms[index % len(self.firms)]
                with transaction(firm.id) as session:
                    service.enqueue(session, firm.id, _letter())

    def start(self):
        for worker in self.workers:
            worker.start()
        for worker in self.workers:
            worker.wait()

    def stop(self):
        """End every worker that runs; return the exit codes."""
        return [worker.end() for worker in self.workers if worker.process is not None]

    def messages(self):
        found = []
        with self.app.app_context():
            for firm in self.firms:
                with reading(firm.id) as session:
                    found += session.scalars(sa.select(Message).where(Message.firm_id == firm.id)).all()
        return found

    def wait_until_settled(self):
        """Return every message as soon as none is under way."""
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.2)):
            if not self._under_way():
                return self.messages()
            pause.wait(0.2)
        states = collections.Counter(f"{message.state} doubts={message.doubts}" for message in self.messages())
        raise AssertionError("\n".join([str(states), *(worker.log[-2000:] for worker in self.workers)]))

    def _under_way(self):
        """How many have not ended, asked cheaply: the relay shares this process."""
        ended = [MessageState.ACCEPTED, MessageState.DEAD]
        with self.owner.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).where(Message.state.not_in(ended)))

    def condition(self):
        with self.owner.connect() as connection:
            return storage.look(connection, self.settings)

    def ticks(self, sql, **values):
        """Run SQL on what the engine keeps, as its owner."""
        with self.owner.begin() as connection:
            connection.execute(sa.text(f"SET LOCAL search_path = {storage.PATH}"))
            result = connection.execute(sa.text(sql), values)
            return result.fetchall() if result.returns_rows else result.rowcount


def _letter():
    number = next(_numbers)
    return NewMessage(
        stream=StreamKind.NOTICE,
        subject_id=new_id(),
        dedupe_key=f"fleet:{number}",
        recipient=Mailbox("Maya Ferreira", f"maya{number}@example.org"),
        sender=Mailbox("Sam Okafor", "sam@northgate.example"),
        due_at=clock.now(),
        payload={"text": f"Letter {number}."},
    )


@contextlib.contextmanager
def running(settings, server, sink, folder, number=3, **changes):
    """Lend a fleet of so many with a new database on this server, not started; whatever runs then is ended."""
    before = config.current()
    application, owner = server.create_database(f"fleet_{next(_numbers)}")
    values = {
        "engine": config.PROCRASTINATE, "database_url": application, "migration_url": owner, "mail_url": sink.url,
        "mail_connections": LINES, "lease_seconds": 6.0, "evidence_seconds": 1.0, "shards": 6,
    }  # fmt: skip
    settings = dataclasses.replace(settings, **(values | changes))
    migrate.upgrade(settings)
    storage.install(settings)
    fleet = Fleet(settings, folder, number)
    fleet.engine.attend()
    fleet.add_firms(12)
    try:
        yield fleet
    finally:
        for worker in fleet.workers:
            if worker.process is not None:
                worker.end(signal.SIGKILL)
        fleet.engine.leave()
        with fleet.app.app_context():
            engine.db.engine.dispose()
        fleet.owner.dispose()
        if before is not None:
            config.use(before)
