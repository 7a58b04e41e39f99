"""What people answer: in their timeline and on Today, in their own words, whichever way it names our mail."""

import uuid

import pytest

from recruiter.audit.models import AuditEntry
from recruiter.contacts.models import Contact
from recruiter.outbox import addresses
from recruiter.outbox.models import Message, Suppression
from tests import build
from tests.inbox import letterbox

HTML = b"""From: Maya <%s>\r
To: %s\r
Subject: Re: Your application\r
Message-ID: <1@phone.example.org>\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Danke &amp; alles Gute!</p><script>alert(1)</script><div>Maya</div>"""


def test_an_answer_lands_on_today_and_in_the_timeline(alice, sent, hand_in, rows, maya):
    _notice, about = sent

    answer = hand_in(letterbox.reply(about))

    assert answer.json == {"state": "kept"}
    (contact,) = rows(Contact)
    assert (contact.kind, contact.direction, contact.outcome) == ("mail", "inbound", "sent")
    assert contact.note == "Thank you for being so clear."
    assert contact.candidate_id == maya.candidate.id
    (mail,) = rows()
    assert (mail.kind, mail.is_trusted, mail.candidate_id) == ("reply", True, maya.candidate.id)
    today = alice.browser.get("/today").text
    assert "Replies waiting" in today
    assert "Thank you for being so clear." in today
    record = alice.browser.get(f"/candidates/{maya.candidate.id}").text
    assert "Thank you for being so clear." in record
    assert "We will not be going on" not in record


@pytest.mark.parametrize(
    "written",
    [
        lambda about: letterbox.reply(about, to="alice@agency.example.com"),
        lambda about: letterbox.reply(about, thread="<rewritten@outlook.example>"),
        lambda about: letterbox.reply(about, to="alice@agency.example.com", thread=f"<x@y.example> {about.message_id}"),
        lambda about: letterbox.reply(about, to=about.return_path, thread="<other@elsewhere.example>"),
        lambda about: letterbox.reply(about, to=about.reply_to.upper(), thread=""),
    ],
    ids=["In-Reply-To", "rewritten Message-ID", "References", "return path", "capital letters"],
)
def test_it_is_matched_by_code_or_by_thread(sent, hand_in, rows, maya, written):
    _notice, about = sent

    hand_in(written(about))

    assert [contact.candidate_id for contact in rows(Contact)] == [maya.candidate.id]


def test_a_code_of_a_message_that_is_gone_leaves_the_thread(sent, hand_in, rows, maya):
    _notice, about = sent

    hand_in(letterbox.reply(about, to=addresses.reply_to(uuid.uuid4())))

    (mail,) = rows()
    assert (mail.is_trusted, mail.candidate_id) == (False, maya.candidate.id)


def test_the_envelope_names_it_where_the_headers_do_not(sent, hand_in, rows, maya):
    _notice, about = sent

    hand_in(letterbox.reply(about, to="undisclosed", thread=""), recipient=about.reply_to, sender=about.recipient)

    assert [contact.candidate_id for contact in rows(Contact)] == [maya.candidate.id]


def test_markup_becomes_plain_words(sent, hand_in, rows):
    _notice, about = sent

    hand_in(HTML % (about.recipient.encode(), about.reply_to.encode()))

    (contact,) = rows(Contact)
    assert "Danke & alles Gute!" in contact.note
    assert "alert" not in contact.note
    assert "<" not in contact.note


@pytest.mark.parametrize(
    ("kind", "body", "note"),
    [
        (
            "text/html",
            "<head><title>Re: x</title></head><p>Thanks!</p><ul><li>One<li>Two</ul><blockquote>We said.</blockquote>",
            "Thanks!\n\nOne\nTwo",
        ),
        ("text/html", "<blockquote>Thanks&nbsp;a lot!</blockquote>", "> Thanks a lot!"),
        ("text/plain", "Obrigada!\n\nAna <a@b.example> escreveu no dia 2/3/2026:\n\n> We said.\n", "Obrigada!"),
        ("text/plain", "My answer:\n\n> We said.\n", "My answer:"),
        (
            "multipart/alternative; boundary=b",
            "--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>Thanks!</p>\n--b--\n",
            "Thanks!",
        ),
        (
            "multipart/mixed; boundary=b",
            "--b\n\nAbove.\n--b\nContent-Type: image/png\n\nx\n--b\n\nBelow.\n--b--\n",
            "Above.\nBelow.",
        ),
        (
            "multipart/mixed; boundary=b",
            "--b\nContent-Type: text/html\n\nSee below.\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\nNo.\n--b\n"
            + "--b\n".join(f"Content-Disposition: attachment; filename={n}.pdf\n\nx\n" for n in range(6))
            + "--b--\n",
            "See below.\n\n(Attached, and not shown here: 0.pdf, 1.pdf, 2.pdf, 3.pdf, 4.pdf, ….)",
        ),
    ],
    ids=["markup", "only a quote", "Portuguese", "no name", "empty text", "picture", "files"],
)
def test_all_that_they_wrote_is_kept_and_nothing_that_they_quote(sent, hand_in, rows, kind, body, note):
    _notice, about = sent
    head = letterbox.reply(about).partition(b"\r\n\r\n")[0].replace(b"text/plain", kind.encode())

    hand_in(head + b"\r\n\r\n" + body.replace("\n", "\r\n").encode())

    assert [contact.note for contact in rows(Contact)] == [note]


def test_another_address_is_remarked_upon(alice, sent, hand_in, rows):
    _notice, about = sent

    hand_in(letterbox.reply(about, sender="Maya <maya.at.work@example.net>"))

    (contact,) = rows(Contact)
    assert contact.note.startswith("(Sent from an address that is not in their record.)")


def test_a_mail_without_words_is_an_answer_too(sent, hand_in, rows):
    _notice, about = sent
    raw = letterbox.reply(about)
    head = raw.partition(b"\r\n\r\n")[0].replace(b"text/plain", b"image/png")

    hand_in(head + b"\r\n\r\n")

    assert [contact.note for contact in rows(Contact)] == ["(The mail has no text.)"]


@pytest.mark.parametrize("state", ["doubtful", "queued"])  # the second is about to be sent once more
@pytest.mark.parametrize(("answer", "delivery"), [("reply", "accepted"), ("complaint", "complained")])
def test_an_answer_proves_that_a_doubtful_mail_arrived(alice, sent, hand_in, change, message, state, answer, delivery):
    notice, about = sent
    lease_until = message().accepted_at if state == "doubtful" else None
    change(Message, state=state, accepted_at=None, lease_until=lease_until, doubts=1)

    hand_in(getattr(letterbox, answer)(about))

    assert message().state == "accepted"
    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == delivery


@pytest.mark.slow
def test_a_storm_of_machines_answers_nobody(alice, sent, hand_in, deliver, rows, smtp_sink, sort):
    _notice, about = sent
    before = len(rows(Message))

    for number in range(100):
        away = letterbox.reply(about, f"I am away ({number}).", headers="Auto-Submitted: auto-replied")
        assert hand_in(away, then=False).status_code == 202
    while sort():
        pass
    deliver()

    assert {mail.kind for mail in rows()} == {"automatic"}
    assert rows(Contact) == []
    assert len(rows(Message)) == before == len(smtp_sink.messages)
    assert "Replies waiting" not in alice.browser.get("/today").text


def test_our_own_mail_coming_back_is_known(sent, hand_in, smtp_sink, rows):
    hand_in(smtp_sink.raw[-1])

    assert [(mail.kind, mail.why) for mail in rows()] == [("own", "it is a message of ours")]
    assert rows(Contact) == []


def test_a_complaint_ends_mail_for_ever(alice, sent, hand_in, rows, maya):
    notice, about = sent

    hand_in(letterbox.complaint(about))

    (entry,) = rows(Suppression)
    assert (entry.address, entry.expires_at, entry.stream) == (maya.candidate.email, None, None)
    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "complained"
    assert "marked the notice as unwanted" in alice.browser.get("/today").text


def test_a_complaint_is_found_by_the_mail_that_it_returns(sent, hand_in, rows):
    _notice, about = sent

    hand_in(letterbox.complaint(about, sender="somebody@example.net"))

    assert len(rows(Suppression)) == 1


def test_other_feedback_is_no_complaint(sent, hand_in, rows):
    _notice, about = sent

    hand_in(letterbox.complaint(about, kind="not-spam"))

    assert [mail.kind for mail in rows()] == ["automatic"]
    assert rows(Suppression) == []


def test_who_writes_unsubscribe_leaves_the_pool(alice, sent, hand_in, rows, maya):
    _notice, about = sent
    body = {"candidate_id": str(maya.candidate.id), "basis": "consent", "purpose": "Data roles", "months": 12}
    evidence = {"how": "asked on the telephone"}
    made = alice.api.post("/api/v1/talent-pool", json=body | {"evidence": evidence}).json

    hand_in(letterbox.reply(about, subject="Unsubscribe"))

    (mail,) = rows()
    assert mail.kind == "unsubscribe"
    assert alice.api.get(f"/api/v1/talent-pool/{made['id']}").json["left_how"] == "mail"
    assert rows(Contact) == []
    left = rows(AuditEntry, AuditEntry.action == "pool.left")
    assert [entry.actor_kind for entry in left] == ["candidate"]


def test_who_is_in_no_pool_is_heard_by_a_person(sent, hand_in, rows):
    _notice, about = sent

    hand_in(letterbox.reply(about, "Please stop writing to me.", subject="unsubscribe"))

    assert [contact.note for contact in rows(Contact)] == ["Please stop writing to me."]


def test_another_firms_code_reaches_that_firm_alone(app, charlie, alice, sent, hand_in, rows, maya):
    _notice, about = sent
    with app.app_context():
        build.candidate(charlie.firm, email=about.recipient)

    hand_in(letterbox.reply(about))

    assert len(rows(Contact)) == 1
    assert "Thank you" not in charlie.browser.get("/today").text


def test_of_an_erased_person_nothing_is_kept(alice, sent, hand_in, rows, maya):
    _notice, about = sent
    hand_in(letterbox.reply(about))
    alice.browser.post(f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})

    hand_in(letterbox.reply(about, "Are you still there?"))

    assert [(mail.raw, mail.address, mail.recipients) for mail in rows()] == [(None, None, [])] * 2
    assert rows(Contact) == []
