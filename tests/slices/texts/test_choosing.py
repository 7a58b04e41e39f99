"""Which words a notice gets: by how far the person came, and in which language they read."""

import re

import pytest

from recruiter.applications.models import DecidedBy, Stage
from recruiter.notices.models import Notice
from tests import maya as persons
from tests.slices.notices.conftest import change, deliver, look, maya, post

__all__ = ["change", "deliver", "look", "maya", "post"]

NOTICES = "/api/v1/notices"


def preview(person, case, **changes):
    body = {name: value for name, value in case.body(**changes).items() if name not in {"hold_minutes", "timing"}}
    answer = person.api.post(f"{NOTICES}/preview", json=body)
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (Stage.APPLICATION, "Thank you for applying for the Data Engineer role at Lumen Grid. We will not be taking"),
        (Stage.SCREENING, "Thank you for our call on Thursday 13 November. I will not be putting you forward"),
        (Stage.SUBMITTED, "Thank you for letting us share your CV. We will not be taking your application further"),
        (Stage.CLIENT_INTERVIEW, "Thank you for meeting Lumen Grid on Thursday 13 November. We will not be taking"),
        (Stage.FINAL, "You gave a lot of time to this. Thank you."),
    ],
)
def test_each_stage_has_its_words(app, acme, alice, stage, says):
    assert says in preview(alice, persons.case(app, acme, stage=stage))["text"]


def test_a_client_who_decided_is_said_to_have(app, acme, alice, change):
    case = persons.case(app, acme, stage=Stage.SUBMITTED, decided_by=DecidedBy.CLIENT)

    says = "Lumen Grid has read it and will not be asking you to an interview for the Data Engineer role."
    assert says in preview(alice, case)["text"]
    change(case.job, client_disclosed=False)
    assert "Our client has read it" in preview(alice, case)["text"]
    change(case.candidate, language="de-AT")
    assert "Unser Kunde hat ihn gelesen und wird Sie" in preview(alice, case)["text"]


def test_the_letter_is_kept_in_the_language_of_its_words(alice, maya, change, look):
    change(maya.candidate, language="fr-CA")

    shown = alice.api.post(NOTICES, json=maya.body(reason="", feedback={})).json

    assert shown["template"] == "after-final"
    assert look(Notice, maya.firm).language == "fr"


def test_another_text_can_be_chosen(alice, maya):
    page = alice.browser.get(f"/notices/new?application={maya.application.id}").text

    assert re.findall(r'<option value="([\w-]+)"( selected)?', page[page.index('name="template"') :])[:6] == [
        ("not-selected", ""),
        ("after-application", ""),
        ("after-screening", ""),
        ("cv-declined", ""),
        ("after-interview", ""),
        ("after-final", " selected"),
    ]
    text = preview(alice, maya, template="not-selected")["text"]
    assert "We will not be taking" in text
    assert "You gave a lot of time" not in text


def test_a_call_that_is_not_offered_is_not_mentioned(bob, maya):
    form = {"kind": "rejection", "template": "after-final", "outcome_code": "CLO-OTHER", "coded": "CLO-OTHER"}
    address = f"/notices/preview?application={maya.application.id}&preview=text"

    without = bob.browser.post(address, data=form | {"reason": "x", "preview": "text"}).text
    offered = bob.browser.post(address, data=form | {"reason": "x", "preview": "text", "offer_call": "on"}).text

    assert "ask for a call" in offered
    assert "You can ask a question" not in without
    assert "ask for a call" not in without
