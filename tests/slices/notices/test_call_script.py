"""A decision told by call: the script says what the notice says, and the log of the call is the proof."""

import datetime as dt
import re

import pytest

from recruiter import clock
from tests.maya import GAP, STRENGTH
from tests.slices.notices.forms import form, press, shown_in

NOTICES = "/api/v1/notices"


@pytest.fixture
def script(bob, maya):
    """Open the script of Maya's application."""

    def script(**options):
        return bob.browser.get(f"/applications/{maya.application.id}/call", **options)

    return script


def queue(person, found, **changes):
    answer = person.api.post(NOTICES, json=found.body(hold_minutes=10, **changes))
    assert answer.status_code == 201, answer.json
    return answer.json


def test_the_script_has_what_the_notice_has(alice, bob, maya, script):
    notice = queue(alice, maya)
    assert "Call script" in bob.browser.get(f"/notices/{notice['id']}").text
    page = script().text

    wanted = ["Hi Maya, it is", "We will not be taking your application", notice["reason"]]
    wanted += [STRENGTH["text"], GAP["requirement"], GAP["text"], "What were you aiming for there?", GAP["suggestion"]]
    wanted += ["Do you have a question for me?", "Your page has all of this", "Only if they ask about other roles"]
    places = [page.index(words) for words in wanted]
    assert places == sorted(places)


def test_the_call_is_logged_as_proof_with_what_was_read_from(alice, bob, maya, script):
    notice = queue(alice, maya)
    address = f"/applications/{maya.application.id}/call"
    logged = bob.browser.post(address, data={"happened_at": "2025-11-14T10:00", "note": "They led one incident."})
    assert logged.status_code == 303

    (contact,) = alice.api.get(f"/api/v1/contacts?candidate_id={maya.candidate.id}").json["items"]
    kept = {name: contact[name] for name in ("kind", "direction", "outcome", "told", "note", "notice_id")}
    assert kept == {
        "kind": "call",
        "direction": "outbound",
        "outcome": "spoke",
        "told": "decision",
        "note": "They led one incident.",
        "notice_id": notice["id"],
    }
    assert "told the decision" in bob.browser.get(logged.location).text


def test_words_in_the_note_that_would_hurt_are_asked_about_once(alice, bob, maya):
    queue(alice, maya)
    address = f"/applications/{maya.application.id}/call"
    said = {"happened_at": "2025-11-14T10:00", "note": "I said you are too old for this team."}
    asked = bob.browser.post(address, data=said)
    assert (asked.status_code, "Consider:" in asked.text, said["note"] in asked.text) == (422, True, True)
    assert alice.api.get("/api/v1/contacts").json["items"] == []

    assert bob.browser.post(address, data=said | {"shown": shown_in(asked)}).status_code == 303
    assert alice.api.get("/api/v1/contacts").json["items"][0]["note"] == said["note"]


def test_a_call_that_has_not_happened_is_not_logged(bob, maya, alice):
    queue(alice, maya)
    later = f"{clock.now() + dt.timedelta(days=2):%Y-%m-%dT%H:%M}"
    answer = bob.browser.post(f"/applications/{maya.application.id}/call", data={"happened_at": later, "note": "Soon"})

    assert (answer.status_code, "This is in the future." in answer.text, "Soon" in answer.text) == (422, True, True)
    assert "<title>Error: Call script" in answer.text


def test_without_a_notice_the_decision_is_enough(alice, bob, maya, script):
    asked = script()
    assert asked.status_code == 302
    assert "There is no decision to tell" in bob.browser.get(asked.location).text

    decision = {"decision": "role_closed", "outcome_code": "ROLE-HOLD"}
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json=decision)
    page = script().text
    assert "has been put on hold" in page
    assert "I have sent you an email" not in page
    assert bob.browser.post(f"/applications/{maya.application.id}/call", data={"happened_at": "2025-11-14T10:00"})
    assert alice.api.get("/api/v1/contacts").json["items"][0]["notice_id"] is None


def test_a_decision_without_a_reason_is_told_alone(alice, maya, script):
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": "not_selected"})

    assert "Would you like to talk about it now" not in script().text


def test_where_no_reasons_may_be_given_the_call_has_none(alice, maya, change, script):
    change(maya.candidate, country="DE")
    queue(alice, maya)
    page = script().text

    assert "If they ask why" in page
    assert "Germany" in page
    assert [words for words in (GAP["text"], STRENGTH["text"], "matched two needs") if words in page] == []


def test_what_was_left_out_of_the_notice_is_left_out_of_the_call(bob, maya, script):
    typed = form(do="send", points_1_suggestion="", reason="", outcome_code="", coded="")
    del typed["offer_pool"]
    address = f"/notices/new?application={maya.application.id}"
    asked = bob.browser.post(address, data=typed)
    assert bob.browser.post(address, data=typed | {"shown": shown_in(asked)}).status_code == 303
    page = script().text

    assert typed["points-1-text"] in page
    assert [words for words in ("One thing to try", "talent pool") if words in page] == []


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("de", ("Guten Tag Maya, hier ist", "Die Stelle verlangt:", "Gibt es etwas, das wir nicht gesehen haben?")),
        ("fr", ("Bonjour Maya, ", "Le poste demande ceci\xa0:", "Y a-t-il quelque chose que nous")),
        ("pt", ("Hi Maya, it is", "The role needs this:", "Is there a part we did not see?")),
    ],
)
def test_what_is_spoken_is_in_the_language_of_the_notice(alice, bob, maya, script, change, language, spoken):
    change(maya.candidate, language=language)
    change(maya.application, decision="not_selected", decided_at=clock.now(), decided_by="firm")
    assert spoken[0] in script().text

    press(bob, maya, "send", shown=shown_in(press(bob, maya, "check")))
    for draft in alice.api.get(NOTICES, query_string={"state": "draft"}).json["items"]:  # no rules for its language
        seen = re.search(r'name="seen" value="([^"]+)"', alice.browser.get(f"/notices/{draft['id']}/read").text)[1]
        alice.browser.post(f"/notices/{draft['id']}/release", data={"seen": seen})
    page = script().text
    assert [words for words in spoken if words not in page] == []
    assert "Stop. Wait." in page
    assert f'lang="{language if language != "pt" else "en"}"' in page
