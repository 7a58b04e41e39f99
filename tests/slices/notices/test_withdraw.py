"""Taking a notice back: it always works while nothing was tried, and two people cannot both win."""

import datetime as dt

import pytest
import time_machine

from recruiter.accounts.service import themself
from recruiter.applications.models import Application, Decision
from recruiter.notices.models import FeedbackPage
from recruiter.outbox.models import Message, MessageState
from recruiter.privacy import service as privacy
from recruiter.privacy.service import Erase, Reason

NOTICES = "/api/v1/notices"


def erase(app, person, found):
    command = Erase(
        firm_id=found.firm.id, actor=themself(person.member), candidate_id=found.candidate.id, reason=Reason.ASKED
    )
    with app.app_context():
        privacy.erase(command)


def queue(person, case, **changes):
    return person.api.post(NOTICES, json=case.body(hold_minutes=10, **changes)).json["id"]


def test_a_withdrawn_notice_never_leaves_and_the_decision_stays(alice, maya, deliver, smtp_sink, look):
    notice = queue(alice, maya)

    answer = alice.api.post(f"{NOTICES}/{notice}/withdraw")

    assert (answer.status_code, answer.json["state"]) == (200, "withdrawn")
    assert answer.json["withdrawn_at"] is not None
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)):
        deliver()
    assert smtp_sink.raw == []
    application = look(Application, maya.firm)
    assert (application.decision, application.told_at) == (Decision.NOT_SELECTED, None)
    assert look(FeedbackPage, maya.firm).revoked_at is not None


def test_withdrawing_again_is_refused(alice, maya):
    notice = queue(alice, maya)
    alice.api.post(f"{NOTICES}/{notice}/withdraw")

    answer = alice.api.post(f"{NOTICES}/{notice}/withdraw")

    assert (answer.status_code, answer.json["code"], answer.json["state"]) == (409, "not_held", "withdrawn")


def test_what_was_sent_cannot_be_taken_back(alice, maya, deliver):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()

    answer = alice.api.post(f"{NOTICES}/{notice}/withdraw")

    assert (answer.status_code, answer.json["code"]) == (409, "not_held")
    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "sent"


def test_what_was_leased_but_not_tried_can_be_taken_back(alice, maya, change, look):
    notice = queue(alice, maya)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    change(look(Message, maya.firm), state=MessageState.LEASED, lease_owner="a worker", lease_until=later)

    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "held"
    assert alice.api.post(f"{NOTICES}/{notice}/withdraw").status_code == 200


@pytest.mark.parametrize("state", [MessageState.SENDING, MessageState.DOUBTFUL])
def test_what_is_under_way_is_leaving_and_cannot_be_taken_back(alice, maya, change, look, state):
    notice = queue(alice, maya)
    owner = "a worker" if state is MessageState.SENDING else None
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    change(look(Message, maya.firm), state=state, lease_owner=owner, lease_until=later, attempts=1)

    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "leaving"
    refused = alice.api.post(f"{NOTICES}/{notice}/withdraw")
    assert (refused.status_code, refused.json["state"]) == (409, "leaving")


def test_the_same_key_answers_the_withdrawn_notice_again(alice, maya):
    notice = queue(alice, maya)
    headers = {"Idempotency-Key": "withdraw-1"}

    answers = [alice.api.post(f"{NOTICES}/{notice}/withdraw", headers=headers) for _ in range(2)]

    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(200, "withdrawn")] * 2


def test_another_notice_may_follow_a_withdrawn_one(alice, maya, deliver, smtp_sink):
    alice.api.post(f"{NOTICES}/{queue(alice, maya)}/withdraw")

    assert alice.api.post(NOTICES, json=maya.body()).status_code == 201
    deliver()

    assert len(smtp_sink.raw) == 1


def test_another_firm_and_a_key_that_only_writes_take_nothing_back(alice, charlie, vera, maya):
    notice = queue(alice, maya)

    assert charlie.api.post(f"{NOTICES}/{notice}/withdraw").status_code == 404
    assert vera.api.post(f"{NOTICES}/{notice}/withdraw").status_code == 403
    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "held"


def test_erasing_the_person_takes_the_notice_back(app, alice, maya):
    notice = queue(alice, maya)

    erase(app, alice, maya)

    shown = alice.api.get(f"{NOTICES}/{notice}").json
    assert shown["state"] == "withdrawn"
    assert "feedback_url" not in shown
    assert "was erased" in alice.browser.get(f"/notices/{notice}").text
    again = alice.browser.get("/notices/new", query_string={"application": str(maya.application.id), "copy": notice})
    assert (again.status_code, "was erased" in again.text) == (409, True)


def test_erasing_the_person_stops_a_new_link(app, alice, maya, deliver, smtp_sink):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()
    alice.browser.post(f"/notices/{notice}/link")

    erase(app, alice, maya)
    deliver()

    assert len(smtp_sink.raw) == 1
    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "sent"
