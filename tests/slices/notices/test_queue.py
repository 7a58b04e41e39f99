"""POST /api/v1/notices: one request records the decision, freezes the letter and queues the mail."""

import pytest
import sqlalchemy as sa

from recruiter.applications.models import Application, Decision
from recruiter.audit.models import AuditEntry
from recruiter.candidates.models import CandidateEmail
from recruiter.db.session import reading, transaction
from recruiter.feedback.models import FeedbackPoint
from recruiter.notices.models import Notice
from recruiter.outbox import suppressions
from recruiter.outbox.suppressions import Suppress
from tests.maya import GAP, STRENGTH, case

NOTICES = "/api/v1/notices"
UNSAID = {"source": "recruiter", "confidence": "one_source"}  # who saw a point, where nobody said


def test_a_queued_notice_is_held_and_answers_how_it_stands(alice, maya):
    answer = alice.api.post(NOTICES, json=maya.body(hold_minutes=10))

    assert answer.status_code == 201, answer.json
    shown = answer.json
    assert (shown["state"], shown["kind"], shown["round"]) == ("held", "rejection", 1)
    assert shown["message_id"].startswith("<")
    assert shown["feedback"] == {
        "strengths": [STRENGTH | UNSAID | {"requirement": "", "suggestion": ""}],
        "gaps": [GAP | UNSAID],
    }
    assert (shown["sent_at"], shown["delivery"], shown["problem"], shown["next_try_at"]) == (None,) * 4
    assert (shown["sender"], shown["template"]) == (alice.member.email, "after-final")
    assert alice.api.get(f"{NOTICES}/{shown['id']}").json == shown


def test_it_records_the_decision_when_there_is_none(alice, maya, look):
    alice.api.post(NOTICES, json=maya.body())

    application = look(Application, maya.firm)
    assert (application.decision, application.outcome_code) == (Decision.NOT_SELECTED, "CLO-OTHER")
    assert application.told_at is None


def actions(app, firm):
    with app.app_context(), reading(firm.id) as session:
        return list(session.scalars(sa.select(AuditEntry.action).where(AuditEntry.firm_id == firm.id)))


def test_it_keeps_a_decision_that_is_there(app, alice, maya, look):
    decision = {"decision": "not_selected", "outcome_code": "REQ-SKILL", "decided_by": "client"}
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json=decision)
    decided_at = look(Application, maya.firm).decided_at
    body = maya.body()
    del body["outcome_code"], body["reason"]

    shown = alice.api.post(NOTICES, json=body).json

    assert shown["outcome_code"] == "REQ-SKILL"
    assert shown["reason"] == "The role needs a skill that we needed more evidence of."
    application = look(Application, maya.firm)
    assert (application.decided_at, application.decided_by) == (decided_at, "client")
    assert actions(app, maya.firm).count("application.decided") == 1


def test_a_code_that_is_named_now_corrects_the_one_on_record(alice, maya, look):
    decision = {"decision": "not_selected", "outcome_code": "REQ-SKILL"}
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json=decision)

    alice.api.post(NOTICES, json=maya.body(outcome_code="CLO-OTHER"))

    assert look(Application, maya.firm).outcome_code == "CLO-OTHER"


def test_the_change_its_audit_entry_and_its_message_are_written_together(alice, maya, app):
    shown = alice.api.post(NOTICES, json=maya.body()).json

    with app.app_context(), reading(maya.firm.id) as session:
        query = sa.select(AuditEntry).where(AuditEntry.firm_id == maya.firm.id).order_by(AuditEntry.created_at)
        actions = {entry.action: entry for entry in session.scalars(query)}
    assert {"application.decided", "notice.queued"} <= set(actions)
    assert str(actions["notice.queued"].subject_id) == shown["id"]
    assert "Maya" not in repr(actions["notice.queued"].details)
    assert actions["notice.queued"].request_id == actions["application.decided"].request_id


def test_what_the_worker_did_carries_the_id_of_its_round_and_no_digest(alice, maya, deliver, look):
    alice.api.post(NOTICES, json=maya.body())
    deliver()

    queued, sent = (look(AuditEntry, maya.firm, AuditEntry.action == f"notice.{done}") for done in ("queued", "sent"))
    assert queued.after_digest is not None
    assert (sent.before_digest, sent.after_digest) == (None, None)
    assert sent.request_id not in {queued.request_id, None}


def test_a_second_outcome_notice_is_refused(alice, maya):
    first = alice.api.post(NOTICES, json=maya.body()).json
    answer = alice.api.post(NOTICES, json=maya.body())

    assert (answer.status_code, answer.json["code"]) == (409, "already_told")
    assert (answer.json["notice_id"], answer.json["state"]) == (first["id"], "held")


def test_reopening_the_decision_starts_the_next_round(alice, maya, deliver, smtp_sink):
    alice.api.post(NOTICES, json=maya.body())
    deliver()
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": None})

    answer = alice.api.post(NOTICES, json=maya.body())

    assert (answer.status_code, answer.json["round"]) == (201, 2)
    deliver()
    assert len(smtp_sink.raw) == 2


def test_an_update_waits_once_and_takes_no_place(alice, maya):
    body = maya.body(kind="update", reason="The client asked for one more week.", hold_minutes=10)
    assert alice.api.post(NOTICES, json=body).status_code == 201

    assert alice.api.post(NOTICES, json=body).json["code"] == "already_told"
    assert alice.api.post(NOTICES, json=maya.body()).status_code == 201


def test_the_same_key_answers_the_same_notice(alice, maya, deliver, smtp_sink):
    headers = {"Idempotency-Key": "maya-1"}
    answers = [alice.api.post(NOTICES, json=maya.body(), headers=headers) for _ in range(3)]
    deliver()

    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(smtp_sink.raw) == 1
    other = alice.api.post(NOTICES, json=maya.body(reason="Another."), headers=headers)
    assert other.status_code == 422


def test_must_fix_findings_refuse_and_say_where(alice, maya, app):
    gap = GAP | {"text": "You came across as a bit young to lead on-call."}

    answer = alice.api.post(NOTICES, json=maya.body(feedback={"strengths": [STRENGTH], "gaps": [gap]}))

    assert (answer.status_code, answer.json["code"]) == (422, "findings")
    (finding,) = answer.json["findings"]
    assert (finding["rule"], finding["severity"]) == ("PROT-AGE", "block")
    assert finding["field"] == "feedback.gaps.0.text"
    assert gap["text"][finding["start"] : finding["end"]] == finding["words"]
    assert finding["suggestion"]
    with app.app_context(), reading(maya.firm.id) as session:
        assert session.scalars(sa.select(Notice)).all() == []


def test_what_only_asks_to_be_considered_does_not_refuse(alice, maya):
    feedback = {"gaps": [{"criterion": "Streaming", "text": "The examples you gave were batch jobs."}]}

    answer = alice.api.post(NOTICES, json=maya.body(feedback=feedback))

    assert answer.status_code == 201
    rules = {finding["rule"] for finding in answer.json["findings"]}
    assert rules == {"STR-STRENGTH", "STR-SUGGEST", "STR-ROLE", "SHP-EFFECT"}


def test_a_requirement_is_named_by_its_id_or_its_words_and_an_unknown_one_is_a_finding(alice, maya, look):
    known, unknown = str(maya.job.requirements[1].id), "0190aaaa-0000-7000-8000-000000000000"
    gaps = [GAP | {"requirement": requirement} for requirement in (known, unknown)]

    shown = alice.api.post(NOTICES, json=maya.body(feedback={"strengths": [STRENGTH], "gaps": gaps})).json

    (finding,) = shown["findings"]
    assert (finding["rule"], finding["severity"]) == ("STR-ROLE", "warn")
    assert finding["field"] == "feedback.gaps.1.requirement"
    assert [gap["requirement"] for gap in shown["feedback"]["gaps"]] == ["Leads on-call", ""]
    assert look(FeedbackPoint, maya.firm, FeedbackPoint.requirement == "Leads on-call").criterion == GAP["criterion"]


def test_what_needs_approval_says_nothing(alice, maya):
    body = maya.body(outcome_code="CLO-NEAR")
    del body["reason"]

    assert alice.api.post(NOTICES, json=body).json["reason"] == ""


@pytest.mark.parametrize("code", ["CHK-BACK", "INT-DNU"])
def test_a_private_reason_opens_no_notice(alice, bob, maya, code):
    about = {"decision": "not_selected", "outcome_code": code}
    named = alice.api.post(NOTICES, json=maya.body(outcome_code=code))
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json=about)
    known = alice.api.post(NOTICES, json=maya.body(outcome_code=None))
    page = bob.browser.get(f"/notices/new?application={maya.application.id}")

    assert [(each.status_code, each.json["code"]) for each in (named, known)] == [(422, "private_reason")] * 2
    assert page.status_code == 409
    assert "opens no notice" in page.text
    assert "Record another reason" in page.text
    assert "Log a call instead" in page.text


def test_a_role_that_closed_is_told_so(alice, maya, deliver, smtp_sink, look):
    alice.api.post(NOTICES, json=maya.body(kind="role_closed", outcome_code="ROLE-HOLD", feedback={}))
    deliver()

    assert look(Application, maya.firm).decision is Decision.ROLE_CLOSED
    assert str(smtp_sink.messages[0]["Subject"]) == "The Data Engineer role has been put on hold"


@pytest.mark.parametrize("decision", ["hired", "withdrew", "role_closed"])
def test_another_decision_refuses(alice, maya, decision):
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": decision})

    answer = alice.api.post(NOTICES, json=maya.body())

    assert (answer.status_code, answer.json["code"], answer.json["reason"]) == (409, "decided_otherwise", decision)


def test_nobody_is_written_to_without_an_address(alice, maya, app):
    with app.app_context(), transaction(maya.firm.id) as session:
        session.execute(sa.delete(CandidateEmail).where(CandidateEmail.firm_id == maya.firm.id))

    answer = alice.api.post(NOTICES, json=maya.body())

    assert (answer.status_code, answer.json["code"]) == (422, "no_address")


def test_nobody_is_written_to_against_their_wish(alice, maya, app):
    with app.app_context(), transaction(maya.firm.id) as session:
        suppressions.suppress(session, maya.firm.id, Suppress(address=maya.candidate.email, reason="asked"))

    answer = alice.api.post(NOTICES, json=maya.body())

    assert (answer.status_code, answer.json["code"]) == (422, "suppressed")


def test_nobody_who_was_erased_is_written_to(alice, maya, change):
    change(maya.candidate, name=None, erased_at=maya.candidate.created_at, erased_reason="asked")

    answer = alice.api.post(NOTICES, json=maya.body())

    assert (answer.status_code, answer.json["code"]) == (409, "erased")


def test_the_owner_signs_and_a_named_member_signs_instead(alice, bob, acme, app, deliver, smtp_sink):
    owned = case(app, acme, owner_id=bob.member.id)

    assert alice.api.post(NOTICES, json=owned.body()).json["sender"] == bob.member.email
    deliver()
    assert str(smtp_sink.messages[0]["Reply-To"]) == f"Bob Brown <{bob.member.email}>"


def test_a_named_sender_signs(alice, bob, maya):
    shown = alice.api.post(NOTICES, json=maya.body(sender=bob.member.email.upper())).json

    assert shown["sender"] == bob.member.email


def test_an_owner_who_left_does_not_sign(alice, bob, acme, app, change):
    owned = case(app, acme, owner_id=bob.member.id)
    change(bob.member, active=False)

    assert alice.api.post(NOTICES, json=owned.body()).json["sender"] == alice.member.email


def test_without_owner_and_admin_nobody_signs(alice, maya, change):
    change(alice.member, active=False)

    assert "sender" in alice.api.post(NOTICES, json=maya.body()).json["errors"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "praise"}, "kind"),
        ({"kind": "correction"}, "corrects"),
        ({"outcome_code": "NO-SUCH"}, "outcome_code"),
        ({"application_id": "42"}, "application_id"),
        ({"application_id": None}, "application_id"),
        ({"template": "no-such"}, "template"),
        ({"sender": "nobody@example.com"}, "sender"),
        ({"sender": "x@example.com\r\nBcc: y@example.com"}, "sender"),
        ({"hold_minutes": -1}, "hold_minutes"),
        ({"hold_minutes": "10"}, "hold_minutes"),
        ({"timing": "soon"}, "timing"),
        ({"send_at": "2025-11-20T10:00:00"}, "send_at"),
        ({"send_at": "9999-12-31T23:59:59Z"}, "send_at"),
        ({"reason": "x" * 1001}, "reason"),
        ({"reason": "a\u0000b"}, "reason"),
        ({"feedback": []}, "feedback"),
        ({"feedback": {"gaps": [GAP] * 4}}, "feedback"),
        ({"feedback": {"gaps": [{"criterion": "SQL"}]}}, "feedback"),
        ({"feedback": {"gaps": [GAP | {"text": "  "}]}}, "feedback"),
        ({"feedback": {"gaps": [GAP | {"criterion": "a\nb"}]}}, "feedback"),
        ({"feedback": {"gaps": [GAP | {"rating": 2}]}}, "feedback"),
        ({"kind": "update", "promised_on": "2020-01-01"}, "promised_on"),
        ({"extra": True}, "extra"),
    ],
)
def test_bad_input_is_refused_by_field(alice, maya, changes, field):
    answer = alice.api.post(NOTICES, json=maya.body(**changes))

    assert answer.status_code == 422, answer.json
    assert set(answer.json["errors"]) == {field}


def test_another_firms_application_is_not_there(charlie, maya):
    assert charlie.api.post(NOTICES, json=maya.body()).status_code == 404


def test_a_key_that_may_not_send_queues_nothing(vera, maya):
    assert vera.api.post(NOTICES, json=maya.body()).status_code == 403
