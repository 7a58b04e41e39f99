"""The humane window: the hours in which a notice may arrive where its reader lives."""

import datetime as dt
from zoneinfo import ZoneInfo

from recruiter.policies.calendars import is_weekend, is_working_day

OPENS = dt.time(8, 30)
CLOSES = dt.time(18)
CLOSES_BEFORE_WEEKEND = dt.time(15)
LONGEST_WAIT_OVERDUE = dt.timedelta(hours=24)


def first_humane_minute(after: dt.datetime, zone: str, country: str | None, *, overdue: bool = False) -> dt.datetime:
    """Return the first moment at or after ``after`` (aware) in the window of an IANA zone; aware, in UTC.

    The window is 08:30 to 18:00 on working days, to 15:00 on Fridays (in countries with another weekend: on the day
    before it); public holidays of ``country`` are skipped. An ``overdue`` notice waits for the next opening, 24 hours
    at most: when that would be longer, weekends, holidays and Friday afternoon do not count.
    """
    opening = _opening(after, zone, country, strict=True)
    if overdue and opening - after > LONGEST_WAIT_OVERDUE:
        opening = _opening(after, zone, country, strict=False)
    return opening.astimezone(dt.UTC)


def _opening(after: dt.datetime, zone: str, country: str | None, *, strict: bool) -> dt.datetime:
    local = ZoneInfo(zone)
    day = after.astimezone(local).date()
    while True:
        closes = _closes(day, country) if strict else CLOSES
        if closes is not None and after < dt.datetime.combine(day, closes, local).astimezone(dt.UTC):
            return max(after, dt.datetime.combine(day, OPENS, local).astimezone(dt.UTC))
        day += dt.timedelta(days=1)


def _closes(day: dt.date, country: str | None) -> dt.time | None:
    """Return when the window closes on this day, or None when it does not open."""
    if not is_working_day(day, country):
        return None
    tomorrow = day + dt.timedelta(days=1)
    return CLOSES_BEFORE_WEEKEND if is_weekend(tomorrow, country) else CLOSES
