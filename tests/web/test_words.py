"""How the pages say dates, times, counts and names."""

import datetime as dt

import pytest
import time_machine
from flask import Flask
from jinja2 import UndefinedError

pytestmark = pytest.mark.once

NOON = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
LATE = dt.datetime(2025, 11, 20, 23, 30, tzinfo=dt.UTC)


def say(app: Flask, expression: str, **names: object) -> str:
    return app.jinja_env.from_string(f"{{{{ {expression} }}}}").render(**names)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("noon|day('Europe/Lisbon')", "Thursday 20 November"),
        ("late|day('Asia/Tokyo')", "Friday 21 November"),
        ("on|day", "Monday 24 November"),
        ("late|day_year('Asia/Tokyo')", "21 November 2025"),
        ("on|month_year", "Nov 2025"),
        ("noon|time_of_day('Asia/Tokyo')", "21:00"),
        ("'America/New_York'|place", "New York"),
        ("1|plural('person', 'people')", "1 person"),
        ("1204|plural('person', 'people')", "1,204 people"),
        ("2|plural('notice')", "2 notices"),
        ("[]|names", ""),
        ("['Ana']|names", "Ana"),
        ("['Ana', 'Rui']|names", "Ana and Rui"),
        ("['Ana', 'Rui', 'Eva', 'Ivo', 'Noa']|names", "Ana, Rui, Eva and 2 others"),
        ("'Maya Ferreira'|initials", "MF"),
        ("'maya de Sousa ferreira'|initials", "MF"),
        ("'Cher'|initials", "C"),
        ("''|initials", ""),
        ("'Maya Ferreira'|tint == 'Maya Ferreira'|tint", "True"),
        ("'one\r\ntwo\r\n\r\n\r\nthree\n'|paragraphs|join('|')", "one\ntwo|three"),
        ("'our client of NASA'|sentence", "Our client of NASA"),
    ],
)
def test_words(app: Flask, expression: str, words: str) -> None:
    assert say(app, expression, noon=NOON, late=LATE, on=dt.date(2025, 11, 24)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOON, "today 12:00"),
        (NOON - dt.timedelta(hours=13), "yesterday 23:00"),
        (NOON + dt.timedelta(hours=13), "tomorrow 01:00"),
        (NOON - dt.timedelta(days=2), "Tue 12:00"),
        (NOON + dt.timedelta(days=6), "Wed 12:00"),
        (NOON - dt.timedelta(days=17), "3 Nov 2025, 12:00"),
    ],
)
def test_a_moment_is_said_as_near_as_it_is(app: Flask, at: dt.datetime, words: str) -> None:
    with time_machine.travel(NOON, tick=False):
        assert say(app, "at|moment('Europe/Lisbon')", at=at) == words


@pytest.mark.parametrize(
    ("minutes", "waited", "left"),
    [
        (0, "0 min", "0"),
        (59, "59 min", "0"),
        (60, "1 h", "0"),
        (47 * 60, "47 h", "0"),
        (72 * 60, "3 days", "0"),
        (-7.5, "0 min", "8"),
    ],
)
def test_waiting_and_what_is_left(app: Flask, minutes: float, waited: str, left: str) -> None:
    with time_machine.travel(NOON, tick=False):
        at = NOON - dt.timedelta(minutes=minutes)
        assert say(app, "at|waited", at=at) == waited
        assert say(app, "at|minutes_until", at=at) == left


def test_a_name_that_a_page_does_not_get_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        say(app, "no_such_thing")
