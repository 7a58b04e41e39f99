import datetime as dt

import pytest

from recruiter import clock
from recruiter.db.doors import Door, Due, firm_of, firms_with
from tests import build


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def test_a_door_answers_with_the_firm_and_nothing_else():
    firm = build.firm(slug="harbour")
    priya = build.member(firm)

    assert firm_of(Door.FIRM_SLUG, "harbour") == firm.id
    assert firm_of(Door.MEMBER_EMAIL, priya.email) == firm.id
    assert firm_of(Door.MEMBER_EMAIL, "nobody@example.com") is None


@pytest.mark.parametrize("door", Door)
def test_no_door_opens_to_a_stranger(door):
    build.firm()
    assert firm_of(door, "a value nobody holds") is None


@pytest.mark.parametrize("due", Due)
def test_every_kind_of_due_work_can_be_asked_for(due):
    firm = build.firm()
    earlier = clock.now() - dt.timedelta(days=1)

    assert firms_with(due, earlier) == []
    assert firms_with(due, clock.now()) == ([firm.id] if due is Due.ALL else [])
