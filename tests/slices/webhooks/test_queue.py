"""Who waits for whom: nobody but an endpoint's own events."""

import datetime as dt
import threading
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.webhooks import calls, worker
from recruiter.webhooks.calls import Room
from tests import build
from tests.receiver import Receiver
from tests.slices.webhooks.conftest import add, client_of, log_of, until


@dataclass
class Other:
    firm: Firm
    api: FlaskClient


@pytest.fixture
def slow():
    """A receiver that keeps everybody waiting until its gate is opened."""
    with Receiver() as slow:
        slow.gate.clear()
        yield slow


@pytest.fixture
def other(app):
    """Another firm and its client."""
    with app.app_context():
        firm = build.firm("Copper Lane", slug="copper-lane")
    return Other(firm, client_of(app, firm))


@pytest.fixture
def begin(app, hands):
    """Begin what is due, without waiting for its end; return how many calls were begun."""

    def begin():
        with app.app_context():
            return hands.reach_out()

    return begin


def state_of(api, endpoint):
    return {entry["state"] for entry in log_of(api, endpoint)}


def test_a_slow_endpoint_delays_no_other_one_of_its_firm(api, hands, receiver, slow, happen, begin):
    held, quick = add(api, slow), add(api, receiver)
    for _ in range(5):
        happen()

    until(lambda: begin() == 0 and state_of(api, quick) == {"delivered"})

    assert (len(receiver.calls), len(slow.calls)) == (5, 2)
    assert state_of(api, held) == {"pending"}
    slow.gate.set()
    until(lambda: begin() == 0 and state_of(api, held) == {"delivered"})


def test_the_limit_of_an_endpoint_counts_the_calls_of_every_process(app, firm, api, receiver, happen):
    add(api, receiver)
    for _ in range(5):
        happen()
    with app.app_context():
        here = calls.claim(firm.id, Room(calls=4, doubtful_calls=4))
        there = calls.claim(firm.id, Room(calls=4, doubtful_calls=4))

    assert (len(here), len(there)) == (2, 0)


def test_an_endpoint_that_fails_or_is_slow_gets_one_call_at_once(
    api, hands, receiver, slow, happen, begin, monkeypatch
):
    monkeypatch.setattr(worker, "SLOW_SECONDS", 0.0)
    slow.gate.set()
    add(api, slow)
    happen()
    begin()
    hands.finish()
    slow.gate.clear()
    happen()
    happen()
    assert begin() == 1  # it took long

    monkeypatch.setattr(worker, "SLOW_SECONDS", 2.0)
    slow.gate.set()
    hands.finish()
    begin()
    hands.finish()  # it answered at once
    slow.gate.clear()
    happen()
    happen()
    assert begin() == 2


def test_endpoints_that_hang_leave_hands_to_other_firms(app, api, hands, receiver, slow, happen, begin, other):
    for number in range(worker.HANDS):
        slow.path = f"/{number}"
        add(api, slow)
    happen()
    until(lambda: begin() == 0)
    slow.wait_for(worker.FIRM_HANDS)
    theirs = add(other.api, receiver)

    happen(whose=other.firm)
    assert begin() == 1
    until(lambda: state_of(other.api, theirs) == {"delivered"})

    assert len(slow.calls) == worker.FIRM_HANDS
    slow.gate.set()


def test_endpoints_that_failed_leave_hands_to_the_others(
    api, hands, receiver, slow, happen, begin, other, time_machine
):
    slow.gate.set()
    slow.statuses = [500] * worker.HANDS
    for number in range(worker.HANDS // 2 + 2):
        slow.path = f"/{number}"
        add(api if number % 2 else other.api, slow)
    happen()
    happen(whose=other.firm)
    until(lambda: begin() == 0)
    hands.finish()
    slow.calls.clear()
    slow.gate.clear()
    time_machine.move_to(clock.now() + dt.timedelta(seconds=10), tick=False)
    until(lambda: begin() == 0)
    slow.wait_for(worker.DOUBTFUL_HANDS)

    quick = add(api, receiver)
    happen()
    assert begin() == 1
    until(lambda: state_of(api, quick) == {"delivered"})

    assert len(slow.calls) == worker.DOUBTFUL_HANDS
    slow.gate.set()


def test_firms_take_turns(app, api, hands, receiver, happen, begin, other, monkeypatch):
    endpoints = [add(api, receiver) for _ in range(2 * worker.SHARE)]
    theirs = add(other.api, receiver)
    for whose in (None, None, other.firm):
        happen(whose=whose)

    begun = begin()
    hands.finish()

    assert begun == worker.SHARE + 1
    assert state_of(other.api, theirs) == {"delivered"}
    assert sum("delivered" in state_of(api, each) for each in endpoints) == worker.SHARE // calls.AT_ONCE


def test_a_slow_answer_within_the_time_is_taken_and_one_beyond_it_is_not(api, receiver, slow, tell, configured):
    endpoint = add(api, slow)
    opens = threading.Timer(0.28, slow.gate.set)  # 14 s of 15 s, at a fiftieth
    opens.start()
    configured(webhook_timeout=0.3 * 4)
    tell()
    assert log_of(api, endpoint)[0]["state"] == "delivered"

    slow.gate.clear()
    configured(webhook_timeout=0.3)
    tell()
    slow.gate.set()
    assert log_of(api, endpoint)[0]["last_error"] == "There was no answer in time."


def test_an_answer_that_drips_does_not_hold_a_hand_for_longer(api, receiver, tell, configured):
    configured(webhook_timeout=0.5)
    endpoint = add(api, receiver)
    receiver.statuses, receiver.body = [200], Drips()
    tell()

    [entry] = log_of(api, endpoint)
    assert entry["state"] == "delivered"  # the status was there; what follows is of no use
    receiver.body.stop.set()


class Drips:
    """A body without an end, a byte every twentieth of a second."""

    def __init__(self):
        self.stop = threading.Event()

    def __iter__(self):
        while not self.stop.wait(0.05):
            yield b"."


def test_an_answer_is_read_up_to_a_limit_and_shown_to_nobody(api, receiver, tell):
    endpoint = add(api, receiver)
    receiver.statuses, receiver.body = [500], [b"<secret>" * 1024] * 1024  # eight megabytes
    tell()

    [entry] = log_of(api, endpoint)
    detail = api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries/{entry['id']}")
    assert entry["last_status"] == 500
    assert "secret" not in detail.text
    assert [(one["number"], one["status"], one["error"]) for one in detail.json["tries"]] == [(1, 500, None)]


def test_an_answer_that_is_none_is_a_failure(api, receiver, tell):
    endpoint = add(api, receiver)
    receiver.statuses = [101]
    tell()
    assert "broke off" in log_of(api, endpoint)[0]["last_error"]


def test_a_fault_of_ours_loses_nothing(api, receiver, tell, later, configured):
    add(api, receiver)
    configured(webhook_timeout=None)  # no settings file leads to that
    tell()
    assert receiver.calls == []

    configured(webhook_timeout=15.0)
    assert later(seconds=121) == 1
    assert len(receiver.calls) == 1
