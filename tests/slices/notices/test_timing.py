"""When a notice leaves: its hold, the moment asked for, and the hours that suit who reads it."""

import datetime as dt

import pytest
import time_machine

from tests.maya import case

NOTICES = "/api/v1/notices"

# Lisbon is on UTC in November; 20 November 2025 is a Thursday.
THURSDAY_10 = "2025-11-20T10:00:00+00:00"
THURSDAY_19 = "2025-11-20T19:00:00+00:00"
FRIDAY_16 = "2025-11-21T16:00:00+00:00"


def leaves_at(person, found, now, **changes):
    with time_machine.travel(dt.datetime.fromisoformat(now), tick=False):
        answer = person.api.post(NOTICES, json=found.body(**changes))
    assert answer.status_code == 201, answer.json
    return answer.json["leaves_at"]


@pytest.mark.parametrize(
    ("now", "changes", "expected"),
    [
        (THURSDAY_10, {"hold_minutes": 0}, "2025-11-20T10:00:00+00:00"),
        (THURSDAY_10, {"hold_minutes": 30}, "2025-11-20T10:30:00+00:00"),
        (THURSDAY_19, {"hold_minutes": 0}, "2025-11-21T08:30:00+00:00"),
        (THURSDAY_19, {"hold_minutes": 0, "timing": "now"}, "2025-11-20T19:00:00+00:00"),
        (THURSDAY_19, {"hold_minutes": 15, "timing": "now"}, "2025-11-20T19:15:00+00:00"),
        (FRIDAY_16, {"hold_minutes": 0}, "2025-11-24T08:30:00+00:00"),
        (THURSDAY_10, {"send_at": "2025-11-21T12:00:00+01:00"}, "2025-11-21T11:00:00+00:00"),
        (THURSDAY_10, {"send_at": "2025-11-22T12:00:00Z"}, "2025-11-24T08:30:00+00:00"),
        (THURSDAY_10, {"send_at": "2025-11-22T12:00:00Z", "timing": "now"}, "2025-11-22T12:00:00+00:00"),
        (THURSDAY_10, {"send_at": "2025-11-20T09:00:00Z", "hold_minutes": 5}, "2025-11-20T10:05:00+00:00"),
    ],
)
def test_it_leaves_at_the_first_humane_minute_after_hold_and_send_at(alice, maya, now, changes, expected):
    assert leaves_at(alice, maya, now, **{"timing": "humane"} | changes) == expected


def test_it_is_planned_for_a_year_ahead_at_most(alice, maya):
    with time_machine.travel(dt.datetime.fromisoformat(THURSDAY_10), tick=False):
        later = alice.api.post(NOTICES, json=maya.body(send_at="2026-11-21T10:01:00Z"))
        latest = alice.api.post(NOTICES, json=maya.body(send_at="2026-11-21T10:00:00Z"))

    assert later.status_code == 422
    assert later.json["errors"] == {"send_at": ["Choose a moment within 366 days."]}
    assert latest.status_code == 201


def test_a_plan_for_later_than_was_promised_is_found_unless_somebody_says_why(alice, maya, change):
    change(maya.application, promised_on=dt.date(2025, 11, 21), stage="application")

    def queued(**changes):
        made = alice.api.post(NOTICES, json=maya.body(**changes)).json
        assert alice.api.post(f"{NOTICES}/{made['id']}/withdraw").status_code == 200
        return made, [found for found in made["findings"] if found["field"] == "send_at"]

    with time_machine.travel(dt.datetime.fromisoformat(THURSDAY_10), tick=False):
        late, (found,) = queued(send_at="2025-11-22T09:00:00Z")
        kept, nothing = queued(send_at="2025-11-22T09:00:00Z", late_reason=" They asked for it. ")
        in_time, nothing_either = queued(send_at="2025-11-21T18:00:00Z")

    assert (found["rule"], found["severity"]) == ("SEND-LATE", "warn")
    assert found["message"] == "The person was promised to hear by 21 November 2025."
    assert (late["state"], late["leaves_at"]) == ("held", "2025-11-22T09:00:00+00:00")
    assert (kept["late_reason"], nothing) == ("They asked for it.", [])
    assert (in_time["late_reason"], nothing_either) == ("", [])


def test_who_waits_too_long_already_is_told_today_or_with_a_reason(alice, maya, change):
    change(maya.application, promised_on=dt.date(2025, 11, 3))
    with time_machine.travel(dt.datetime.fromisoformat(THURSDAY_10), tick=False):
        tomorrow = alice.api.post(NOTICES, json=maya.body(send_at="2025-11-21T09:00:00Z")).json
        alice.api.post(f"{NOTICES}/{tomorrow['id']}/withdraw")
        today = alice.api.post(NOTICES, json=maya.body(send_at="2025-11-20T16:00:00Z")).json
    assert "SEND-LATE" in {found["rule"] for found in tomorrow["findings"]}
    assert "SEND-LATE" not in {found["rule"] for found in today["findings"]}


def test_without_a_hold_of_its_own_the_firms_counts(alice, maya, change):
    change(maya.firm, hold_minutes=25)
    body = maya.body(timing="humane")
    del body["hold_minutes"]

    with time_machine.travel(dt.datetime.fromisoformat(THURSDAY_10), tick=False):
        assert alice.api.post(NOTICES, json=body).json["leaves_at"] == "2025-11-20T10:25:00+00:00"


def test_the_hours_are_those_where_the_person_lives(alice, maya, change):
    change(maya.candidate, time_zone="America/New_York")

    assert leaves_at(alice, maya, THURSDAY_10, timing="humane") == "2025-11-20T13:30:00+00:00"


def test_without_a_time_zone_the_firms_counts(alice, maya, change):
    change(maya.candidate, time_zone=None)
    change(maya.firm, time_zone="America/New_York")

    assert leaves_at(alice, maya, THURSDAY_10, timing="humane") == "2025-11-20T13:30:00+00:00"


def test_holidays_are_those_where_the_person_lives(alice, maya, change):
    change(maya.candidate, country="PT")

    assert leaves_at(alice, maya, "2025-12-08T10:00:00+00:00", timing="humane") == "2025-12-09T08:30:00+00:00"


def test_an_overdue_notice_does_not_wait_for_the_weekend_to_end(alice, app, acme):
    late = case(app, acme, promised_on=dt.date(2025, 11, 18))

    assert leaves_at(alice, late, FRIDAY_16, timing="humane") == "2025-11-21T16:00:00+00:00"


def test_the_letter_carries_the_day_on_which_it_leaves_and_the_day_its_page_closes(alice, maya, change):
    change(maya.candidate, time_zone="Pacific/Auckland")
    with time_machine.travel(dt.datetime.fromisoformat(THURSDAY_19), tick=False):
        body = {name: value for name, value in maya.body().items() if name not in {"hold_minutes", "timing"}}
        page = alice.api.post(f"{NOTICES}/preview", json=body).json["page_html"]

    assert "Friday 21 November 2025" in page
    assert "stays open until 19 February 2026" in page


@pytest.mark.parametrize("stage", ["application", "final"])
def test_an_update_without_a_date_takes_the_usual_days_of_the_stage(alice, app, acme, stage):
    found = case(app, acme, stage=stage)
    body = found.body(kind="update", reason="The client asked for one more week.")

    with time_machine.travel(dt.datetime.fromisoformat(THURSDAY_10), tick=False):
        shown = alice.api.post(NOTICES, json=body).json

    assert shown["promised_on"] == {"application": "2025-12-04", "final": "2025-11-25"}[stage]
