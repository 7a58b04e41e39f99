"""The privacy role reads about people who asked about their data, for 30 days, and about nobody else."""

import dataclasses
import datetime as dt
import re

import pytest
import time_machine

from recruiter import clock
from recruiter.accounts.models import Role
from tests.people import browser, person


@pytest.fixture
def petra(app, acme):
    return person(app, acme, "Petra Pohl", Role.PRIVACY)


@pytest.fixture
def letter(reader):
    """The page of the notice that Maya got."""
    return f"/notices/{reader.notice['id']}"


def note(who, address, asked="copy"):
    return who.browser.post("/settings/privacy", data={"address": address, "asked": asked})


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_day_begins_with_requests(petra):
    page = petra.browser.get("/today", follow_redirects=True)

    assert page.request.path == "/settings/privacy"
    assert "Nobody asked in the last 30 days." in text(page)
    assert "/pool" not in page.text
    assert re.search(r'href="/settings/privacy" data-go="c" aria-current="page"', page.text)


def test_nobody_is_read_about_before_they_asked(petra, maya, letter):
    for path in (f"/candidates/{maya.candidate.id}", letter, f"/candidates/{maya.candidate.id}/erase"):
        answer = petra.browser.get(path)

        assert answer.status_code == 403
        assert maya.candidate.name not in answer.text


def test_who_asked_is_read_about_with_everything_that_was_written_to_them(petra, maya, letter):
    answer = note(petra, f" {maya.candidate.email.upper()}")

    assert answer.location == f"/candidates/{maya.candidate.id}"
    record = petra.browser.get(answer.location)
    assert "Asked about their data: a copy of their data" in text(record)
    assert maya.candidate.email in record.text
    assert "Add an application" not in record.text
    assert letter in record.text
    assert petra.browser.get(letter).status_code == 200


def test_another_person_stays_unread(app, petra, alice, maya):
    other = alice.api.post("/api/v1/candidates", json={"name": "Ana Reis", "email": "ana@example.com"}).json["id"]
    note(petra, maya.candidate.email)

    assert petra.browser.get(f"/candidates/{other}").status_code == 403


def test_after_thirty_days_it_ends(app, petra, maya):
    now = clock.now()
    with time_machine.travel(now - dt.timedelta(days=30, minutes=1), tick=False):
        note(person_again(app, petra), maya.candidate.email)

    assert petra.browser.get(f"/candidates/{maya.candidate.id}").status_code == 403
    assert maya.candidate.name not in petra.browser.get("/settings/privacy").text


def person_again(app, who):
    """The same member, signed in at this moment."""
    return dataclasses.replace(who, browser=browser(app, who.member))


def test_every_request_is_listed_with_who_noted_it(alice, petra, maya):
    note(alice, maya.candidate.email, "correction")

    page = text(petra.browser.get("/settings/privacy"))
    assert f"{maya.candidate.name} A correction" in page
    assert "Alice Adams" in page


def test_erasing_answers_the_request(petra, maya):
    note(petra, maya.candidate.email, "erasure")

    petra.browser.post(f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})

    assert "Nobody asked in the last 30 days." in text(petra.browser.get("/settings/privacy"))
    assert "Erased on" in text(petra.browser.get(f"/candidates/{maya.candidate.id}"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"address": "nobody@example.com", "asked": "copy"}, "Nobody here has this address."),
        ({"address": "", "asked": "copy"}, "Enter the address they write from."),
        ({"address": "nobody@example.com", "asked": ""}, "Choose what they ask for."),
    ],
)
def test_what_is_missing_is_said(petra, typed, words):
    answer = petra.browser.post("/settings/privacy", data=typed)

    assert answer.status_code == 422
    assert words in text(answer)


def test_whose_role_it_is_not_notes_nothing(bob, vera, charlie, maya):
    assert note(bob, maya.candidate.email).status_code == 403
    assert note(vera, maya.candidate.email).status_code == 403
    assert note(charlie, maya.candidate.email).status_code == 422
