"""Regions of countries (ISO 3166-2) whose calendars or laws are their own, with their names."""

import functools
import re
from collections.abc import Sequence

import holidays

from recruiter.policies.calendars import COUNTRIES

# Where regions have laws or public holidays that matter to us; a region of any other country is known by its code.
OFFERED = ("AT", "AU", "CA", "CH", "DE", "ES", "GB", "US")
_ISO = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")


def is_region(code: str, country: str | None = None) -> bool:
    """Whether this is a region that we know, and one of ``country`` when it is given: ``CA-ON``."""
    return bool(_ISO.match(code)) and country in {None, code[:2]} and code in _names(code[:2])


def name(code: str) -> str:
    """Return the name of a region: ``Ontario`` for ``CA-ON``; the code where no name is known."""
    return _names(code[:2]).get(code, code)


def offered(kept: str | None = None) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Return the regions to choose from, by country as code, each with its name; ``kept`` is among them."""
    countries = sorted({*OFFERED, *([kept[:2]] if kept else [])})
    return [(country, sorted(_names(country).items(), key=lambda item: item[1])) for country in countries]


@functools.cache
def _names(country: str) -> dict[str, str]:
    """Return a country's regions by code. The library knows several names for some; the first in full is taken."""
    if country not in COUNTRIES:
        return {}
    calendar = holidays.country_holidays(country, expand=False)
    found = {part: f"{country}-{part}" for part in calendar.subdivisions if _ISO.match(f"{country}-{part}")}
    names = {code: code for code in found.values()}
    for words, part in getattr(calendar, "subdivisions_aliases", {}).items():
        if part in found and names[found[part]] == found[part] and not words.isupper():
            names[found[part]] = words
    return names
