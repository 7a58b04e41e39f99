"""A firm, a client that may do everything, a receiver on loopback, and events that happen."""

import dataclasses
import datetime as dt
import threading

import pytest

from recruiter import clock, config
from recruiter.accounts import keys
from recruiter.accounts.keys import CreateKey
from recruiter.accounts.models import Scope
from recruiter.audit.service import SYSTEM
from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.webhooks import service, worker
from recruiter.webhooks.service import Event, EventType
from tests import build, people
from tests.receiver import Receiver


@pytest.fixture
def firm(app):
    with app.app_context():
        return build.firm()


@pytest.fixture
def api(app, firm):
    """A client whose key may do everything in the firm."""
    return client_of(app, firm)


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def hands(app):
    yield worker.of(app)
    worker.of(app).close()


@pytest.fixture
def deliver_all(app, hands):
    """Make every call that is due now; return how many were made."""

    def deliver_all():
        made = 0
        with app.app_context():
            while begun := hands.reach_out():
                made += begun
                hands.finish()
        return made

    return deliver_all


@pytest.fixture
def happen(app, firm):
    """Something happens in a firm."""

    def happen(whose=None, state="sent"):
        event = Event(
            type=EventType.NOTICE_SENT,
            subject_id=new_id(),
            candidate_id=new_id(),
            external_ids={"candidate": "ats-7", "application": None},
            state=state,
        )
        firm_id = (whose or firm).id
        with app.app_context(), transaction(firm_id) as session:
            return service.emit(session, firm_id, event)

    return happen


@pytest.fixture
def tell(happen, deliver_all):
    """Something happens, and what is due is delivered."""

    def tell(**values):
        return happen(**values), deliver_all()

    return tell


@pytest.fixture
def later(time_machine, deliver_all):
    """Move the clock on and deliver what became due."""

    def later(**delta):
        time_machine.move_to(clock.now() + dt.timedelta(**delta), tick=False)
        return deliver_all()

    return later


@pytest.fixture
def configured():
    """Change settings for one test."""
    before = config.current()
    yield lambda **values: config.use(dataclasses.replace(config.current(), **values))
    config.use(before)


@pytest.fixture
def strict(configured):
    """The settings of an installation on the open network."""
    configured(webhook_allow_private=False)


def until(condition):
    """Wait for what another thread does; fail when it does not within twenty seconds."""
    pause, left = threading.Event(), 2000
    while not condition():
        assert left, "it did not happen"
        left -= 1
        pause.wait(0.01)


def client_of(app, firm):
    with app.app_context():
        command = CreateKey(firm_id=firm.id, actor=SYSTEM, name="ATS", scopes=list(Scope))
        return people.api(app, keys.create_key(command).secret)


def add(api, receiver, events=("notice.sent",)):
    """A new endpoint that calls this receiver."""
    response = api.post("/api/v1/webhooks", json={"url": receiver.url, "events": list(events)})
    assert response.status_code == 201, response.json
    return response.json


def shown(api, endpoint):
    return api.get(f"/api/v1/webhooks/{endpoint['id']}").json


def log_of(api, endpoint, **query):
    answer = api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries", query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]
