"""Erasing a person through the page that asks first."""

import re

import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Role
from recruiter.outbox.models import Message, MessageState
from tests.people import person
from tests.slices.privacy.test_requests import note


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def erase(who, candidate, reason="ASKED"):
    return who.browser.post(f"/candidates/{candidate.id}/erase", data={"reason": reason})


def test_the_page_says_what_happens_and_asks_why(alice, maya):
    page = text(alice.browser.get(f"/candidates/{maya.candidate.id}/erase"))
    nameless = alice.browser.post(f"/candidates/{maya.candidate.id}/erase")

    assert "Erase Maya Ferreira?" in page
    assert "This cannot be undone." in page
    assert nameless.status_code == 422
    assert text(nameless).count("Choose why.") == 2


def test_a_stub_with_date_and_reason_is_left(alice, maya):
    answer = erase(alice, maya.candidate)

    stub = alice.api.get(f"/api/v1/candidates/{maya.candidate.id}").json
    assert answer.status_code == 303
    assert stub["erased_at"] is not None
    assert stub["erased_reason"] == "They asked us to"
    assert {stub[fact] for fact in ("name", "email", "external_id", "phone", "location")} == {None}
    assert (stub["emails"], stub["skills"]) == ([], [])
    assert alice.api.get("/api/v1/candidates").json["items"] == []
    assert "They asked us to" in text(alice.browser.get(answer.location))


def test_words_no_longer_find_them(alice, maya):
    erase(alice, maya.candidate)

    assert alice.api.get("/api/v1/candidates?q=maya").json["items"] == []


def test_mail_that_waits_is_taken_back_and_the_membership_ends(app, alice, maya, look):
    notice = alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=60)).json
    joined = alice.api.post(
        "/api/v1/talent-pool",
        json={
            "candidate_id": str(maya.candidate.id),
            "basis": "consent",
            "purpose": "Later roles",
            "months": 12,
            "evidence": {"how": "Maya said so by phone"},
        },
    )

    erase(alice, maya.candidate)

    message = look(Message, alice.firm, Message.candidate_id == maya.candidate.id)
    after = alice.api.get(f"/api/v1/notices/{notice['id']}")
    assert joined.status_code == 201, joined.json
    assert (message.state, message.recipient, message.payload) == (MessageState.CANCELLED, "", None)
    assert after.status_code == 200
    assert after.json["state"] in {"withdrawn", "failed"}
    assert alice.api.get("/api/v1/talent-pool").json["items"] == []


def test_the_link_ends_and_what_was_said_goes(alice, maya, reader, look):
    reader.send("ask", text="Why, asks Maya")

    erase(alice, maya.candidate)

    message = look(Message, alice.firm, Message.candidate_id == maya.candidate.id)
    said = alice.api.get(f"/api/v1/responses?candidate_id={maya.candidate.id}").json["items"]
    assert reader.client.get(reader.base).status_code == 410
    assert "Maya" not in reader.client.get(reader.base).text
    assert (message.state, message.sent_text) == (MessageState.ACCEPTED, None)
    assert [row.get("text") for row in said] == [""]


def test_pages_about_an_erased_person_still_open(alice, maya, reader, look):
    erase(alice, maya.candidate)
    message = look(Message, alice.firm, Message.candidate_id == maya.candidate.id)

    for path in (
        "/today",
        "/candidates",
        "/outbox?tab=sent",
        f"/outbox/{message.id}",
        f"/candidates/{maya.candidate.id}",
        f"/applications/{maya.application.id}",
        f"/notices/{reader.notice['id']}",
    ):
        answer = alice.browser.get(path)
        assert answer.status_code in {200, 404, 409}, path
        assert "Ferreira" not in answer.text, path


def test_erasing_twice_is_refused(alice, maya):
    erase(alice, maya.candidate)

    assert erase(alice, maya.candidate).status_code == 409


def test_a_mail_that_is_leaving_right_now_is_waited_for(alice, maya, change, look):
    alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=60))
    message = look(Message, alice.firm, Message.candidate_id == maya.candidate.id)
    change(message, state=MessageState.SENDING, lease_owner="worker", lease_until=message.due_at)

    answer = erase(alice, maya.candidate)

    assert answer.status_code == 422
    assert "A mail to this person is leaving right now." in text(answer)
    assert alice.api.get(f"/api/v1/candidates/{maya.candidate.id}").json["name"] == "Maya Ferreira"


@pytest.mark.parametrize(("reason", "stopped"), [("ASKED", True), ("MISTAKE", False)])
def test_who_asked_is_not_written_to_when_they_come_back(alice, maya, reason, stopped):
    address = maya.candidate.email
    erase(alice, maya.candidate, reason)

    back = alice.api.post("/api/v1/candidates", json={"name": "Maya", "email": address.upper()})

    page = text(alice.browser.get(f"/candidates/{back.json['id']}/mail"))
    assert back.status_code == 201
    assert back.json["id"] != str(maya.candidate.id)
    assert ("Gets no mail since" in page) is stopped


def test_a_suppression_outlives_the_person_without_their_address(app, alice, maya, owner):
    address = maya.candidate.email
    alice.browser.post(
        f"/candidates/{maya.candidate.id}/mail/stop", data={"address": address, "reason": "Maya said no"}
    )

    erase(alice, maya.candidate, "KEPT_LONG_ENOUGH")

    with owner.connect() as connection:
        rows = connection.execute(sa.text("SELECT address, reason FROM suppressions")).all()
    assert [row.reason for row in rows] == ["They were erased"]
    assert address not in rows[0].address
    back = alice.api.post("/api/v1/candidates", json={"name": "Maya", "email": address}).json
    assert "Gets no mail since" in text(alice.browser.get(f"/candidates/{back['id']}/mail"))


def test_who_may_erase(app, acme, alice, bob, charlie, maya):
    privacy = person(app, acme, "Petra Pohl", Role.PRIVACY)

    assert erase(bob, maya.candidate).status_code == 403
    assert erase(charlie, maya.candidate).status_code == 404
    assert erase(privacy, maya.candidate).status_code == 403
    note(privacy, maya.candidate.email, "erasure")
    assert erase(privacy, maya.candidate).status_code == 303
