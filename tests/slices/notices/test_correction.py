"""What was wrong in a sent notice is put right by another one; the page of the first says so."""

import re

import pytest

from tests.maya import case
from tests.slices.notices.forms import form, value_of

NOTICES = "/api/v1/notices"
RIGHT = "I wrote that you joined two incidents. You led one of them."


def write(person, found, notice, button="send", **fields):
    query = {"application": str(found.application.id), "kind": "correction", "corrects": notice}
    values = {"kind": "correction", "template": "correction", "outcome_code": "", "coded": "", "reason": RIGHT}
    return person.browser.post("/notices/new", query_string=query, data=form(do=button) | values | fields)


@pytest.fixture
def sent(alice, maya, deliver, change):
    change(maya.firm, hold_minutes=0)
    notice = alice.api.post(NOTICES, json=maya.body()).json
    deliver()
    return alice.api.get(f"{NOTICES}/{notice['id']}").json


def test_a_correction_is_mailed_and_stands_on_the_page_it_corrects(bob, maya, sent, deliver, smtp_sink, client):
    page = bob.browser.get(f"/notices/{sent['id']}")
    link = re.search(r'href="([^"]*kind=correction[^"]*)"', page.text)[1].replace("&amp;", "&")
    composer = bob.browser.get(link)
    assert value_of(composer, "kind") == "correction"
    assert value_of(composer, "reason") == ""

    assert write(bob, maya, sent["id"]).status_code == 303
    deliver()

    assert RIGHT in smtp_sink.messages[1].get_body(("plain",)).get_content().replace("\r\n", "\n").replace("\n", " ")
    assert str(smtp_sink.messages[1]["In-Reply-To"]) == sent["message_id"]
    letter = client.get(sent["feedback_url"].removeprefix("http://localhost")).text
    assert "Updated" in letter
    assert RIGHT in letter


def test_a_correction_leaves_decision_and_promise_alone(bob, alice, maya, sent, deliver):
    write(bob, maya, sent["id"])
    deliver()

    (correction, _) = alice.api.get(NOTICES).json["items"]
    assert (correction["kind"], correction["state"]) == ("correction", "sent")
    assert alice.api.get(f"/api/v1/applications/{maya.application.id}").json["decision"] == "not_selected"


def test_a_correction_without_words_is_refused(bob, maya, sent):
    answer = write(bob, maya, sent["id"], reason="")

    assert answer.status_code == 422
    assert "Say what was wrong, and what is right." in answer.text


def test_only_what_was_sent_about_the_same_person_is_corrected(bob, alice, maya, app, acme, sent):
    other = case(app, acme, seeded=True)
    held = alice.api.post(NOTICES, json=other.body(hold_minutes=10)).json["id"]

    assert write(bob, other, held).status_code == 409
    assert write(bob, other, sent["id"]).status_code == 422
    assert write(bob, other, "").status_code == 422


def test_a_draft_of_a_correction_knows_what_it_corrects(bob, alice, maya, sent):
    address = write(bob, maya, sent["id"], button="save").location
    answer = bob.browser.post(
        address,
        data=form(do="send")
        | {"kind": "correction", "template": "correction", "outcome_code": "", "coded": "", "reason": RIGHT},
    )

    assert answer.status_code == 303
    assert alice.api.get(NOTICES).json["items"][0]["kind"] == "correction"
