"""Dates and numbers in words as the current reader writes them."""

import datetime as dt
import re

from babel.dates import format_date
from babel.numbers import format_decimal

from recruiter.translations.catalogues import current

_YEAR_AT_THE_END = re.compile(r",? y$")


def day(value: dt.date) -> str:
    """Return a date without its year: ``Thursday 20 November``, ``Donnerstag, 20. November``."""
    return _written(value, _YEAR_AT_THE_END.sub("", _pattern("full")))


def day_year(value: dt.date) -> str:
    """Return a date without its weekday: ``20 November 2025``, ``20. November 2025``."""
    return _written(value, _pattern("long"))


def full_day(value: dt.date) -> str:
    """Return a whole date: ``Thursday 20 November 2025``, ``jeudi 20 novembre 2025``."""
    return _written(value, _pattern("full"))


def number(value: int) -> str:
    """Return a number with its thousands apart: ``1,000``, ``1.000``."""
    return format_decimal(value, locale=current().locale)


def _pattern(length: str) -> str:
    return str(current().locale.date_formats[length].pattern)


def _written(value: dt.date, pattern: str) -> str:
    if current().words == "fr" and value.day == 1:
        pattern = re.sub(r"\bd\b", "d'er'", pattern)
    return format_date(value, pattern, locale=current().locale)
