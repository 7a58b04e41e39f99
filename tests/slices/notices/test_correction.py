"""What was wrong in a sent notice is put right by another one; the page of the first says so."""

import re

import pytest

from tests.maya import GAP, STRENGTH, case
from tests.slices.notices.forms import form, open_composer, value_of

NOTICES = "/api/v1/notices"
NOW = {"hold_minutes": 0, "timing": "now"}
RIGHT = "I wrote that you joined two incidents. You led one of them."


def write(person, found, notice, button="send", **fields):
    query = {"application": str(found.application.id), "kind": "correction", "corrects": notice}
    values = {"kind": "correction", "template": "correction", "outcome_code": "", "coded": "", "reason": RIGHT}
    return person.browser.post("/notices/new", query_string=query, data=form(do=button) | values | fields)


def open_correction(person, found, notice):
    return open_composer(person, found, kind="correction", corrects=notice["id"])


def points(text):
    """The points of the letter with another text in its gap."""
    typed = [STRENGTH | {"kind": "strength"}, GAP | {"kind": "gap", "text": text}]
    return {f"points-{place}-{name}": value for place, point in enumerate(typed) for name, value in point.items()}


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
    letter = page_of(client, sent)
    assert "Changed on" in letter
    assert RIGHT in letter


def page_of(client, notice):
    return client.get(notice["feedback_url"].removeprefix("http://localhost")).text


def test_a_correction_changes_the_points_and_the_earlier_wording_stays(bob, alice, maya, sent, deliver, client):
    page = open_correction(bob, maya, sent)
    assert (value_of(page, "points-1-criterion"), value_of(page, "points-1-text")) == (GAP["criterion"], GAP["text"])
    assert "with the earlier wording behind them" in page.text

    better = "You gave two batch examples and one of late events."
    assert write(bob, maya, sent["id"], **points(better)).status_code == 303
    deliver()

    before, after = page_of(client, sent).split("<article", 1)
    assert GAP["text"] in before
    assert STRENGTH["text"] not in before  # it reads as it did
    assert (better in after, GAP["text"] in after) == (True, False)
    (correction, first) = alice.api.get(NOTICES).json["items"]
    assert [(each["version"], each["corrects"]) for each in (first, correction)] == [(1, None), (2, sent["id"])]
    assert better in page_of(client, correction)
    assert "Changed on" not in page_of(client, correction)

    told = bob.browser.get(f"/notices/{correction['id']}").text
    assert "Correction to" in told
    assert ("Version 1" in told, "Version 2" in told) == (True, True)
    assert GAP["text"] in bob.browser.get(f"/notices/{sent['id']}").text


def test_a_side_given_on_a_point_stays_beside_it_in_every_wording(bob, alice, maya, sent, deliver, client):
    base = sent["feedback_url"].removeprefix("http://localhost")
    point = re.search(r"/point/([0-9a-f-]{36})", client.get(base).text)[1]
    client.post(f"{base}/point/{point}", data={"text": "I led one of them.", "differs": "yes"})
    (side,) = alice.api.get("/api/v1/responses").json["items"]
    item = f"response-{side['id']}"
    assert "Open the notice to correct the point" in bob.browser.get(f"/today?item={item}").text

    early = bob.browser.post(f"/today/{item}/reply", data={"text": "You are right.", "outcome": "corrected"})
    assert (early.status_code, "Send the correction first." in early.text) == (422, True)
    write(bob, maya, sent["id"], **points("You gave two batch examples and one of late events."))
    deliver()
    in_hand = bob.browser.get(f"/today?item={item}").text
    assert "one of late events" in in_hand[in_hand.index("About the point you wrote") :]
    assert "The correction was sent" in in_hand
    bob.browser.post(f"/today/{item}/reply", data={"text": "You are right.", "outcome": "corrected"})

    assert alice.api.get(f"/api/v1/responses/{side['id']}").json["answer"]["outcome"] == "corrected"
    correction = alice.api.get(NOTICES).json["items"][0]
    for page in (client.get(base).text, page_of(client, correction)):
        said = page[page.index("one of late events") :]
        assert said.index("I led one of them.") < said.index("The point was corrected.")
        assert f"/point/{point}" in said
    again = client.post(f"{base}/point/{point}", data={"text": "Thank you."})
    assert again.status_code == 303


def test_the_api_corrects_and_leaves_points_as_they_are(alice, maya, sent, deliver, client):
    body = {"application_id": str(maya.application.id), "kind": "correction", "corrects": sent["id"], "reason": RIGHT}
    preview = alice.api.post(f"{NOTICES}/preview", json=body)
    assert GAP["text"] in preview.json["page_html"]

    correction = alice.api.post(NOTICES, json=body | NOW | {"preview_token": preview.json["preview_token"]})
    assert correction.status_code == 201, correction.json
    assert (correction.json["version"], correction.json["feedback"]) == (2, sent["feedback"])
    waiting = alice.api.post(NOTICES, json=body)
    assert (waiting.status_code, waiting.json["notice_id"]) == (409, correction.json["id"])
    deliver()
    assert "How it read before" not in page_of(client, sent)

    unknown = alice.api.post(NOTICES, json=body | {"corrects": str(maya.application.id)})
    assert (unknown.status_code, list(unknown.json["errors"])) == (404, ["corrects"])
    of_correction = alice.api.post(NOTICES, json=body | {"corrects": correction.json["id"]})
    assert "sent first" in of_correction.json["errors"]["corrects"][0]
    assert alice.api.post(NOTICES, json=body | NOW | {"feedback": {"strengths": []}}).json["version"] == 3
    deliver()
    shown = page_of(client, sent)
    assert shown.count("Changed on") == 2 * 2  # each says so, and is named so
    assert shown.index("How it read before") < shown.index("<article")
    assert GAP["text"] not in shown.split("<article", 1)[1]


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


def test_what_a_draft_says_that_it_corrects_is_so(bob, maya, app, acme, sent):
    other = case(app, acme, seeded=True)
    open_one = write(bob, maya, sent["id"], button="save").location
    wrong = [
        write(bob, maya, "", button="save"),
        write(bob, maya, sent["id"], button="save", kind="rejection"),
        write(bob, other, sent["id"], button="save"),
        bob.browser.post(open_one, data=form(do="save", kind="update", template="", promised_on="")),
    ]

    assert [answer.status_code for answer in wrong] == [422] * 4
    assert "Choose the notice that this corrects." in wrong[0].text
    assert "Only a correction names the notice that it puts right." in wrong[1].text
    assert write(bob, maya, str(maya.application.id), button="save").status_code == 404


def test_another_kind_names_no_notice_that_it_corrects(alice, app, acme, sent):
    other = case(app, acme, seeded=True)
    for notice in (sent["id"], str(other.application.id)):
        answer = alice.api.post(NOTICES, json=other.body(corrects=notice))
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["corrects"])


def test_a_gap_may_ask_what_the_person_was_aiming_for(alice, bob, maya, client, change, deliver):
    change(maya.firm, hold_minutes=0)
    aim = "Did somebody else in your team do the live part?"
    feedback = {"strengths": [STRENGTH], "gaps": [GAP | {"aim": aim}]}
    notice = alice.api.post(NOTICES, json=maya.body(feedback=feedback)).json
    deliver()

    page = page_of(client, notice)
    assert page.index("A question for you") < page.index(aim) < page.index("Respond to this point")
    assert aim in bob.browser.get(f"/applications/{maya.application.id}/call").text
    assert value_of(open_correction(bob, maya, notice), "points-1-aim") == aim
    rude = GAP | {"aim": "You came across as a bit young. Were you nervous?"}
    refused = alice.api.post(f"{NOTICES}/preview", json=about(maya) | {"feedback": {"gaps": [rude]}})
    assert "feedback.gaps.0.aim" in {finding["field"] for finding in refused.json["findings"]}


def about(found):
    return {"application_id": str(found.application.id), "kind": "rejection"}
