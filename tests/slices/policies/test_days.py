"""Working days over Christmas: every country and region has its own, as a table."""

import datetime as dt

import pytest

from recruiter.policies.calendars import add_working_days

pytestmark = pytest.mark.once

# 2026-12-22 is a Tuesday; five working days later, by the public holidays of each place.
CHRISTMAS = [
    ("everywhere else", None, "2026-12-22", 5, "2026-12-29"),
    ("Germany: both days of Christmas, the second a Saturday", "DE", "2026-12-22", 5, "2026-12-30"),
    ("Germany: and New Year", "DE", "2026-12-22", 8, "2027-01-05"),
    ("Bavaria: and Epiphany", "DE-BY", "2026-12-30", 4, "2027-01-07"),
    ("Germany: not Epiphany", "DE", "2026-12-30", 4, "2027-01-06"),
    ("France: one day of Christmas", "FR", "2026-12-22", 5, "2026-12-30"),
    ("France: and New Year", "FR", "2026-12-22", 7, "2027-01-04"),
    ("United Kingdom: Boxing Day is a Saturday, so Monday is off", "GB", "2026-12-22", 5, "2026-12-31"),
    ("Scotland: and the second of January, on Monday", "GB-SCT", "2026-12-31", 1, "2027-01-05"),
    ("England: not the second of January", "GB-ENG", "2026-12-31", 1, "2027-01-04"),
    ("Ontario: Boxing Day is a Saturday, so Monday is off", "CA-ON", "2026-12-22", 5, "2026-12-31"),
    ("Quebec: no Boxing Day", "CA-QC", "2026-12-22", 5, "2026-12-30"),
    ("Ontario: Family Day in February", "CA-ON", "2026-02-13", 1, "2026-02-17"),
    ("Canada as a whole: no Family Day", "CA", "2026-02-13", 1, "2026-02-16"),
    ("United States: one day of Christmas", "US", "2026-12-22", 5, "2026-12-30"),
    ("United States: and New Year", "US", "2026-12-22", 7, "2027-01-04"),
    ("a region that nobody knows counts as its country", "US-ZZ", "2026-12-22", 5, "2026-12-30"),
    ("the same day", "DE", "2026-12-25", 0, "2026-12-25"),
]


@pytest.mark.parametrize(("_name", "place", "day", "count", "expected"), CHRISTMAS, ids=[row[0] for row in CHRISTMAS])
def test_working_days_over_christmas(_name, place, day, count, expected):
    assert add_working_days(dt.date.fromisoformat(day), count, place) == dt.date.fromisoformat(expected)
