"""Settings, Checker: the firm's own phrases, the hints that are off, and what was sent all the same."""

import pytest

from recruiter.accounts.models import Role
from recruiter.checker import service as checker
from tests import maya as people_of
from tests import people
from tests.slices.notices.forms import press

PAGE = "/settings/checker"
WORDS = {"words": "Rockstar", "advice": "Name the skill.", "severity": "block"}


@pytest.fixture
def lena(app, acme):
    return people.person(app, acme, "Lena Lead", Role.LEAD)


@pytest.fixture
def maya(app, acme, alice):
    return people_of.case(app, acme)


def test_it_is_for_leads_and_admins(alice, lena, bob):
    assert alice.browser.get(PAGE).status_code == 200
    assert PAGE in lena.browser.get(PAGE).text
    assert bob.browser.get(PAGE).status_code == 403
    assert bob.browser.post(f"{PAGE}/phrases", data=WORDS).status_code == 403


def test_a_phrase_of_the_firm_is_found_until_it_is_taken_out(lena, maya, charlie):
    added = lena.browser.post(f"{PAGE}/phrases", data=WORDS, follow_redirects=True)
    found = press(lena, maya, "check", reason="The team wants a rockstar.")
    lena.browser.post(f"{PAGE}/phrases", data=WORDS | {"words": "ROCKSTAR", "severity": "hint"})
    once = lena.browser.get(PAGE).text
    lena.browser.post(f"{PAGE}/phrases/remove", data={"words": "rockstar"})
    gone = press(lena, maya, "check", reason="The team wants a rockstar.")

    assert "The phrase is looked for from now on." in added.text
    assert "“rockstar” is a phrase that your firm does not send." in found.text
    assert "Name the skill." in found.text
    assert "Fix 1 problem" in found.text
    assert once.count('<th scope="row">ROCKSTAR</th>') == 1
    assert "Rockstar" not in once
    assert "your firm does not send" not in gone.text
    assert "Rockstar" not in charlie.browser.get(PAGE).text


def test_a_phrase_of_the_firm_can_be_approved_and_is_counted(lena, maya):
    lena.browser.post(f"{PAGE}/phrases", data=WORDS)

    press(lena, maya, "override", reason="The team wants a rockstar.", override_reason="A quote of the advert.")

    shown = lena.browser.get(PAGE).text
    assert "FIRM-PHRASE" in shown
    assert "A phrase of your own." in shown


@pytest.mark.parametrize(("words", "problem"), [("", "Enter the words."), ("!?", "Enter the words.")])
def test_a_phrase_needs_a_word(lena, words, problem):
    refused = lena.browser.post(f"{PAGE}/phrases", data=WORDS | {"words": words})

    assert refused.status_code == 422
    assert problem in refused.text


def test_there_is_an_end_to_phrases(lena, monkeypatch):
    monkeypatch.setattr("recruiter.feedback.wording._MOST_PHRASES", 1)
    lena.browser.post(f"{PAGE}/phrases", data=WORDS)

    refused = lena.browser.post(f"{PAGE}/phrases", data=WORDS | {"words": "ninja"})

    assert refused.status_code == 422
    assert "A firm keeps at most 1 phrases." in refused.text


def test_hints_are_turned_off_and_nothing_else(lena, maya):
    text = {"reason": "You are too old, and well done!!"}
    assert "“!!”" in press(lena, maya, "check", **text).text

    shown = set(checker.hints()) - {"TONE-SHOUT"}
    saved = lena.browser.post(f"{PAGE}/hints", data={"shown": sorted(shown)}, follow_redirects=True)
    found = press(lena, maya, "check", **text).text
    refused = lena.browser.post(f"{PAGE}/hints", data={"shown": ["PROT-AGE"]})

    assert 'value="TONE-SHOUT" checked' not in saved.text
    assert 'value="TONE-BUT" checked' in saved.text
    assert "“!!”" not in found
    assert "is about age" in found
    assert refused.status_code == 303
    assert "is about age" in press(lena, maya, "check", **text).text
