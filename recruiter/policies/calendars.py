"""Working days: the weekends and public holidays of a country, or of one region of it."""

import datetime as dt
import functools

import holidays
from holidays.registry import EntityLoader

# ISO 3166-1 alpha-2, from the library that also knows each country's public holidays.
COUNTRIES = frozenset(code for code in EntityLoader.get_country_codes(include_aliases=False) if len(code) == 2)


def is_working_day(day: dt.date, place: str | None) -> bool:
    """Whether people work on this day in a country (``CA``) or region (``CA-ON``); without one, Monday to Friday."""
    calendar = _year(place, day.year)
    return day.weekday() < 5 if calendar is None else calendar.is_working_day(day)


def is_weekend(day: dt.date, place: str | None) -> bool:
    """Whether this day is in the weekend of a place; without one, Saturday and Sunday."""
    calendar = _year(place, day.year)
    return day.weekday() >= 5 if calendar is None else calendar.is_weekend(day)


def add_working_days(day: dt.date, count: int, place: str | None) -> dt.date:
    """Return the day that is ``count`` working days of a place after ``day``, which itself does not count."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, place)
    return day


@functools.lru_cache(maxsize=512)
def _year(place: str | None, year: int) -> holidays.HolidayBase | None:
    # A calendar that grows by itself is not safe between threads; one year, made whole, is.
    country, _, part = (place or "").partition("-")
    if country not in COUNTRIES:
        return None
    known = holidays.country_holidays(country, years=year, expand=False)
    if part not in known.subdivisions:
        return known
    return holidays.country_holidays(country, subdiv=part, years=year, expand=False)
