"""A country that moves its clocks otherwise than it had said, while notices wait for a time of day there."""

import datetime as dt

import pytest
import time_machine

from recruiter.audit.models import AuditEntry
from recruiter.outbox import schedules
from recruiter.outbox.models import Message

SATURDAY = "2025-11-22T12:00:00+00:00"
MONDAY_0830, MONDAY_0930 = (dt.datetime(2025, 11, 24, hour, 30, tzinfo=dt.UTC) for hour in (8, 9))


@pytest.fixture
def resolve(app, acme, change):
    """Work out anew what waits, as the process that delivers does every hour."""
    change(acme, created_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))

    def work():
        with app.app_context():
            return schedules.resolve_all()

    return work


def test_it_still_leaves_at_that_time_of_day(alice, maya, look, acme, lisbon_keeps_time_of, resolve):
    with time_machine.travel(dt.datetime.fromisoformat(SATURDAY), tick=False):
        made = alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=0, timing="humane")).json
        before = look(Message, acme)
        assert (made["leaves_at"], resolve()) == (MONDAY_0830.isoformat(), 0)

        lisbon_keeps_time_of("Atlantic/Azores")
        assert (resolve(), resolve()) == (1, 0)
        after = look(Message, acme)
        leaves_at = alice.api.get(f"/api/v1/notices/{made['id']}").json["leaves_at"]

    assert leaves_at == MONDAY_0930.isoformat()
    assert (after.due_at, after.first_due_at) == (MONDAY_0930, MONDAY_0930)
    assert after.not_after - before.not_after == dt.timedelta(hours=1)
    entry = look(AuditEntry, acme, AuditEntry.action == "mail.moved")
    assert entry.details == {"leaves_at": MONDAY_0930.isoformat()}


@pytest.mark.parametrize(
    ("now", "timing", "before", "after"),
    [
        (SATURDAY, {"send_at": "2025-11-24T09:00:00Z"}, "09:00", "09:00"),  # a moment that was named
        (SATURDAY, {"send_at": "2025-11-24T08:05:00Z"}, "08:30", "08:05"),
        ("2025-11-24T08:00:00+00:00", {"hold_minutes": 60}, "09:00", "09:00"),  # the end of the hold
        ("2025-11-24T07:50:00+00:00", {"hold_minutes": 20}, "08:30", "08:10"),
        ("2025-11-24T07:50:00+00:00", {"hold_minutes": 40}, "08:30", "08:30"),
    ],
)
def test_but_never_before_its_hold_has_ended_or_a_moment_that_was_named(
    alice, maya, lisbon_keeps_time_of, resolve, now, timing, before, after
):
    with time_machine.travel(dt.datetime.fromisoformat(now), tick=False):
        made = alice.api.post(
            "/api/v1/notices", json=maya.body(**{"hold_minutes": 0, "timing": "humane"} | timing)
        ).json
        lisbon_keeps_time_of("Europe/Madrid")
        resolve()
        moved = alice.api.get(f"/api/v1/notices/{made['id']}").json

    assert [each["leaves_at"][11:16] for each in (made, moved)] == [before, after]


def test_what_came_to_its_time_and_waits_for_another_try_keeps_to_that(
    alice, maya, look, acme, change, lisbon_keeps_time_of, resolve
):
    with time_machine.travel(dt.datetime.fromisoformat(SATURDAY), tick=False):
        alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=0, timing="humane"))
        lisbon_keeps_time_of("Atlantic/Azores")
    with time_machine.travel(MONDAY_0830, tick=False):
        change(look(Message, acme), due_at=MONDAY_0830 + dt.timedelta(minutes=5), attempts=1, tries=1)
        assert resolve() == 0


def test_a_zone_that_nobody_knows_any_more_holds_up_nobody_else(alice, maya, look, acme, change, resolve):
    with time_machine.travel(dt.datetime.fromisoformat(SATURDAY), tick=False):
        alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=0, timing="humane"))
        change(look(Message, acme), due_zone="Europe/Atlantis")
        assert resolve() == 0

    assert look(Message, acme).due_at == MONDAY_0830
