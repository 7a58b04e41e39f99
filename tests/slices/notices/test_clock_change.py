"""The humane morning after a night in which the clocks were changed, where the reader lives."""

import datetime as dt

import pytest
import time_machine


@pytest.mark.parametrize(
    ("zone", "asked", "leaves"),
    [
        ("Europe/Lisbon", "2026-03-27T19:00:00+00:00", "2026-03-30T07:30:00+00:00"),  # an hour less on Sunday
        ("America/New_York", "2026-10-30T20:00:00-04:00", "2026-11-02T13:30:00+00:00"),  # an hour more
        ("Australia/Lord_Howe", "2026-04-03T19:00:00+11:00", "2026-04-05T22:00:00+00:00"),  # half an hour more
    ],
)
def test_it_is_the_clock_of_that_morning_that_counts(alice, maya, change, zone, asked, leaves):
    change(maya.candidate, time_zone=zone)
    with time_machine.travel(dt.datetime.fromisoformat(asked), tick=False):
        answer = alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=0, timing="humane"))

    assert answer.json["leaves_at"] == leaves
