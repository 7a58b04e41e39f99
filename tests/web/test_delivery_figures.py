"""What an operator's machines read of delivery: counts over all firms, and nothing of any one."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.audit.service import SYSTEM
from recruiter.outbox import stops
from recruiter.outbox.models import Message, MessageState
from tests.slices.notices.conftest import change, deliver, look, maya, post

__all__ = ["change", "deliver", "look", "maya", "post"]


@pytest.fixture
def figures(client):
    def figures():
        lines = client.get("/metrics").text.splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}

    return figures


@pytest.fixture
def message(alice, maya, look):
    alice.api.post("/api/v1/notices", json=maya.body())
    return look(Message, maya.firm)


def test_an_idle_installation_counts_nothing(figures):
    found = figures()

    assert found['recruiter_messages{state="queued"}'] == 0
    assert found["recruiter_oldest_due_message_seconds"] == 0
    assert found["recruiter_mail_paused"] == 0
    assert {value for name, value in found.items() if name.startswith("recruiter_delivery_faults")} == {0}


def test_what_waits_is_counted_with_the_age_of_the_oldest(figures, message, change):
    past = clock.now() - dt.timedelta(minutes=10)
    change(message, first_due_at=past, due_at=past, problem_code="line_lost")
    found = figures()

    assert found['recruiter_messages{state="queued"}'] == 1
    assert found['recruiter_messages_waiting{on="due"}'] == 1
    assert found['recruiter_messages_waiting{on="for_the_relay"}'] == 1
    assert 600 <= found["recruiter_oldest_due_message_seconds"] < 660


def test_what_is_stopped_is_counted(figures, app, acme):
    with app.app_context():
        stops.pause(acme.id, SYSTEM)
        stops.pause_everybody("")
    found = figures()

    assert (found['recruiter_firms_stopped{why="paused"}'], found["recruiter_mail_paused"]) == (1, 1)


def test_what_may_have_arrived_is_counted(figures, message, change):
    change(message, state=MessageState.DOUBTFUL)
    found = figures()

    assert (found['recruiter_messages{state="doubtful"}'], found['recruiter_messages_waiting{on="for_a_person"}']) == (
        1,
        1,
    )


def test_a_lease_that_nobody_took_back_is_a_fault(figures, message, change):
    past = clock.now() - dt.timedelta(minutes=2)
    change(message, state=MessageState.LEASED, lease_owner="gone", lease_until=past)

    assert figures()['recruiter_delivery_faults{of="lease_expired"}'] == 1


def test_a_notice_whose_message_ended_without_its_knowing_is_a_fault(figures, message, change):
    change(message, state=MessageState.DEAD)

    assert figures()['recruiter_delivery_faults{of="ended_not_told"}'] == 1


def test_tries_are_counted_by_how_they_ended(figures, message, deliver, smtp_sink, change):
    smtp_sink.faults.data.append("451 4.3.0 later")
    before = figures()
    deliver()
    change(message, due_at=clock.now())
    deliver()
    after = figures()

    for name in (
        'tries_total{how="temporary"}',
        'tries_total{how="accepted"}',
        'messages_ended_total{state="accepted"}',
    ):
        assert after[f"recruiter_{name}"] - before.get(f"recruiter_{name}", 0) == 1


def test_what_ended_is_counted_by_how(figures, alice, maya, deliver, smtp_sink):
    def queued(**changes):
        return alice.api.post("/api/v1/notices", json=maya.body(**changes)).json["id"]

    before = figures()
    alice.api.post(f"/api/v1/notices/{queued(hold_minutes=10)}/withdraw")
    smtp_sink.faults.recipient.append("550 5.7.1 policy")
    queued()
    deliver()
    after = figures()

    for state in ("cancelled", "rejected"):
        name = f'recruiter_messages_ended_total{{state="{state}"}}'
        assert after[name] - before.get(name, 0) == 1
