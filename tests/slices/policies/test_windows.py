"""The humane window, as a table: where the reader lives, on which day, and when it is late already."""

import datetime as dt

import pytest

from recruiter.policies.windows import first_humane_minute

pytestmark = pytest.mark.once

# 2026-11-02 is a Monday.
STRICT = [
    ("inside", "2026-11-02T10:15Z", "UTC", None, "2026-11-02T10:15Z"),
    ("before opening", "2026-11-02T05:00Z", "UTC", None, "2026-11-02T08:30Z"),
    ("the first minute", "2026-11-02T08:30Z", "UTC", None, "2026-11-02T08:30Z"),
    ("the last minute", "2026-11-02T17:59Z", "UTC", None, "2026-11-02T17:59Z"),
    ("at closing", "2026-11-02T18:00Z", "UTC", None, "2026-11-03T08:30Z"),
    ("Friday before three", "2026-11-06T14:59Z", "UTC", None, "2026-11-06T14:59Z"),
    ("Friday at three", "2026-11-06T15:00Z", "UTC", None, "2026-11-09T08:30Z"),
    ("Saturday", "2026-11-07T11:00Z", "UTC", None, "2026-11-09T08:30Z"),
    ("in Tokyo it is evening", "2026-11-02T10:00Z", "Asia/Tokyo", None, "2026-11-02T23:30Z"),
    ("in Chicago it is night", "2026-11-02T08:00Z", "America/Chicago", None, "2026-11-02T14:30Z"),
    ("in Kathmandu quarters count", "2026-11-02T01:00Z", "Asia/Kathmandu", None, "2026-11-02T02:45Z"),
    ("a public holiday", "2026-12-08T10:00Z", "Europe/Lisbon", "PT", "2026-12-09T08:30Z"),
    ("no holiday elsewhere", "2026-12-08T10:00Z", "Europe/London", "GB", "2026-12-08T10:00Z"),
    ("Thursday where Friday is off", "2026-11-05T13:00Z", "Asia/Riyadh", "SA", "2026-11-08T05:30Z"),
    ("Friday where Sunday is a working day", "2026-11-06T10:00Z", "Asia/Riyadh", "SA", "2026-11-08T05:30Z"),
    ("the night the clock goes forward", "2026-03-28T23:00Z", "Europe/Berlin", None, "2026-03-30T06:30Z"),
    ("the night the clock goes back", "2026-10-24T22:00Z", "Europe/Berlin", None, "2026-10-26T07:30Z"),
    ("the Friday before it goes forward", "2026-03-27T13:30Z", "Europe/Berlin", None, "2026-03-27T13:30Z"),
]
OVERDUE = [
    ("the next opening is near enough", "2026-11-02T19:00Z", "UTC", None, "2026-11-03T08:30Z"),
    ("Friday afternoon does not count", "2026-11-06T16:00Z", "UTC", None, "2026-11-06T16:00Z"),
    ("Friday evening waits for Saturday", "2026-11-06T20:00Z", "UTC", None, "2026-11-07T08:30Z"),
    ("Saturday does not count", "2026-11-07T11:00Z", "UTC", None, "2026-11-07T11:00Z"),
    ("Sunday noon waits for Monday", "2026-11-08T12:00Z", "UTC", None, "2026-11-09T08:30Z"),
    ("Christmas does not count", "2026-12-25T03:00Z", "Europe/London", "GB", "2026-12-25T08:30Z"),
    ("through the night the clock goes back", "2026-10-24T18:00Z", "Europe/Berlin", None, "2026-10-25T07:30Z"),
]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(("_name", "after", "zone", "country", "expected"), STRICT, ids=[row[0] for row in STRICT])
def test_a_notice_waits_for_the_window(_name, after, zone, country, expected):
    assert first_humane_minute(moment(after), zone, country) == moment(expected)


@pytest.mark.parametrize(("_name", "after", "zone", "country", "expected"), OVERDUE, ids=[row[0] for row in OVERDUE])
def test_an_overdue_notice_never_waits_longer_than_a_day(_name, after, zone, country, expected):
    found = first_humane_minute(moment(after), zone, country, overdue=True)

    assert found == moment(expected)
    assert found - moment(after) <= dt.timedelta(hours=24)


def test_the_answer_is_in_utc():
    assert first_humane_minute(moment("2026-11-02T03:00Z"), "Asia/Tokyo", None).tzinfo is dt.UTC
