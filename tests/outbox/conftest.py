"""The outbox of one firm, and a worker that sends to a real server."""

import dataclasses
import datetime as dt
import itertools

import pytest
import structlog

from recruiter import clock
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.outbox import queries, service, streams
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage
from tests import build, mail
from tests.outbox.letters import Letters

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def events():
    """What was logged; without it, each expected failure would be drawn in colours, which takes seconds."""
    with structlog.testing.capture_logs() as events:
        yield events


@pytest.fixture
def stream(monkeypatch):
    letters = Letters()
    monkeypatch.setattr(streams, "_streams", {StreamKind.NOTICE: letters})
    return letters


@pytest.fixture
def firm(app, stream):
    with app.app_context():
        return build.firm()


@dataclasses.dataclass
class Box:
    """The outbox of one firm, as a feature and as a member see it."""

    app: object
    firm: object

    def queue(self, text="Thank you.", **changes):
        values = {
            "stream": StreamKind.NOTICE,
            "subject_id": new_id(),
            "dedupe_key": f"test:{next(_numbers)}",
            "recipient": Mailbox("Maya Ferreira", "maya@example.org"),
            "sender": Mailbox("Sam Okafor", "sam@northgate.example"),
            "due_at": clock.now(),
            "payload": {"text": text},
        }
        with self.app.app_context(), transaction(self.firm.id) as session:
            return service.enqueue(session, self.firm.id, NewMessage(**(values | changes)))

    def look(self, message):
        with self.app.app_context(), reading(self.firm.id) as session:
            return queries.get_message(session, self.firm.id, message.id)

    def attempts(self, message):
        with self.app.app_context(), reading(self.firm.id) as session:
            return queries.attempts_of(session, self.firm.id, message.id)

    def change(self, message, **values):
        with self.app.app_context(), transaction(self.firm.id) as session:
            row = queries.get_message(session, self.firm.id, message.id)
            for name, value in values.items():
                setattr(row, name, value)

    def change_row(self, model, key, **values):
        with self.app.app_context(), transaction(self.firm.id) as session:
            row = session.get_one(model, key)
            for name, value in values.items():
                setattr(row, name, value)

    def make_due(self, message):
        self.change(message, due_at=clock.now() - dt.timedelta(seconds=1))

    def withdraw(self, message):
        with self.app.app_context(), transaction(self.firm.id) as session:
            return service.withdraw(session, self.firm.id, message.id)


@pytest.fixture
def box(app, firm):
    return Box(app, firm)


@pytest.fixture
def post(app, settings, smtp_sink):
    with mail.posting(app, settings, smtp_sink.url, mail_timeout=1.0) as post:
        yield post


@pytest.fixture
def deliver(app, post):
    return lambda: mail.deliver(app, post)
