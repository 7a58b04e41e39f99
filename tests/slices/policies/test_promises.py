"""Promises: working days of the firm's country, the firm's own numbers, and lateness in calendar days."""

import datetime as dt

import pytest

from recruiter.policies.promises import days_late, promised_on

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("stage", "began", "country", "expected"),
    [
        ("application", "2026-11-02", None, "2026-11-16"),
        ("screening", "2026-11-02", None, "2026-11-09"),
        ("submitted", "2026-11-02", None, "2026-11-16"),
        ("client_interview", "2026-11-05", None, "2026-11-12"),
        ("final", "2026-11-05", None, "2026-11-10"),
        ("final", "2026-11-07", None, "2026-11-11"),  # begun on a Saturday
        ("final", "2026-12-23", "PT", "2026-12-29"),  # Christmas in Portugal
        ("final", "2026-12-23", "GB", "2026-12-30"),  # Christmas, and Boxing Day in lieu
        ("final", "2026-12-31", "PT", "2027-01-06"),  # into another year
        ("final", "2026-11-03", "SA", "2026-11-08"),  # the weekend is Friday and Saturday
        ("final", "2026-11-05", "ZZ", "2026-11-10"),  # a country without a calendar
    ],
)
def test_a_promise_counts_working_days_after_the_day_the_stage_began(stage, began, country, expected):
    assert promised_on(stage, dt.date.fromisoformat(began), country, {}) == dt.date.fromisoformat(expected)


def test_a_person_with_an_offer_waits_for_no_notice():
    assert promised_on("offer", dt.date(2026, 11, 2), None, {}) is None


def test_the_firms_own_numbers_go_before_the_defaults():
    assert promised_on("final", dt.date(2026, 11, 2), None, {"final": 1}) == dt.date(2026, 11, 3)
    assert promised_on("screening", dt.date(2026, 11, 2), None, {"final": 1}) == dt.date(2026, 11, 9)


@pytest.mark.parametrize(
    ("promised", "today", "late"),
    [("2026-11-06", "2026-11-09", 3), ("2026-11-06", "2026-11-06", 0), ("2026-11-06", "2026-11-05", 0)],
)
def test_lateness_counts_calendar_days(promised, today, late):
    assert days_late(dt.date.fromisoformat(promised), dt.date.fromisoformat(today)) == late


def test_nothing_promised_is_never_late():
    assert days_late(None, dt.date(2026, 11, 6)) == 0
