"""What is said about an outcome beside its reason: only what the client agreed to, with the day, leaves."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.db.session import reading
from recruiter.texts import queries as texts
from recruiter.texts.models import TextKind
from recruiter.texts.queries import Want
from tests.slices.notices.forms import form, open_composer, press

NOTICES = "/api/v1/notices"
CLOSE = "The decision was close."
AGREED = {"context": "close_call", "client_agreed_on": "2025-11-14"}


def said(preview):
    text = " ".join(preview["text"].split())
    return [words for words in (CLOSE, "already works there", "did not give a reason") if words in text]


def told(text):
    return "A rule that is the same for everyone decided this. If you ask," in " ".join(text.split())


def preview(person, found, *contexts):
    body = {name: value for name, value in found.body().items() if name not in {"hold_minutes", "timing"}}
    return person.api.post(f"{NOTICES}/preview", json=body | {"outcome_context": list(contexts)})


def test_what_the_client_agreed_to_is_said_and_kept_with_its_day(alice, maya):
    shown = preview(alice, maya, {"context": "client_gave_no_reason"}, AGREED).json
    assert (said(shown), shown["findings"]) == ([CLOSE, "did not give a reason"], [])
    assert shown["text"].index("more closely") < shown["text"].index("decision was close")

    notice = alice.api.post(NOTICES, json=maya.body(outcome_context=[AGREED])).json
    assert notice["outcome_context"] == [AGREED]
    assert CLOSE not in notice["reason"]


@pytest.mark.parametrize(
    "context",
    [
        {"context": "close_call"},
        {"context": "internal_appointed", "client_agreed_on": None},
        {"context": "close_call", "client_agreed_on": f"{clock.now().date() + dt.timedelta(days=3)}"},
        {"context": "predetermined", "client_agreed_on": "2025-11-14"},
    ],
)
def test_what_nobody_agreed_to_is_refused(alice, maya, context):
    answer = preview(alice, maya, context)

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["outcome_context"])


def test_the_composer_asks_for_the_day_before_it_says_anything(alice, bob, maya):
    ticked = {"context_close_call": "yes", "context_agency_view": "yes"}
    looked = press(bob, maya, "check", **ticked)
    assert "The company may see it otherwise." in looked.text[looked.text.index('id="paper"') :]
    assert CLOSE not in looked.text[looked.text.index('id="paper"') :]
    refused = press(bob, maya, "send", **ticked)
    assert (refused.status_code, "Enter the day on which the client agreed to it." in refused.text) == (422, True)

    address = press(bob, maya, "save", **ticked, agreed_close_call="2025-11-14").location
    assert 'value="2025-11-14"' in bob.browser.get(address).text
    sent = form(do="send") | ticked | {"agreed_close_call": "2025-11-14"}
    assert bob.browser.post(address, data=sent).status_code == 303
    (notice,) = alice.api.get(NOTICES).json["items"]
    assert AGREED in notice["outcome_context"]


def test_where_no_reasons_may_be_given_nothing_stands_beside_them(alice, bob, maya, change):
    change(maya.candidate, country="DE")
    assert said(preview(alice, maya, AGREED).json) == []
    assert "Say more about the outcome" not in open_composer(bob, maya).text
    assert alice.api.post(NOTICES, json=maya.body(outcome_context=[AGREED])).json["outcome_context"] == []


def test_it_is_said_in_the_language_of_the_letter(alice, maya, change):
    change(maya.candidate, language="fr")

    text = preview(alice, maya, AGREED, {"context": "same_questions"}).json["text"]
    assert "La décision était serrée. Les mêmes questions principales ont été posées" in text


def test_a_decision_that_a_rule_made_says_so_whatever_else_may_be_said(alice, maya, change):
    change(maya.application, decision="not_selected", decided_at=clock.now(), decided_by="system_rule")
    shown = preview(alice, maya).json
    assert (told(shown["text"]), told(shown["page_html"]), shown["findings"]) == (True, True, [])
    update = {"application_id": str(maya.application.id), "kind": "update"}
    assert not told(alice.api.post(f"{NOTICES}/preview", json=update).json["text"])

    change(maya.candidate, country="DE", language="de")  # neither reason nor points may be told
    assert "prüft ein Mensch Ihre Bewerbung noch einmal." in " ".join(preview(alice, maya).json["text"].split())


def test_a_letter_that_keeps_it_back_does_not_leave(app, alice, maya, change):
    change(maya.application, decision="not_selected", decided_at=clock.now(), decided_by="system_rule")
    with app.app_context(), reading(maya.firm.id) as session:
        words = texts.find_published(session, maya.firm.id, TextKind.REJECTION, Want(stage="final", language="en"))
    mute = "{% if decision.automated_notice %} {{ decision.automated_notice }}{% endif %}"
    change(words, **{part: getattr(words, part).replace(mute, "") for part in ("mail_body", "page_body")})

    refused = alice.api.post(NOTICES, json=maya.body())

    assert (refused.status_code, refused.json["findings"][0]["rule"]) == (422, "RULE-UNTOLD")
