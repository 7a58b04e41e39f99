"""A law's clock: on which day it runs out, and from which moment on an alarm has come; calendar days, local dates."""

import datetime as dt
from collections.abc import Mapping

from recruiter.clock import begins
from recruiter.policies.jurisdictions import Clock, clocks, find


def clock_for(place: str | None, *, advertised: bool, headcount: int | None) -> Clock | None:
    """Return the clock that runs for whoever is interviewed for a job of this place, or None.

    It runs for jobs advertised to the public, of employers with as many people as the law names or an unknown number.
    """
    clock = find(place).clock
    if clock is None or not advertised:
        return None
    return clock if headcount is None or headcount >= clock.headcount else None


def last_day(clock: Clock, began: dt.date) -> dt.date:
    """Return the last day to tell whoever was interviewed on ``began``, which is day 0."""
    return began + dt.timedelta(days=clock.days)


def alarm_moments(zone: str, today: dt.date) -> Mapping[str, dt.datetime]:
    """Return by name the moment (UTC) before which a clock has to have begun for its alarm to have come by today.

    ``today`` and the days are dates of an IANA zone, so a day may have 23 or 25 hours.
    """
    moments = {}
    for code, clock in clocks().items():
        for number, days in enumerate(clock.alarms):
            day = today - dt.timedelta(days=days - 1)
            moments[alarm_name(code, number)] = begins(day, zone)
    return moments


def alarm_name(code: str, number: int) -> str:
    """Return what the moment of a clock's alarm (0 is the first) is called in a statement."""
    return f"alarm_{code.replace('-', '_').lower()}_{number}"
