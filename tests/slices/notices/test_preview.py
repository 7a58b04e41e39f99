"""POST /api/v1/notices/preview: what would leave, by the same templates, and a token that means exactly this."""

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine

from recruiter.db.session import reading, transaction
from recruiter.notices import links
from recruiter.notices.models import Notice
from recruiter.outbox import suppressions
from recruiter.outbox.suppressions import Suppress
from recruiter.texts import queries as texts
from recruiter.texts.models import TemplateVersion, TextKind, VersionState
from recruiter.texts.queries import Want
from tests.maya import GAP

NOTICES = "/api/v1/notices"
SHOWN = ["subject", "text", "html", "page_html", "findings", "feedback_mode", "feedback_mode_because"]
SHOWN += ["preview_token", "barrier"]


def preview(person, case, **changes):
    body = {name: value for name, value in case.body(**changes).items() if name not in {"hold_minutes", "timing"}}
    return person.api.post(f"{NOTICES}/preview", json=body)


def test_a_preview_shows_mail_text_and_page_and_changes_nothing(app, vera, maya):
    answer = preview(vera, maya)

    assert answer.status_code == 200, answer.json
    shown = answer.json
    assert shown["subject"] == "Your application for Data Engineer at Lumen Grid"
    assert "We will not be taking your application further" in shown["text"]
    assert "We will not be taking your application further" in shown["html"]
    for words in ("Streaming pipelines", "To try next", "A small project with windowing and replay.", "Alice Adams"):
        assert words in shown["page_html"]
    assert "Preview. Buttons do nothing." in shown["page_html"]
    assert shown["findings"] == []
    with app.app_context(), reading(maya.firm.id) as session:
        assert session.scalars(sa.select(Notice)).all() == []


def test_it_says_what_would_stop_it(app, alice, maya):
    free = preview(alice, maya).json
    with app.app_context(), transaction(maya.firm.id) as session:
        suppressions.suppress(session, maya.firm.id, Suppress(address=maya.candidate.email, reason="asked"))
    suppressed = preview(alice, maya).json
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": "hired"})
    hired = preview(alice, maya).json

    assert free["barrier"] is None
    assert (suppressed["barrier"]["code"], suppressed["subject"]) == ("suppressed", free["subject"])
    assert "put the address right" in suppressed["barrier"]["detail"]
    assert hired["barrier"] == {"code": "hired", "detail": "This person was hired for the role."}


def test_a_requirement_that_is_named_by_its_id_is_read_in_words(alice, maya):
    requirement = str(maya.job.requirements[1].id)
    page = preview(alice, maya, feedback={"gaps": [GAP | {"requirement": requirement}]}).json["page_html"]

    assert "Leads on-call" in page
    assert requirement not in page


def test_a_need_that_the_heading_names_already_is_not_said_again(alice, maya):
    gap = GAP | {"criterion": "Leads on-call"}
    said = [
        preview(alice, maya, feedback={"gaps": [gap | {"requirement": need}]}).json["page_html"]
        for need in ("leads on-call", "Leads incidents")
    ]

    assert ["The role needs" in page for page in said] == [False, True]


def test_an_update_does_not_ask_about_the_pool(alice, maya):
    rejection = preview(alice, maya).json["page_html"]
    update = preview(alice, maya, kind="update", reason="The client asked for one more week.").json["page_html"]

    assert "Should we keep you in mind?" in rejection
    assert "Should we keep you in mind?" not in update
    assert "Ask for a call" in update


def test_what_was_previewed_is_what_leaves(alice, maya, deliver, smtp_sink):
    shown = preview(alice, maya).json
    alice.api.post(NOTICES, json=maya.body(preview_token=shown["preview_token"]))

    deliver()

    (mail,) = smtp_sink.messages
    sent = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    link = alice.api.get(NOTICES).json["items"][0]["feedback_url"]
    assert sent.replace(link, links.masked_url()) == shown["text"]


def test_a_token_may_be_used_again_and_does_not_bind_when_it_leaves(alice, maya):
    token = preview(alice, maya).json["preview_token"]
    first = alice.api.post(NOTICES, json=maya.body(preview_token=token, hold_minutes=60, timing="humane"))
    alice.api.post(f"{NOTICES}/{first.json['id']}/withdraw")

    assert alice.api.post(NOTICES, json=maya.body(preview_token=token)).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "The person chosen matched three needs of this role more closely."},
        {"outcome_code": "REQ-SKILL"},
        {"kind": "role_closed"},
        {"feedback": {"strengths": [], "gaps": []}},
    ],
)
def test_another_body_than_the_previewed_one_is_answered_with_the_new_preview(alice, maya, changes):
    token = preview(alice, maya).json["preview_token"]

    answer = alice.api.post(NOTICES, json=maya.body(preview_token=token, **changes))

    assert (answer.status_code, answer.json["code"]) == (409, "preview_stale")
    renewed = answer.json["preview"]
    assert set(renewed) == set(SHOWN)
    again = alice.api.post(NOTICES, json=maya.body(preview_token=renewed["preview_token"], **changes))
    assert again.status_code == 201, again.json


@pytest.mark.parametrize("token", ["", "no-token", "ü", "A" * 54, "====", "x" * 200])
def test_a_token_that_nobody_gave_out_is_stale(alice, maya, token):
    answer = alice.api.post(NOTICES, json=maya.body(preview_token=token))

    assert (answer.status_code, answer.json["code"]) == (409, "preview_stale")


@pytest.mark.parametrize(("minutes", "status"), [(59, 201), (61, 409)])
def test_a_token_is_good_for_an_hour(alice, maya, minutes, status):
    token = preview(alice, maya).json["preview_token"]

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)):
        assert alice.api.post(NOTICES, json=maya.body(preview_token=token)).status_code == status


def test_a_new_version_of_the_template_makes_the_preview_stale(app, alice, maya):
    token = preview(alice, maya).json["preview_token"]
    with app.app_context(), transaction(maya.firm.id) as session:
        old = texts.find_published(session, maya.firm.id, TextKind.REJECTION, Want(stage="final"))
        words = {name: getattr(old, name) for name in ("mail_body", "page_body", "page_closing", "template_id")}
        now = dt.datetime.now(dt.UTC)
        session.add(
            TemplateVersion(
                firm_id=maya.firm.id,
                number=2,
                subject="Your application",
                state=VersionState.PUBLISHED,
                published_at=now,
                **words,
            )
        )

    answer = alice.api.post(NOTICES, json=maya.body(preview_token=token))

    assert (answer.status_code, answer.json["preview"]["subject"]) == (409, "Your application")


def test_a_token_does_not_stand_for_the_next_round(alice, maya):
    token = preview(alice, maya).json["preview_token"]
    decision = f"/api/v1/applications/{maya.application.id}/decision"
    alice.api.post(decision, json={"decision": "not_selected"})
    alice.api.post(decision, json={"decision": None})

    assert alice.api.post(NOTICES, json=maya.body(preview_token=token)).json["code"] == "preview_stale"


def test_typed_markup_stays_text_everywhere(alice, maya):
    point = {"criterion": "<b>SQL</b>", "text": "You wrote <script>alert(1)</script> & more. [a](http://x.example)"}
    shown = preview(alice, maya, reason="A *reason* with <i>tags</i>.", feedback={"strengths": [point]}).json

    for part in ("html", "page_html"):
        assert "<script>alert" not in shown[part]
        assert "<i>tags" not in shown[part]
        assert "&lt;i&gt;tags&lt;/i&gt;" in shown[part]
    assert "A *reason* with <i>tags</i>." in shown["text"]
    assert "&lt;b&gt;SQL&lt;/b&gt;" in shown["page_html"]


def test_another_firms_application_is_not_there(charlie, maya):
    assert preview(charlie, maya).status_code == 404
