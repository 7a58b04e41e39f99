"""A notice that its writer plans for a day and a time of the clock where the person lives."""

import datetime as dt

import pytest
import time_machine

from recruiter.notices.models import Notice
from recruiter.outbox import schedules
from recruiter.policies.values import PolicyName
from tests.slices.notices.forms import open_composer, press, value_of
from tests.slices.notices.test_modes import policy

__all__ = ["policy"]

THURSDAY_10 = dt.datetime(2025, 11, 20, 10, tzinfo=dt.UTC)
MONDAY_3 = dt.datetime(2025, 11, 24, 8, tzinfo=dt.UTC)  # 03:00 in New York


@pytest.fixture(autouse=True)
def _thursday():
    with time_machine.travel(THURSDAY_10, tick=False):
        yield


@pytest.fixture
def maya(maya, change):
    change(maya.candidate, time_zone="America/New_York")
    change(maya.application, promised_on=dt.date(2025, 11, 25), stage="application")  # told within 5 working days
    return maya


def test_it_leaves_at_the_time_that_was_chosen_where_the_person_lives(bob, maya, look, acme):
    opened = open_composer(bob, maya).text
    assert ("Not before" in opened, "New York time" in opened) == (True, True)
    checked = press(bob, maya, "check", send_at="2025-11-24T03:00").text
    assert "Mon 08:30, New York (Maya" in checked
    assert "Mon 03:00, whatever the hour" in checked

    assert press(bob, maya, "send", send_at="2025-11-24T03:00").status_code == 303
    held = look(Notice, acme)
    assert (held.send_at, held.leaves_at) == (MONDAY_3, MONDAY_3)

    taken_back = bob.browser.post(f"/notices/{held.id}/withdraw", follow_redirects=True)
    assert value_of(taken_back, "send_at") == "2025-11-24T03:00"
    assert press(bob, maya, "send", send_at="2025-11-24T03:00", timing="humane").status_code == 303
    again = look(Notice, acme, Notice.withdrawn_at.is_(None))
    assert again.leaves_at == dt.datetime(2025, 11, 24, 13, 30, tzinfo=dt.UTC)


def test_it_is_the_time_that_was_typed_should_the_country_move_its_clocks_otherwise(
    app, bob, maya, look, acme, change, lisbon_keeps_time_of
):
    change(acme, created_at=THURSDAY_10 - dt.timedelta(days=1))
    change(maya.candidate, time_zone="Europe/Lisbon")
    assert press(bob, maya, "send", send_at="2025-11-24T10:30").status_code == 303
    lisbon_keeps_time_of("Atlantic/Azores")
    with app.app_context():
        schedules.resolve_all()

    assert look(Notice, acme).leaves_at == dt.datetime(2025, 11, 24, 11, 30, tzinfo=dt.UTC)


def test_later_than_promised_needs_a_reason(bob, maya, look, acme):
    refused = press(bob, maya, "send", send_at="2025-11-26T09:00")
    assert (refused.status_code, value_of(refused, "send_at")) == (422, "2025-11-26T09:00")
    assert "The person was promised to hear by 25 November 2025." in refused.text
    assert "only after 25 November 2025" in refused.text

    late = {"send_at": "2025-11-26T09:00", "late_reason": "She asked to hear after her trip."}
    assert press(bob, maya, "send", **late).status_code == 303
    kept = look(Notice, acme)
    assert (kept.late_reason, kept.leaves_at) == (late["late_reason"], dt.datetime(2025, 11, 26, 14, tzinfo=dt.UTC))
    assert late["late_reason"] in bob.browser.get(f"/notices/{kept.id}").text


def test_a_decision_waits_no_longer_than_policy_lets_it(bob, maya, change):
    change(maya.application, stage="client_interview")  # one working day; two where the role was closed
    refused = press(bob, maya, "send", send_at="2025-11-24T09:00")
    assert refused.status_code == 422
    assert "Policy asks to tell this decision by 21 November 2025." in refused.text

    for kind, day in (("rejection", "21"), ("role_closed", "24"), ("update", "25")):  # an update tells no decision
        page = open_composer(bob, maya, kind=kind).text
        assert f"only after {day} November 2025" in page, kind


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"send_at": "2025-11-20T04:59"}, "This moment has passed. Choose a later one."),
        ({"send_at": "soon"}, "Choose a day and a time."),
        ({"send_at": "2026-12-01T09:00", "late_reason": "They asked."}, "Choose a moment within 366 days."),
        ({"send_at": "2025-11-24T09:00", "late_reason": "x" * 401}, "Longer than maximum length 400."),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_field(bob, maya, typed, says):
    for button, status in (("check", 200), ("send", 422)):
        page = press(bob, maya, button, **typed)
        assert (page.status_code, says in page.text) == (status, True)


def test_a_draft_keeps_the_time_for_its_second_reader(alice, bob, maya, policy, look, acme):
    policy(PolicyName.READER, "second")
    press(bob, maya, "send", send_at="2025-11-24T03:00")
    draft = look(Notice, acme)
    assert value_of(bob.browser.get(f"/notices/{draft.id}"), "send_at") == "2025-11-24T03:00"

    read = alice.browser.get(f"/notices/{draft.id}/read")
    alice.browser.post(f"/notices/{draft.id}/release", data={"seen": value_of(read, "seen")})
    assert look(Notice, acme).leaves_at == MONDAY_3
