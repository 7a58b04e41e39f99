"""A notice leaves: one mail at a real server, the person told, the ATS told, and no link at rest that works."""

import datetime as dt
import re

import sqlalchemy as sa

from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.db.session import reading
from recruiter.notices.models import FeedbackPage, Notice
from recruiter.outbox.models import Message
from recruiter.webhooks.models import WebhookEvent

NOTICES = "/api/v1/notices"


def queue(person, case, **changes):
    answer = person.api.post(NOTICES, json=case.body(**changes))
    assert answer.status_code == 201, answer.json
    return answer.json


def link_in(text):
    return re.search(r"http://localhost/f/([\w-]{43})(?![\w-])", text)[1]


def test_one_mail_arrives_with_both_parts_and_its_own_link(alice, maya, deliver, smtp_sink):
    notice = queue(alice, maya)

    deliver()

    (mail,) = smtp_sink.messages
    text = mail.get_body(("plain",)).get_content()
    assert "We will not be taking your application further" in text
    assert "The person chosen matched two needs of this role more closely." in text
    assert link_in(text) == link_in(mail.get_body(("html",)).get_content())
    assert str(mail["Message-ID"]) == notice["message_id"]
    assert str(mail["To"]) == f"Maya Ferreira <{maya.candidate.email}>"
    assert str(mail["From"]).startswith("Alice Adams <")
    assert str(mail["Reply-To"]) == f"Alice Adams <{alice.member.email}>"
    assert str(mail["Subject"]) == "Your application for Data Engineer at Lumen Grid"


def test_the_person_is_told_and_the_notice_says_so(alice, maya, deliver, look):
    notice = queue(alice, maya)

    deliver()

    shown = alice.api.get(f"{NOTICES}/{notice['id']}").json
    assert (shown["state"], shown["delivery"], shown["problem"]) == ("sent", "accepted", None)
    told = look(Application, maya.firm).told_at
    assert look(Candidate, maya.firm).last_contact_at == told
    assert dt.datetime.fromisoformat(shown["sent_at"]) == told


def test_the_link_is_given_to_keys_that_send_and_is_stored_nowhere(alice, maya, vera, deliver, smtp_sink, look):
    notice = queue(alice, maya)

    deliver()

    token = link_in(smtp_sink.messages[0].get_body(("plain",)).get_content())
    assert alice.api.get(f"{NOTICES}/{notice['id']}").json["feedback_url"] == f"http://localhost/f/{token}"
    assert "feedback_url" not in vera.api.get(f"{NOTICES}/{notice['id']}").json
    at_rest = [vars(look(table, maya.firm)) for table in (Notice, FeedbackPage, Message)]
    assert token not in repr(at_rest)
    message = look(Message, maya.firm)
    assert "http://localhost/f/[link]" in message.sent_text


def test_the_event_is_written_when_the_relay_accepts_and_not_before(alice, maya, deliver, look, app):
    notice = queue(alice, maya)
    assert events(app, maya.firm) == []

    deliver()

    (event,) = events(app, maya.firm)
    assert event.type == "notice.sent"
    assert event.data == {
        "id": notice["id"],
        "candidate_id": str(maya.candidate.id),
        "application_id": str(maya.application.id),
        "external_ids": {},
        "state": "sent",
    }


def test_a_refused_mail_fails_the_notice_with_its_reason(alice, maya, deliver, smtp_sink, app, look):
    notice = queue(alice, maya)
    smtp_sink.faults.recipient.append("550 5.1.1 no such user")

    deliver()

    shown = alice.api.get(f"{NOTICES}/{notice['id']}").json
    assert (shown["state"], shown["problem"]["code"]) == ("failed", "no_such_address")
    assert "no such user" in shown["problem"]["detail"]
    assert "feedback_url" not in shown
    assert [event.type for event in events(app, maya.firm)] == ["notice.failed"]
    assert look(Application, maya.firm).told_at is None


def test_a_notice_that_waits_for_another_try_is_leaving(alice, maya, deliver, smtp_sink):
    notice = queue(alice, maya)
    smtp_sink.faults.data.append("451 4.3.0 later")

    deliver()

    shown = alice.api.get(f"{NOTICES}/{notice['id']}").json
    assert shown["state"] == "leaving"
    assert shown["next_try_at"] is not None
    assert [item["id"] for item in alice.api.get(NOTICES, query_string={"state": "leaving"}).json["items"]] == [
        notice["id"]
    ]
    assert alice.api.get(NOTICES, query_string={"state": "held"}).json["items"] == []


def test_a_later_notice_continues_the_conversation(alice, maya, deliver, smtp_sink):
    first = queue(alice, maya, kind="update", reason="The client asked for one more week.", outcome_code="ROLE-HOLD")
    deliver()
    queue(alice, maya)
    deliver()

    later = smtp_sink.messages[1]
    assert str(later["In-Reply-To"]) == first["message_id"]
    assert first["message_id"] in str(later["References"])


def test_an_update_moves_the_promise_and_leaves_the_decision_open(alice, maya, deliver, look):
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).date()
    body = maya.body(kind="update", reason="The client asked for one more week.", promised_on=day.isoformat())
    del body["outcome_code"]
    assert alice.api.post(NOTICES, json=body).status_code == 201
    assert look(Application, maya.firm).promised_on != day

    deliver()

    application = look(Application, maya.firm)
    assert (application.promised_on, application.told_at, application.decision) == (day, None, None)


def test_a_retry_is_byte_for_byte_the_same(alice, maya, deliver, smtp_sink, change, look):
    queue(alice, maya)
    smtp_sink.faults.data.append("drop")  # the server takes it and the line breaks before it says so

    deliver()

    assert alice.api.get(NOTICES).json["items"][0]["state"] == "leaving"
    message = look(Message, maya.firm)
    change(message, state="queued", lease_until=None, due_at=dt.datetime.now(dt.UTC))
    deliver()
    first, second = smtp_sink.raw
    assert first == second


def events(app, firm):
    with app.app_context(), reading(firm.id) as session:
        return session.scalars(sa.select(WebhookEvent).where(WebhookEvent.firm_id == firm.id)).all()
