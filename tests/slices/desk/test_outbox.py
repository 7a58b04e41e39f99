"""The Outbox where something is in the way: a mail that may have arrived."""

import re

import pytest

from recruiter.outbox.models import Message, MessageState
from tests.slices.notices.conftest import change, deliver, look, maya, post

__all__ = ["change", "deliver", "look", "maya", "post"]


@pytest.fixture
def doubtful(alice, maya, deliver, smtp_sink, look):
    """A notice whose line broke after the last byte."""
    alice.api.post("/api/v1/notices", json=maya.body())
    smtp_sink.faults.data.append("drop")
    deliver()
    message = look(Message, maya.firm)
    assert message.state is MessageState.DOUBTFUL
    return message


def test_a_mail_that_may_have_arrived_is_shown_in_words_with_two_buttons(alice, doubtful):
    listed = alice.browser.get("/outbox?tab=problems").text
    page = alice.browser.get(f"/outbox/{doubtful.id}").text

    assert "May have arrived; we look for a sign of it, then send it once more" in listed
    assert f'href="/outbox/{doubtful.id}">Decide' in listed.replace("\n", "").replace("  ", "")
    assert "nobody knows whether it arrived" in page
    assert re.search(r"It is sent once more, the very same mail, (today|tomorrow) \d\d:\d\d", page)
    assert all(words in page for words in ("Send once more", "Leave it"))


def test_a_refusal_is_said_in_words_with_the_reply_below(alice, maya, deliver, smtp_sink):
    smtp_sink.faults.recipient.append("550 5.1.1 no such user")
    alice.api.post("/api/v1/notices", json=maya.body())
    deliver()

    words, _, rest = alice.browser.get("/outbox?tab=problems").text.partition("What the mail server said</summary>")
    assert "The address does not exist." in words
    assert "no such user" not in words
    assert "no such user" in rest
    sheet = re.search(r"/outbox/[0-9a-f-]{36}", words)[0]
    assert "The address does not exist." in alice.browser.get(sheet).text


def test_sending_it_once_more_sends_the_same_mail(alice, doubtful, deliver, look, maya, smtp_sink):
    answer = alice.browser.post(f"/outbox/{doubtful.id}/doubt", data={"choice": "send"}, follow_redirects=True)
    assert "It is sent once more, the same mail." in answer.text
    deliver()

    assert look(Message, maya.firm).state is MessageState.ACCEPTED
    assert smtp_sink.raw[0] == smtp_sink.raw[1]
    timeline = alice.browser.get(f"/candidates/{maya.candidate.id}").text
    assert "A mail that may have arrived is sent once more" in timeline


def test_leaving_it_ends_it_for_everybody_to_see(alice, bob, doubtful, look, maya):
    answer = alice.browser.post(f"/outbox/{doubtful.id}/doubt", data={"choice": "leave"}, follow_redirects=True)
    late = bob.browser.post(f"/outbox/{doubtful.id}/doubt", data={"choice": "send"}, follow_redirects=True)

    assert "Left as it is." in answer.text
    assert "What became of this mail is known by now. Nothing was changed." in late.text
    assert look(Message, maya.firm).state is MessageState.DEAD
    assert "and it was left at that" in alice.browser.get("/outbox?tab=problems").text


def test_a_firm_that_wants_it_decides_itself(alice, doubtful, change, maya):
    change(maya.firm, holds_doubtful=True)
    change(doubtful, lease_until=None)

    assert "may have arrived; you decide" in alice.browser.get("/outbox?tab=problems").text.lower()
    assert "Nothing happens until you decide." in alice.browser.get(f"/outbox/{doubtful.id}").text


def test_a_decision_is_one_of_the_two(alice, doubtful):
    assert alice.browser.post(f"/outbox/{doubtful.id}/doubt", data={"choice": "maybe"}).status_code == 422


def test_a_viewer_reads_and_decides_nothing(vera, doubtful):
    assert "Send once more" not in vera.browser.get(f"/outbox/{doubtful.id}").text
    assert vera.browser.post(f"/outbox/{doubtful.id}/doubt", data={"choice": "send"}).status_code == 403
