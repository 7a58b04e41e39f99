"""Working days: the weekends and public holidays of a country."""

import datetime as dt
import functools

import holidays
from holidays.registry import EntityLoader

# ISO 3166-1 alpha-2, from the library that also knows each country's public holidays.
COUNTRIES = frozenset(code for code in EntityLoader.get_country_codes(include_aliases=False) if len(code) == 2)


def is_working_day(day: dt.date, country: str | None) -> bool:
    """Whether people work on this day in a country (ISO 3166-1 alpha-2); without one, Monday to Friday."""
    calendar = _year(country, day.year)
    return day.weekday() < 5 if calendar is None else calendar.is_working_day(day)


def is_weekend(day: dt.date, country: str | None) -> bool:
    """Whether this day is in the weekend of a country; without one, Saturday and Sunday."""
    calendar = _year(country, day.year)
    return day.weekday() >= 5 if calendar is None else calendar.is_weekend(day)


def add_working_days(day: dt.date, count: int, country: str | None) -> dt.date:
    """Return the day that is ``count`` working days after ``day``, which itself does not count."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, country)
    return day


@functools.lru_cache(maxsize=512)
def _year(country: str | None, year: int) -> holidays.HolidayBase | None:
    # A calendar that grows by itself is not safe between threads; one year, made whole, is.
    if country not in COUNTRIES:
        return None
    return holidays.country_holidays(country, years=year, expand=False)
