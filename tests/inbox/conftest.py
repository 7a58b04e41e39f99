"""An installation that hears: its two addresses are set, a notice has left, and mail can be handed in."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import undefer

from recruiter import config
from recruiter.db.session import reading, transaction
from recruiter.inbox import service
from recruiter.inbox.models import InboundMail
from recruiter.outbox.models import Message
from tests import mail
from tests.inbox.letterbox import About
from tests.maya import case
from tests.smtp_sink import SmtpSink

SECRET = "a-secret-of-the-mail-server-of-32-or-more"
INBOUND = {
    "bounce_address": "bounce@mail.agency.example",
    "reply_address": "reply@mail.agency.example",
    "inbound_secret": SECRET,
    "inbound_max_bytes": 100_000,
}


@pytest.fixture(autouse=True)
def events():
    """What was logged; without it, each expected failure would be drawn in colours, which takes seconds."""
    with structlog.testing.capture_logs() as events:
        yield events


@pytest.fixture
def inbound(app, settings) -> Iterator[None]:
    """The settings under which mail comes in."""
    config.use(dataclasses.replace(settings, **INBOUND))
    yield
    config.use(settings)


@pytest.fixture
def maya(app, acme, alice, inbound):
    return case(app, acme)


@pytest.fixture
def sort(app) -> Callable[[], int]:
    """Tell apart and act upon all that waits, as the delivering process does."""

    def sort():
        with app.app_context():
            return service.sort_all()

    return sort


@pytest.fixture
def hand_in(client, sort):
    """Hand raw mail to the address for it, and let it be told apart; returns what the address answered."""

    def hand_in(raw, *, then=True, secret=SECRET, **query):
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "message/rfc822"}
        answer = client.post("/inbound/mail", data=raw, headers=headers, query_string=query)
        if then:
            sort()
        return answer

    return hand_in


@pytest.fixture
def rows(app, acme):
    """Read rows of Acme, the oldest first."""

    def rows(table=InboundMail, *conditions):
        with app.app_context(), reading(acme.id) as session:
            query = sa.select(table).options(undefer("*")).where(table.firm_id == acme.id, *conditions)
            return session.scalars(query.order_by(table.created_at, table.id)).all()

    return rows


@pytest.fixture
def change(app, acme):
    """Change columns of rows of Acme behind the product's back."""

    def change(table, *conditions, **values):
        with app.app_context(), transaction(acme.id) as session:
            session.execute(sa.update(table).where(table.firm_id == acme.id, *conditions).values(**values))

    return change


@pytest.fixture
def deliver(app, settings, smtp_sink: SmtpSink, inbound):
    with mail.posting(app, settings, smtp_sink.url, mail_timeout=1.0) as post:
        yield lambda: mail.deliver(app, post)


@pytest.fixture
def send(alice, deliver, smtp_sink, rows):
    """Send a notice for real, and return what can be written about it."""

    def send(maya, **changes):
        answer = alice.api.post("/api/v1/notices", json=maya.body(**changes))
        assert answer.status_code == 201, answer.json
        deliver()
        left = smtp_sink.messages[-1]
        sender, (recipient,) = smtp_sink.envelopes[-1]
        return answer.json, About(str(left["Message-ID"]), sender, address(left["Reply-To"]), recipient)

    return send


def address(header) -> str:
    return str(header).partition("<")[2].rstrip(">")


@pytest.fixture
def sent(maya, send):
    """A notice to Maya that left: its JSON and what can be written about it."""
    return send(maya)


@pytest.fixture
def message(rows, sent):
    return lambda: rows(Message)[-1]
