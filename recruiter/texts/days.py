"""Writes a date by a pattern, in the words of the language that a text is written in."""

import datetime as dt
import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

SIGNS = ("%A", "%B", "%-d", "%d", "%Y", "%H", "%M")

_SIGN = re.compile(r"%-?.?")


def is_pattern(pattern: str) -> bool:
    """Whether every sign in a pattern is one of ``SIGNS``."""
    return set(_SIGN.findall(pattern)) <= set(SIGNS)


def written(moment: dt.datetime, pattern: str, language: str) -> str:
    """Return the moment by a pattern of ``SIGNS``; a language (BCP 47) that nobody knows is read as English."""
    days, months = _names(language)
    signs = {
        "%A": days[moment.weekday()],
        "%B": months[moment.month],
        "%-d": "1er" if moment.day == 1 and language.partition("-")[0] == "fr" else str(moment.day),
        "%d": f"{moment.day:02}",
        "%Y": str(moment.year),
        "%H": f"{moment.hour:02}",
        "%M": f"{moment.minute:02}",
    }
    return _SIGN.sub(lambda sign: signs[sign[0]], pattern)


@lru_cache(maxsize=64)
def _names(language: str) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of the days by number, Monday 0, and of the months by number, January 1, as dates have them."""
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    return dict(get_day_names("wide", "format", locale)), dict(get_month_names("wide", "format", locale))
