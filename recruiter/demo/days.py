"""Moments of the sample firm's past, counted from today in its own working days."""

import datetime as dt
from dataclasses import dataclass

from recruiter import clock
from recruiter.policies import calendars
from recruiter.policies.values import Span

ZONE = "Europe/Lisbon"
COUNTRY = "PT"


@dataclass(frozen=True, slots=True)
class Days:
    """``now`` is the moment (UTC) at which the sample firm is made; everything is told from there."""

    now: dt.datetime

    @classmethod
    def until_now(cls) -> "Days":
        """Return the days as they lie before this moment."""
        return cls(clock.now())

    @property
    def today(self) -> dt.date:
        """The date in Lisbon."""
        return clock.local_date(self.now, ZONE)

    def ago(self, *, hours: int = 0, minutes: int = 0) -> dt.datetime:
        """Return a moment shortly before now."""
        return self.now - dt.timedelta(hours=hours, minutes=minutes)

    def at(self, back: int, hour: int, minute: int = 0) -> dt.datetime:
        """Return a time of day in Lisbon, so many working days before today; aware."""
        return moment(before(self.today, back), hour, minute)

    def month(self, back: int) -> dt.date:
        """Return the first day of the month that lies so many months before this one."""
        return Span(months=back).before(self.today.replace(day=1))

    def this_month(self, wanted: dt.datetime, share: float) -> dt.datetime:
        """Return the moment if it is in this month, else one that leaves this share (0 to 1) of it behind."""
        begins = moment(self.month(0), 0)
        return wanted if wanted >= begins else begins + (self.now - begins) * share


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Return a time of day in Lisbon as a moment (UTC)."""
    return clock.from_local(dt.datetime.combine(day, dt.time(hour, minute)), ZONE)


def before(day: dt.date, back: int) -> dt.date:
    """Return the day that lies so many working days before ``day``; with 0 the last one that is no later."""
    while back > 0 or not calendars.is_working_day(day, COUNTRY):
        day -= dt.timedelta(days=1)
        back -= calendars.is_working_day(day, COUNTRY)
    return day
