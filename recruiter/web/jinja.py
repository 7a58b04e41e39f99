"""Gives the templates their place on disk, their filters and their globals."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from jinja2 import StrictUndefined

from recruiter import clock
from recruiter.translations import days
from recruiter.web import locales
from recruiter.web.assets import asset, icon

_PACKAGE = Path(__file__).parent.parent
_TINTS = ("", "a", "b", "c", "d")


def template_dir() -> Path:
    """Return the folder of the templates: inside an installed package, else at the top of the checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def init_app(app: Flask) -> None:
    """Register every filter and global of the templates; a name that a page does not get is an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, icon=icon, languages=locales.languages)
    app.jinja_env.filters.update(
        day=day,
        number=days.number,
        day_year=day_year,
        month_year=month_year,
        time_of_day=time_of_day,
        moment=moment,
        waited=waited,
        minutes_until=minutes_until,
        place=place,
        plural=plural,
        names=names,
        initials=initials,
        tint=tint,
        paragraphs=paragraphs,
        sentence=sentence,
        country=locales.country,
        language=locales.language,
    )


def day(value: dt.date | dt.datetime, zone: str = "UTC") -> str:
    """Return a date without its year as readers write it, ``Thursday 20 November``; a moment is read in the zone."""
    return days.day(_date(value, zone))


def day_year(value: dt.date | dt.datetime, zone: str = "UTC") -> str:
    """Return a date as readers write it, ``20 November 2025``; a moment is read in the zone."""
    return days.day_year(_date(value, zone))


def month_year(value: dt.date | dt.datetime, zone: str = "UTC") -> str:
    """Return the month of a date, ``Nov 2026``; a moment is read in the zone."""
    return f"{_date(value, zone):%b %Y}"


def time_of_day(value: dt.datetime, zone: str) -> str:
    """Return the wall-clock time of an aware moment in the zone, ``14:30``."""
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(value: dt.datetime, zone: str) -> str:
    """Return when something was or will be, in the zone, as short as it can be said.

    ``today 14:30``, ``yesterday 13:12``, ``tomorrow 09:00``, ``Tue 16:30`` within six days, else ``3 Nov 2025, 16:30``.
    """
    local = value.astimezone(ZoneInfo(zone))
    away = (local.date() - clock.today(zone)).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if away in near:
        return f"{near[away]} {local:%H:%M}"
    if abs(away) < 7:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b %Y, %H:%M}"


def waited(since: dt.datetime) -> str:
    """Return how long an aware moment is ago in its largest whole unit: ``8 min``, ``21 h``, ``3 days``."""
    minutes = max(0, int((clock.now() - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def minutes_until(value: dt.datetime) -> int:
    """Return the minutes until an aware moment, rounded up; 0 when it has passed."""
    return max(0, -int((clock.now() - value).total_seconds() // 60))


def place(zone: str) -> str:
    """Return the city that an IANA zone is named after: ``Lisbon`` for ``Europe/Lisbon``."""
    return zone.rpartition("/")[2].replace("_", " ")


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: ``1 person``, ``16 people``, ``1,204 people``; ``many`` adds an s unless given."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def names(items: Sequence[str], at_most: int = 3) -> str:
    """Return a list as people write it: ``Ravi Patel, Ana Reis and 2 others``."""
    shown, rest = list(items[:at_most]), len(items) - at_most
    if rest > 0:
        shown = [*shown, plural(rest, "other")]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1] if shown else "") if part)


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name: ``MF``."""
    words = name.split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


def tint(name: str) -> str:
    """Return one of five tints, always the same for the same name; the empty one is neutral."""
    return _TINTS[sum(name.encode()) % len(_TINTS)]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text: what stands between empty lines."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def sentence(text: str) -> str:
    """Return the text with its first letter in upper case and the others as they are."""
    return text[:1].upper() + text[1:]


def _date(value: dt.date | dt.datetime, zone: str) -> dt.date:
    return clock.local_date(value, zone) if isinstance(value, dt.datetime) else value
