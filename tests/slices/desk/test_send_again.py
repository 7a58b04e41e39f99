"""Mail that ended without leaving is sent again: the same mail, once, and only where everything still allows it."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.accounts.service import themself
from recruiter.applications.models import Application, Decision
from recruiter.db.session import reading
from recruiter.notices.models import FeedbackPage, Notice, NoticeState
from recruiter.outbox.models import Message, MessageState, StreamKind
from recruiter.privacy import service as privacy
from recruiter.privacy.service import Erase, Reason
from tests import maya as people
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.portal.conftest import open_letter

__all__ = ["change", "deliver", "look", "maya", "post"]

NOTICES = "/api/v1/notices"


@pytest.fixture
def expired(alice, maya, deliver, smtp_sink, change, look):
    """The message of a notice that its mail server had not taken in time."""
    alice.api.post(NOTICES, json=maya.body())
    change(look(Message, maya.firm), not_after=clock.now() + dt.timedelta(minutes=1))
    smtp_sink.faults.recipient.append("451 4.3.0 later")
    deliver()
    message = look(Message, maya.firm)
    assert (message.state, message.attempts) == (MessageState.EXPIRED, 1)
    return message


def send_again(person, message):
    return person.browser.post(f"/outbox/{message.id}/again", follow_redirects=True).text


@pytest.fixture
def later(change, deliver, look, maya):
    """Let the message leave as if it were time."""

    def later():
        change(look(Message, maya.firm), due_at=clock.now())
        deliver()

    return later


def test_the_same_mail_leaves_after_the_hold_at_a_humane_hour(alice, maya, expired, deliver, later, smtp_sink, look):
    assert look(FeedbackPage, maya.firm).revoked_at is not None
    assert "Send again" in alice.browser.get("/outbox?tab=problems").text
    assert "Was to leave" in alice.browser.get(f"/outbox/{expired.id}").text
    assert f"/outbox/{expired.id}/again" in alice.browser.get(f"/notices/{expired.subject_id}").text

    said = send_again(alice, expired)

    assert "The same mail leaves again" in said
    message, notice, page = look(Message, maya.firm), look(Notice, maya.firm), look(FeedbackPage, maya.firm)
    assert (message.state, message.tries, message.problem_code) == (MessageState.QUEUED, 0, None)
    assert message.due_at == message.first_due_at == notice.leaves_at
    assert message.due_at >= clock.now() + dt.timedelta(minutes=maya.firm.hold_minutes - 1)
    assert message.not_after == message.due_at + dt.timedelta(days=5)
    assert (page.revoked_at, page.expires_at) == (None, notice.leaves_at + dt.timedelta(days=90))
    shown = alice.api.get(f"{NOTICES}/{notice.id}").json
    assert (shown["state"], shown["problem"], shown["next_try_at"]) == ("held", None, None)
    assert [each["id"] for each in alice.api.get(f"{NOTICES}?state=held").json["items"]] == [str(notice.id)]
    deliver()
    assert smtp_sink.raw == []
    later()
    assert [mail["Message-ID"] for mail in smtp_sink.messages] == [expired.message_id]
    assert (look(Notice, maya.firm).state, look(Application, maya.firm).told_at is None) == (NoticeState.SENT, False)
    assert look(Message, maya.firm).attempts == 2
    assert "A mail that could not leave is sent again" in alice.browser.get(f"/candidates/{maya.candidate.id}").text


def test_what_a_server_was_given_before_leaves_with_the_same_bytes(alice, maya, deliver, later, smtp_sink, look):
    alice.api.post(NOTICES, json=maya.body())
    smtp_sink.faults.data.append("550 5.7.9 not like this")
    deliver()
    refused = look(Message, maya.firm)
    assert (refused.state, refused.handed_over_at is None) == (MessageState.REJECTED, False)

    send_again(alice, refused)
    assert look(Message, maya.firm).dated_at == refused.dated_at
    later()

    assert clock.now() - smtp_sink.messages[0]["Date"].datetime < dt.timedelta(minutes=5)
    assert look(Message, maya.firm).state is MessageState.ACCEPTED


def test_a_second_click_another_firm_and_a_viewer_change_nothing(alice, charlie, vera, maya, expired, look):
    assert vera.browser.post(f"/outbox/{expired.id}/again").status_code == 403
    assert "Send again" not in vera.browser.get(f"/outbox/{expired.id}").text
    assert charlie.browser.post(f"/outbox/{expired.id}/again").status_code == 404
    assert alice.browser.post(f"/outbox/{uuid.uuid4()}/again").status_code == 404
    assert look(Message, maya.firm).state is MessageState.EXPIRED

    send_again(alice, expired)
    due_at = look(Message, maya.firm).due_at

    assert "This mail has not ended, so there is nothing to send again." in send_again(alice, expired)
    assert look(Message, maya.firm).due_at == due_at


def test_what_is_sent_again_can_be_taken_back(alice, maya, expired, later, smtp_sink, look):
    send_again(alice, expired)
    assert "Undo" in alice.browser.get("/outbox").text

    answer = alice.api.post(f"{NOTICES}/{look(Notice, maya.firm).id}/withdraw")

    assert (answer.status_code, answer.json["state"]) == (200, "withdrawn")
    later()
    assert smtp_sink.raw == []


def test_a_try_that_is_put_off_lets_it_leave_and_not_be_taken_back(alice, maya, expired, later, smtp_sink, look):
    send_again(alice, expired)
    smtp_sink.faults.recipient.append("451 4.3.0 later")

    later()

    notice = alice.api.get(f"{NOTICES}/{look(Notice, maya.firm).id}").json
    assert (notice["state"], notice["next_try_at"] is None) == ("leaving", False)


def test_what_may_have_arrived_is_not_sent_again(alice, expired, change):
    change(expired, doubts=1)

    assert "Send again" not in alice.browser.get("/outbox?tab=problems").text
    assert "This mail may have arrived" in send_again(alice, expired)


def test_an_address_that_gets_nothing_is_said_at_once(alice, maya, deliver, smtp_sink, look):
    alice.api.post(NOTICES, json=maya.body())
    smtp_sink.faults.recipient.append("550 5.1.1 no such user")
    deliver()

    said = send_again(alice, look(Message, maya.firm))

    assert "This address must not be written to. Their record says why" in said
    assert look(Message, maya.firm).state is MessageState.REJECTED


def test_another_notice_that_tells_the_same_is_in_the_way(app, alice, maya, expired, look):
    assert alice.api.post(NOTICES, json=maya.body(hold_minutes=10)).status_code == 201

    assert "Another notice tells this person the same by now." in send_again(alice, expired)

    assert look(Message, maya.firm, Message.id == expired.id).state is MessageState.EXPIRED


def test_the_decision_the_address_and_the_day_named_must_still_be_so(alice, maya, expired, change, look):
    notice, application = look(Notice, maya.firm), look(Application, maya.firm)
    change(application, decision=Decision.HIRED)
    assert "This person was hired for the role." in send_again(alice, expired)
    change(application, decision=Decision.NOT_SELECTED)
    change(notice, promised_on=clock.now().date() - dt.timedelta(days=1))
    assert "The day that it names has passed." in send_again(alice, expired)
    change(notice, promised_on=None)
    change(expired, recipient="old@example.com")
    assert "an address that is not the person&#39;s any more" in send_again(alice, expired)
    assert look(Notice, maya.firm).state is NoticeState.FAILED


def test_an_erased_person_gets_nothing_again(app, alice, maya, expired, look):
    command = Erase(
        firm_id=maya.firm.id, actor=themself(alice.member), candidate_id=maya.candidate.id, reason=Reason.ASKED
    )
    with app.app_context():
        privacy.erase(command)

    assert "This person&#39;s data was erased." in send_again(alice, expired)
    assert look(Message, maya.firm).state is MessageState.EXPIRED


@pytest.fixture
def four(app, alice, acme, maya, deliver, smtp_sink, change):
    """Four messages that were not taken in time; in the way of one stands that the person has an address less."""
    cases = [maya, *(people.case(app, acme, seeded=True) for _ in range(3))]
    for case in cases:
        assert alice.api.post(NOTICES, json=case.body()).status_code == 201
    messages = all_messages(app, acme)
    for message in messages:
        change(message, not_after=clock.now() + dt.timedelta(minutes=1))
    smtp_sink.faults.recipient += ["451 4.3.0 later"] * 4
    deliver()
    change(messages[0], recipient="old@example.com")
    return messages


def all_messages(app, firm):
    with app.app_context(), reading(firm.id) as session:
        return session.scalars(sa.select(Message).where(Message.firm_id == firm.id).order_by(Message.id)).all()


def test_all_that_ended_for_a_reason_leave_again_and_who_cannot_is_said(
    app, alice, bob, acme, four, deliver, change, smtp_sink
):
    page = alice.browser.get("/outbox?tab=problems&reason=temporary").text
    assert "The mail server cannot take it at the moment. (4)" in page
    assert "Send all 4 again" in page
    assert "Send all" not in alice.browser.get("/outbox?tab=problems").text
    assert "Send all" not in bob.browser.get("/outbox?tab=problems&reason=temporary").text
    assert bob.browser.post("/outbox/again", data={"reason": "temporary"}).status_code == 403

    said = alice.browser.post("/outbox/again", data={"reason": "temporary"}, follow_redirects=True).text

    assert "3 messages leave again, the first" in said
    assert "1 message not sent again: This was written to an address that is not the person&#39;s any more." in said
    for message in four[1:]:
        change(message, due_at=clock.now())
    deliver()
    assert {mail["Message-ID"] for mail in smtp_sink.messages} == {message.message_id for message in four[1:]}
    assert [str(message.state) for message in all_messages(app, acme)] == [
        "expired",
        "accepted",
        "accepted",
        "accepted",
    ]
    again = alice.browser.post("/outbox/again", data={"reason": "line_lost"}, follow_redirects=True).text
    assert "Nothing was left to send again." in again
    assert "Nothing is left here that ended for this reason." in again


def test_only_a_reason_that_there_is_can_be_chosen(alice):
    assert alice.browser.get("/outbox?tab=problems&reason=weather").status_code == 404
    assert alice.browser.post("/outbox/again", data={"reason": "weather"}).status_code == 422
    assert alice.browser.post("/outbox/again", data={}).status_code == 422


def test_of_two_notices_that_tell_the_same_the_newest_leaves(
    app, alice, acme, maya, expired, deliver, smtp_sink, change
):
    alice.api.post(NOTICES, json=maya.body())
    newer = all_messages(app, acme)[1]
    change(newer, not_after=clock.now() + dt.timedelta(minutes=1))
    smtp_sink.faults.recipient.append("451 4.3.0 later")
    deliver()

    said = alice.browser.post("/outbox/again", data={"reason": "temporary"}, follow_redirects=True).text

    assert "1 message leaves again, the first" in said
    assert "1 message not sent again: Another notice tells this person the same by now." in said
    assert [str(message.state) for message in all_messages(app, acme)] == ["expired", "queued"]


def put_off(deliver, smtp_sink, change, message):
    """Let a message end because its mail server did not take it in time."""
    change(message, not_after=clock.now() + dt.timedelta(minutes=1))
    smtp_sink.faults.recipient.append("451 4.3.0 later")
    deliver()


def test_a_new_link_a_correction_and_an_update_are_sent_again_as_far_as_they_are_needed(
    app, alice, acme, maya, deliver, smtp_sink, change
):
    day = (clock.now() + dt.timedelta(days=9)).date().isoformat()
    update = maya.body(kind="update", reason="The client asked for one more week.", promised_on=day)
    del update["outcome_code"]
    alice.api.post(NOTICES, json=update)
    delayed = all_messages(app, acme)[0]
    put_off(deliver, smtp_sink, change, delayed)
    assert alice.api.post(NOTICES, json=update).status_code == 201
    assert "Another notice tells this person the same by now." in send_again(alice, delayed)
    deliver()
    sent = alice.api.post(NOTICES, json=maya.body()).json
    deliver()
    assert "Another notice tells this person the same by now." in send_again(alice, delayed)

    alice.browser.post(f"/notices/{sent['id']}/link")
    link = all_messages(app, acme)[-1]
    put_off(deliver, smtp_sink, change, link)
    assert "Send a new link from the notice instead." in send_again(alice, link)

    right = maya.body(kind="correction", corrects=sent["id"], reason="You led one of the incidents.")
    del right["outcome_code"]
    assert alice.api.post(NOTICES, json=right).status_code == 201
    correction = all_messages(app, acme)[-1]
    put_off(deliver, smtp_sink, change, correction)
    assert alice.api.post(NOTICES, json=right).status_code == 201
    assert "Another notice tells this person the same by now." in send_again(alice, correction)
    deliver()
    assert "Another notice tells this person the same by now." in send_again(alice, correction)
    assert len(smtp_sink.raw) == 3


def test_an_answers_mail_leaves_again_at_once_while_its_page_is_open(
    app, alice, acme, maya, deliver, smtp_sink, change, look
):
    reader = open_letter(app, alice, maya, deliver, smtp_sink)
    reader.send("ask", text="Could you say more about the exercise?")
    [question] = alice.api.get("/api/v1/responses?kind=question").json["items"]
    alice.api.post(f"/api/v1/responses/{question['id']}/answer", json={"text": "We looked for a named decision maker."})
    told = look(Message, acme, Message.stream == StreamKind.ANSWER)
    put_off(deliver, smtp_sink, change, told)
    page = look(FeedbackPage, acme)

    change(page, revoked_at=clock.now())
    assert "The page with the answer has closed." in send_again(alice, told)
    change(page, revoked_at=None)
    send_again(alice, told)
    deliver()

    assert [mail["Message-ID"] for mail in smtp_sink.messages][1:] == [told.message_id]


def test_an_invitation_is_written_anew(alice, expired, change):
    change(expired, stream=StreamKind.POOL)

    assert "Mail of this kind is not sent again. Write a new one." in send_again(alice, expired)
