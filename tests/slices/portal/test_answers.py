"""A member answers: the page shows it, a mail says so without its text, and nobody answers twice."""

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.candidates.models import CandidateEmail
from recruiter.db.session import transaction
from recruiter.notices.models import FeedbackPage
from recruiter.outbox.models import Message, StreamKind
from recruiter.texts.models import Template, TextKind

ANSWER = "We looked for a named decision maker at each site."


@pytest.fixture
def question(alice, reader):
    reader.send("ask", text="Could you say more about the exercise?")
    [item] = alice.api.get("/api/v1/responses?kind=question").json["items"]
    return item


def answer(person, question, text=ANSWER, **headers):
    return person.api.post(f"/api/v1/responses/{question['id']}/answer", json={"text": text}, headers=headers)


def test_an_answer_is_on_the_page_and_a_mail_tells_of_it(alice, reader, question, deliver, smtp_sink):
    assert answer(alice, question).status_code == 201
    deliver()

    assert ANSWER in reader.page()
    mail = smtp_sink.messages[-1]
    text = mail.get_body(("plain",)).get_content()
    assert ANSWER not in text
    assert "Thank you for your question about the Data Engineer role." in text
    assert "The decision on the role is the same." in text
    assert reader.base in text
    assert mail["In-Reply-To"] == reader.notice["message_id"]
    shown = alice.api.get(f"/api/v1/responses/{question['id']}").json
    assert shown["answer"]["text"] == ANSWER


def test_a_member_answers_from_today(bob, reader, question):
    item = f"response-{question['id']}"
    assert "Could you say more" in bob.browser.get(f"/today?item={item}").text
    assert bob.browser.post(f"/today/{item}/reply", data={"text": ANSWER}).status_code == 303
    assert "asked a question" not in bob.browser.get("/today").text
    assert ANSWER in reader.page()


def test_an_answer_is_given_once(alice, question):
    assert answer(alice, question).status_code == 201
    again = answer(alice, question, "Another answer.")
    assert (again.status_code, again.json["code"]) == (409, "already_answered")
    assert alice.browser.post(f"/today/response-{question['id']}/reply", data={"text": "x"}).status_code == 303


def test_the_same_request_again_is_the_same_answer(alice, question):
    first, second = (answer(alice, question, **{"Idempotency-Key": "k"}) for _ in "ab")
    assert first.json == second.json


def test_words_that_would_hurt_are_stopped(alice, question):
    refused = answer(alice, question, "You came across as a bit young for the panel.")
    assert (refused.status_code, refused.json["code"]) == (422, "findings")
    assert refused.json["findings"][0]["rule"] == "PROT-AGE"
    page = alice.browser.post(
        f"/today/response-{question['id']}/reply", data={"text": "You came across as a bit young for the panel."}
    )
    assert page.status_code == 422
    assert "a bit young" in page.text


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_answer_is_refused(alice, question, text):
    assert answer(alice, question, text).status_code == 422
    page = alice.browser.post(f"/today/response-{question['id']}/reply", data={"text": text})
    assert (page.status_code, "<title>Error: Today" in page.text) == (422, True)


def test_a_person_without_an_address_finds_the_answer_on_the_page(app, acme, alice, reader, question, look, change):
    with app.app_context(), transaction(acme.id) as session:
        session.execute(sa.delete(CandidateEmail).where(CandidateEmail.firm_id == acme.id))
    assert answer(alice, question).status_code == 201
    assert ANSWER in reader.page()


def test_the_mail_stays_when_the_page_has_closed(acme, alice, reader, question, look, change, deliver, smtp_sink):
    answer(alice, question)
    change(look(FeedbackPage, acme), revoked_at=clock.now())
    deliver()
    message = look(Message, acme, Message.stream == StreamKind.ANSWER)
    assert message.problem_code == "page_closed"
    assert len(smtp_sink.messages) == 1


def test_the_mail_stays_when_the_address_has_changed(acme, alice, question, look, change, deliver, smtp_sink):
    answer(alice, question)
    change(look(CandidateEmail, acme), address="new@example.com")
    deliver()
    assert look(Message, acme, Message.stream == StreamKind.ANSWER).problem_code == "no_address"
    assert len(smtp_sink.messages) == 1


def test_lists_are_filtered(alice, maya, question):
    def kinds(query):
        return [item["kind"] for item in alice.api.get(f"/api/v1/responses?{query}").json["items"]]

    assert kinds(f"application_id={maya.application.id}") == ["question"]
    assert kinds("kind=thanks") == []
    assert kinds("since=2199-01-01T00:00:00Z") == []


def test_a_response_that_is_not_there(alice, charlie, question):
    other = {"id": "01900000-0000-7000-8000-000000000000"}
    assert answer(alice, other).status_code == 404
    assert answer(charlie, question).status_code == 404


def test_without_words_for_the_mail_the_member_is_told_what_to_do(acme, alice, question, look, change):
    for language in ("en", "de", "fr"):
        is_there = (Template.kind == TextKind.ANSWER, Template.language == language)
        change(look(Template, acme, *is_there), archived_at=clock.now())
    refused = answer(alice, question)
    assert (refused.status_code, refused.json["code"]) == (422, "no_template")


def test_what_came_of_a_side_is_said_only_of_a_side(alice, reader, question):
    address = f"/api/v1/responses/{question['id']}/answer"
    refused = alice.api.post(address, json={"text": ANSWER, "outcome": "kept"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["outcome"])
    assert answer(alice, question).json["outcome"] is None


@pytest.mark.parametrize(
    ("differs", "outcome", "recorded"), [("yes", None, "noted"), ("yes", "kept", "kept"), ("", None, None)]
)
def test_a_side_that_was_given_gets_a_recorded_answer(alice, reader, deliver, smtp_sink, differs, outcome, recorded):
    reader.send(f"point/{reader.point}", text="I led one incident.", **({"differs": differs} if differs else {}))
    [side] = alice.api.get("/api/v1/responses?kind=point").json["items"]
    body = {"text": "Thank you for telling me."} | ({"outcome": outcome} if outcome else {})

    assert alice.api.post(f"/api/v1/responses/{side['id']}/answer", json=body).json["outcome"] == recorded
    assert ("The point stays" in reader.page()) == (recorded == "kept")
    deliver()
    text = smtp_sink.messages[-1].get_body(("plain",)).get_content()
    assert "Thank you for giving your side." in text
    assert ("Your view is now next to the point." in text) == (recorded == "noted")
    assert ("The point stays as it is, with your view next to it." in text) == (recorded == "kept")
