"""Where no reasons may be given, none leave: not in the mail, not on the page, not through the API."""

import pytest

from tests.maya import GAP, STRENGTH
from tests.slices.notices.forms import open_composer, press

NOTICES = "/api/v1/notices"
REASON = "The person chosen matched two needs of this role more closely."
SAID = (REASON, GAP["text"], GAP["suggestion"], STRENGTH["text"])


def said_in(text):
    return [words for words in SAID if words in " ".join(text.split())]


@pytest.fixture
def in_germany(maya, change):
    change(maya.firm, hold_minutes=0)
    change(maya.candidate, country="DE")
    return maya


def test_neutral_gives_no_reasons_in_preview_mail_page_and_record(alice, in_germany, deliver, smtp_sink, client):
    preview = alice.api.post(f"{NOTICES}/preview", json=preview_of(in_germany)).json
    assert (preview["feedback_mode"], preview["findings"]) == ("neutral", [])
    assert "Germany" in preview["feedback_mode_because"]
    assert [said_in(preview[part]) for part in ("text", "html", "page_html")] == [[], [], []]

    queued = alice.api.post(NOTICES, json=in_germany.body(preview_token=preview["preview_token"]))
    assert queued.status_code == 201
    deliver()
    (mail,) = smtp_sink.messages
    assert said_in(mail.get_body(("plain",)).get_content()) == []
    assert "We will not be taking your application further" in mail.get_body(("plain",)).get_content()

    notice = alice.api.get(f"{NOTICES}/{queued.json['id']}").json
    assert (notice["feedback_mode"], notice["outcome_code"], notice["reason"]) == ("neutral", "CLO-OTHER", "")
    assert notice["feedback"] == {"strengths": [], "gaps": []}
    assert said_in(client.get(notice["feedback_url"].removeprefix("http://localhost")).text) == []


def test_what_is_not_written_is_not_checked_either(alice, in_germany):
    gap = GAP | {"text": "You came across as a bit young for the role."}
    body = preview_of(in_germany) | {"feedback": {"gaps": [gap]}}

    assert alice.api.post(f"{NOTICES}/preview", json=body).json["findings"] == []


def test_the_composer_says_why_nothing_can_be_written(bob, in_germany):
    page = open_composer(bob, in_germany)
    assert "gives no reasons" in page.text
    assert "Germany" in page.text
    assert 'name="reason"' not in page.text
    assert "Add a gap" not in page.text

    looked = press(bob, in_germany, "check", at="/notices/preview", query={"application": in_germany.application.id})
    assert said_in(looked.text) == []
    assert press(bob, in_germany, "send").status_code == 303


def test_a_job_there_counts_as_much_as_a_home_there(alice, maya, change):
    change(maya.job, country="DE")

    assert alice.api.post(f"{NOTICES}/preview", json=preview_of(maya)).json["feedback_mode"] == "neutral"


def test_a_preview_from_before_the_mode_changed_is_stale(alice, maya, change):
    token = alice.api.post(f"{NOTICES}/preview", json=preview_of(maya)).json["preview_token"]
    change(maya.candidate, country="DE")

    answer = alice.api.post(NOTICES, json=maya.body(preview_token=token))
    assert (answer.status_code, answer.json["code"]) == (409, "preview_stale")


def preview_of(found):
    return {name: value for name, value in found.body().items() if name not in {"hold_minutes", "timing"}}
