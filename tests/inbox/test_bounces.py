"""What comes back: believed with our code alone, shown to people, and never written to again."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from recruiter.applications.models import Application
from recruiter.contacts.inbound import ReplyKeeper
from recruiter.contacts.models import Contact
from recruiter.inbox import hearers
from recruiter.inbox.models import InboundMail
from recruiter.notices.models import Notice
from recruiter.outbox.models import Message, Suppression
from recruiter.webhooks.models import WebhookEvent
from tests import build
from tests.inbox import letterbox
from tests.smtp_sink import PATIENCE


def _leaving(about):
    return letterbox.reply(about, subject="unsubscribe")


def test_each_mail_leaves_with_addresses_of_its_own(sent, smtp_sink, maya):
    _notice, about = sent

    assert re.fullmatch(r"bounce\+[a-z2-7]{42}@mail\.agency\.example", about.return_path)
    assert re.fullmatch(r"reply\+[a-z2-7]{42}@mail\.agency\.example", about.reply_to)
    assert len(about.return_path.partition("@")[0]) <= 64
    assert about.return_path.partition("+")[2] != about.reply_to.partition("+")[2]


def test_what_comes_back_is_shown_suppressed_and_told(alice, acme, sent, hand_in, rows, maya):
    notice, about = sent

    answer = hand_in(letterbox.dsn(about))

    assert (answer.status_code, answer.json) == (202, {"state": "kept"})
    shown = alice.api.get(f"/api/v1/notices/{notice['id']}").json
    assert (shown["state"], shown["delivery"]) == ("sent", "bounced")
    assert shown["problem"] == {"code": "bounced", "detail": "5.1.1 550 5.1.1 User unknown <[address]>"}
    (entry,) = rows(Suppression)
    assert (entry.address, entry.stream, entry.expires_at) == (maya.candidate.email, None, None)
    assert "5.1.1" in entry.reason
    assert [event.data["state"] for event in rows(WebhookEvent, WebhookEvent.type == "notice.failed")] == ["bounced"]
    assert rows(Application)[0].told_at is None
    today = alice.browser.get("/today").text
    assert "it came back" in today
    page = alice.browser.get(f"/notices/{notice['id']}").text
    assert "It came back." in page
    assert "Our mail came back" in alice.browser.get(f"/candidates/{maya.candidate.id}").text


def test_words_come_first_and_what_the_server_said_is_folded_below(alice, sent, hand_in, maya):
    notice, about = sent
    hand_in(letterbox.dsn(about))

    pages = [f"/notices/{notice['id']}", f"/candidates/{maya.candidate.id}", f"/candidates/{maya.candidate.id}/mail"]
    for page in pages:
        words, _, rest = alice.browser.get(page).text.partition("What the mail server said</summary>")
        assert "he address does not exist." in words
        assert "5.1.1" not in words
        assert "5.1.1 550 5.1.1 User unknown" in rest
    today = alice.browser.get("/today").text
    assert "The address does not exist." in today
    assert "5.1.1" not in today


def test_a_viewer_learns_that_it_came_back_and_no_address(vera, sent, hand_in, maya):
    notice, about = sent
    hand_in(letterbox.dsn(about))

    for path in ("/today", f"/notices/{notice['id']}", f"/candidates/{maya.candidate.id}"):
        assert maya.candidate.email not in vera.browser.get(path).text


def test_with_the_address_put_right_the_letter_goes_out_again(alice, sent, hand_in, deliver, rows, maya, smtp_sink):
    notice, about = sent
    hand_in(letterbox.dsn(about))
    link = f"/notices/{notice['id']}/link"

    alice.browser.post(link)
    deliver()
    assert len(smtp_sink.messages) == 1
    candidate = f"/api/v1/candidates/{maya.candidate.id}"
    etag = alice.api.get(candidate).headers["ETag"]
    alice.api.patch(candidate, json={"email": "maya.right@example.com"}, headers={"If-Match": etag})
    alice.browser.post(link)
    deliver()

    assert smtp_sink.envelopes[-1][1] == ["maya.right@example.com"]
    shown = alice.api.get(f"/api/v1/notices/{notice['id']}").json
    assert (shown["delivery"], shown["problem"]) == ("accepted", None)
    assert rows(Application)[0].told_at is not None
    assert "it came back" not in alice.browser.get("/today").text


@pytest.mark.parametrize(
    "forge",
    [
        lambda about: letterbox.dsn(about, to="bounce@mail.agency.example"),
        lambda about: letterbox.dsn(about, to=about.return_path.replace("+", "+a")[:-1]),
        lambda about: letterbox.dsn(about, to=_flipped(about.return_path)),
        lambda about: letterbox.dsn(about, to=about.reply_to),
        lambda about: letterbox.dsn(about, to=about.reply_to.replace("reply+", "bounce+")),
    ],
    ids=["no code", "long code", "wrong code", "code for answers", "code for answers at the other address"],
)
def test_without_our_code_nothing_is_believed(alice, sent, hand_in, rows, forge):
    notice, about = sent

    assert hand_in(forge(about)).status_code == 202

    (mail,) = rows()
    assert (mail.kind, mail.is_trusted) == ("bounce", False)
    assert rows(Suppression) == []
    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "accepted"


def _flipped(address):
    token = address[7:49]
    return address.replace(token, token[:-2] + ("a" if token[-2] != "a" else "b") + token[-1])


def test_a_mail_that_is_late_has_not_come_back(alice, sent, hand_in, rows):
    notice, about = sent

    hand_in(letterbox.dsn(about, action="delayed", status="4.4.1", said="451 4.4.1 still trying"))

    assert [mail.kind for mail in rows()] == ["delay"]
    assert rows(Suppression) == []
    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "accepted"


def test_the_other_form_of_report_counts_as_much(alice, sent, hand_in, rows):
    notice, about = sent

    hand_in(letterbox.dsn(about, kind="global-delivery-status"))

    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "bounced"
    assert [mail.status for mail in rows()] == ["5.1.1"]


def test_words_alone_count_when_they_come_to_our_code(alice, sent, hand_in, rows):
    notice, about = sent

    hand_in(letterbox.prose_bounce(about))

    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "bounced"
    assert len(rows(Suppression)) == 1


def test_a_full_mailbox_counts_only_after_three_mails_in_a_fortnight(
    app, alice, acme, maya, send, hand_in, rows, change
):
    def return_one(application, times=1):
        _notice, about = send(case_of(maya, application))
        for _ in range(times):
            hand_in(letterbox.dsn(about, status="5.2.2", said="552 5.2.2 Mailbox full"))

    return_one(maya.application)
    return_one(_another(app, acme, maya), times=2)
    assert rows(Suppression) == []
    change(InboundMail, created_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    return_one(_another(app, acme, maya))
    return_one(_another(app, acme, maya))
    assert rows(Suppression) == []
    return_one(_another(app, acme, maya))

    (entry,) = rows(Suppression)
    assert entry.address == maya.candidate.email
    assert entry.expires_at - entry.created_at > dt.timedelta(days=29)


def case_of(maya, application):
    return type(maya)(maya.firm, maya.candidate, maya.job, application)


def _another(app, acme, maya):
    with app.app_context():
        job = build.job(acme)
        return build.application(acme, maya.candidate, job, last_interview_at=maya.application.last_interview_at)


@pytest.mark.parametrize("status", ["5.7.1", "5.6.0", "5.3.4"])
def test_a_refusal_of_us_says_nothing_about_the_address(alice, sent, hand_in, rows, status):
    notice, about = sent

    hand_in(letterbox.dsn(about, status=status, said="550 Not from you"))

    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "bounced"
    assert rows(Suppression) == []


def test_the_same_report_twice_is_one(sent, hand_in, rows):
    _notice, about = sent
    raw = letterbox.dsn(about)

    first, second = hand_in(raw), hand_in(b"Received: by another.example; today\r\n" + raw)

    assert (first.json, second.json) == ({"state": "kept"}, {"state": "known"})
    assert len(rows()) == 1
    assert len(rows(WebhookEvent, WebhookEvent.type == "notice.failed")) == 1


def test_a_second_report_tells_nobody_twice(sent, hand_in, rows):
    _notice, about = sent

    hand_in(letterbox.dsn(about))
    hand_in(letterbox.dsn(about))

    assert len(rows()) == 2
    assert len(rows(Suppression)) == 1
    assert len(rows(WebhookEvent, WebhookEvent.type == "notice.failed")) == 1


def test_a_mail_that_comes_back_sends_none(sent, hand_in, deliver, rows, smtp_sink):
    _notice, about = sent
    before = len(rows(Message))

    hand_in(letterbox.dsn(about))
    hand_in(letterbox.dsn(about, to=""))
    deliver()

    assert len(rows(Message)) == before == len(smtp_sink.messages)


def test_what_overtakes_the_news_that_it_left_waits(sent, hand_in, rows, change, sort, message):
    _notice, about = sent
    change(Message, state="sending", accepted_at=None, lease_owner="x", lease_until=message().due_at)

    hand_in(letterbox.dsn(about))

    assert [mail.state for mail in rows()] == ["waiting"]
    change(Message, state="accepted", accepted_at=message().due_at, lease_owner=None, lease_until=None)
    change(InboundMail, due_at=message().due_at)
    sort()
    assert [mail.kind for mail in rows()] == ["bounce"]
    assert len(rows(Suppression)) == 1


def test_a_doubtful_mail_that_comes_back_did_not_arrive(alice, sent, hand_in, rows, change, message):
    notice, about = sent
    change(Message, state="doubtful", accepted_at=None, lease_until=message().accepted_at, doubts=1)
    change(Notice, state="held", sent_at=None, delivery=None)

    hand_in(letterbox.dsn(about))

    assert message().state == "rejected"
    shown = alice.api.get(f"/api/v1/notices/{notice['id']}").json
    assert (shown["state"], shown["problem"]["code"]) == ("failed", "bounced")


def test_of_a_mail_that_was_never_sent_only_the_address_is_noted(sent, hand_in, rows, change, message):
    _notice, about = sent
    change(Message, state="cancelled", accepted_at=None)

    hand_in(letterbox.dsn(about))

    assert message().state == "cancelled"
    assert len(rows(Suppression)) == 1


def test_a_rest_becomes_an_end(sent, hand_in, rows, change):
    _notice, about = sent
    hand_in(letterbox.dsn(about))
    change(Suppression, expires_at=dt.datetime(2036, 1, 1, tzinfo=dt.UTC))

    hand_in(letterbox.dsn(about))

    assert [entry.expires_at for entry in rows(Suppression)] == [None]


@pytest.mark.parametrize(
    "write", [letterbox.complaint, letterbox.reply, _leaving], ids=["complaint", "reply", "leaving"]
)
def test_a_mail_about_no_candidate_changes_no_record(sent, hand_in, rows, change, write):
    _notice, about = sent
    change(Message, candidate_id=None)

    hand_in(write(about))

    assert [mail.state for mail in rows()] == ["done"]
    assert rows(Contact) == []


def test_of_a_members_mail_only_the_address_is_noted(alice, client, deliver, hand_in, rows, smtp_sink):
    client.post("/reset-password", data={"email": alice.member.email})
    deliver()
    left = smtp_sink.messages[-1]
    sender, (recipient,) = smtp_sink.envelopes[-1]

    hand_in(letterbox.dsn(letterbox.About(str(left["Message-ID"]), sender, "", recipient)))

    assert [(mail.state, mail.kind) for mail in rows()] == [("done", "bounce")]
    assert [entry.address for entry in rows(Suppression)] == [alice.member.email]
    assert rows(WebhookEvent) == []


def test_what_was_said_by_phone_stays_said_when_the_letter_comes_back(alice, sent, hand_in, rows, change):
    """The promise was kept by a call; a letter that came back took nothing from that."""
    _notice, about = sent
    call = rows(Application)[0].told_at - dt.timedelta(hours=1)
    change(Application, told_at=call)

    hand_in(letterbox.dsn(about))

    assert [application.told_at for application in rows(Application)] == [call]


def test_an_update_that_arrives_at_last_is_not_the_decision(alice, maya, send, hand_in, deliver, rows, smtp_sink):
    notice, about = send(maya, kind="update", feedback={"strengths": [], "gaps": []}, outcome_code=None, reason=None)
    hand_in(letterbox.dsn(about))
    candidate = f"/api/v1/candidates/{maya.candidate.id}"
    etag = alice.api.get(candidate).headers["ETag"]
    alice.api.patch(candidate, json={"email": "maya.right@example.com"}, headers={"If-Match": etag})

    alice.browser.post(f"/notices/{notice['id']}/link")
    deliver()

    assert smtp_sink.envelopes[-1][1] == ["maya.right@example.com"]
    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "accepted"
    assert [application.told_at for application in rows(Application)] == [None]


@pytest.mark.slow
def test_two_processes_at_once_do_each_thing_once(app, sent, hand_in, sort, rows, monkeypatch):
    _notice, about = sent
    hand_in(letterbox.reply(about, "One."), then=False)
    hand_in(letterbox.reply(about, "Two."), then=False)
    keeper = Slow()
    monkeypatch.setattr(hearers, "_listeners", [keeper])

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(sort)
        assert keeper.entered.wait(PATIENCE)
        second = threads.submit(sort)
        first.result(PATIENCE)
        second.result(PATIENCE)

    assert sorted(contact.note for contact in rows(Contact)) == ["One.", "Two."]


class Slow(ReplyKeeper):
    """Takes its time over what people write, so that another process finds the mail held."""

    def __init__(self):
        self.entered = threading.Event()

    def replied(self, session, reply):
        self.entered.set()
        threading.Event().wait(0.5)
        return super().replied(session, reply)
