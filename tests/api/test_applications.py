"""Applications through the REST API: stage, promise, owner, decision, rounds, lists."""

import datetime as dt
import uuid

import pytest
import time_machine

from recruiter.accounts.models import Role
from tests import build
from tests.people import person

MONDAY = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def ends(app, acme):
    with app.app_context():
        return {"candidate_id": str(build.candidate(acme).id), "job_id": str(build.job(acme).id)}


def post(person, ends, **body):
    return person.api.post("/api/v1/applications", json={"stage": "final", **ends, **body})


def decide(person, made, **body):
    return person.api.post(f"/api/v1/applications/{made['id']}/decision", json=body)


def patch(person, made, **body):
    url = f"/api/v1/applications/{made['id']}"
    return person.api.patch(url, json=body, headers={"If-Match": person.api.get(url).headers["ETag"]})


@pytest.mark.parametrize(
    ("stage", "promised"),
    [
        ("application", "2026-11-16"),
        ("screening", "2026-11-09"),
        ("submitted", "2026-11-16"),
        ("client_interview", "2026-11-09"),
        ("final", "2026-11-05"),
        ("offer", None),
    ],
)
def test_the_stage_sets_the_promise(alice, ends, stage, promised):
    answer = post(alice, ends, stage=stage)

    assert answer.status_code == 201, answer.json
    assert (answer.json["promised_on"], answer.json["promise_by_hand"]) == (promised, False)
    assert (answer.json["round"], answer.json["decision"], answer.json["told_at"]) == (1, None, None)


def test_the_firms_own_numbers_and_zone_set_the_promise(app, charlie):
    with app.app_context():
        firm = build.firm(time_zone="Pacific/Auckland", country="NZ", promise_days={"final": 1})
        ends = {"candidate_id": str(build.candidate(firm).id), "job_id": str(build.job(firm).id)}
    dora = person(app, firm, "Dora Day", Role.ADMIN)

    with time_machine.travel(dt.datetime(2026, 11, 2, 20, 0, tzinfo=dt.UTC)):  # Tuesday morning in Auckland
        assert post(dora, ends).json["promised_on"] == "2026-11-04"


def test_the_open_application_of_the_same_person_and_job_is_found_again(alice, ends):
    first = post(alice, ends, external_id="app-1")
    again = post(alice, ends, stage="screening")

    assert (again.status_code, again.json) == (200, first.json)


def test_a_known_ats_id_is_found_again_even_when_decided(alice, ends):
    first = post(alice, ends, external_id="app-1").json
    decided = decide(alice, first, decision="not_selected").json

    again = post(alice, ends, external_id="app-1")
    another = post(alice, ends, external_id="app-2")

    assert (again.status_code, again.json) == (200, decided)
    assert another.status_code == 201


def test_an_ats_id_of_another_person_is_refused(app, acme, alice, ends):
    post(alice, ends, external_id="app-1")
    with app.app_context():
        other = {**ends, "candidate_id": str(build.candidate(acme, "Ana Reis").id)}

    answer = post(alice, other, external_id="app-1")

    assert (answer.status_code, answer.json["code"]) == (409, "taken")


def test_an_ats_id_is_not_taken_over_by_a_change(app, acme, alice, bob, ends):
    post(alice, ends, external_id="app-1")
    with app.app_context():
        other = {**ends, "candidate_id": str(build.candidate(acme, "Ana Reis").id)}
    made = post(alice, other).json

    answer = patch(alice, made, external_id="app-1", owner=bob.member.email)

    assert (answer.status_code, answer.json["code"]) == (409, "taken")


@pytest.mark.parametrize("end", ["candidate_id", "job_id"])
def test_another_firms_person_or_job_is_not_there(app, alice, charlie, ends, end):
    with app.app_context():
        theirs = {"candidate_id": build.candidate(charlie.firm).id, "job_id": build.job(charlie.firm).id}

    assert post(alice, {**ends, end: str(theirs[end])}).status_code == 404
    assert post(alice, {**ends, end: str(uuid.uuid4())}).status_code == 404


def test_an_owner_is_named_by_address_or_id(alice, bob, ends):
    by_id = post(alice, ends, owner=str(bob.member.id)).json
    by_address = patch(alice, by_id, owner=alice.member.email.upper()).json
    nobody = patch(alice, by_id, owner=None).json

    assert (by_id["owner"], by_id["owner_id"]) == (bob.member.email, str(bob.member.id))
    assert by_address["owner"] == alice.member.email
    assert nobody["owner"] is None


def test_an_owner_who_left_the_firm_stays_until_another_is_named(alice, bob, ends):
    made = post(alice, ends, owner=bob.member.email).json
    alice.browser.post(f"/settings/members/{bob.member.id}/deactivate")

    changed = patch(alice, made, external_id="app-2")

    assert (changed.status_code, changed.json["owner"]) == (200, bob.member.email)


def test_an_owner_who_is_no_member_is_refused(alice, charlie, ends):
    for owner in ("nobody@example.com", str(uuid.uuid4()), charlie.member.email, str(charlie.member.id)):
        answer = post(alice, ends, owner=owner)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["owner"])


def test_a_promise_set_by_hand_outlives_a_change_of_stage(alice, ends):
    made = post(alice, ends, promised_on="2026-12-01").json

    moved = patch(alice, made, stage="screening").json
    freed = patch(alice, made, promised_on=None).json

    assert (made["promised_on"], made["promise_by_hand"]) == ("2026-12-01", True)
    assert (moved["promised_on"], moved["stage"]) == ("2026-12-01", "screening")
    assert (freed["promised_on"], freed["promise_by_hand"]) == ("2026-11-09", False)


def test_a_change_of_stage_sets_the_promise_anew(alice, ends):
    made = post(alice, ends, stage="screening").json

    with time_machine.travel(MONDAY + dt.timedelta(days=3)):
        moved = patch(alice, made, stage="final", last_interview_at="2026-11-05T10:00:00+00:00").json

    assert moved["promised_on"] == "2026-11-10"
    assert moved["stage_since"] > made["stage_since"]
    assert moved["last_interview_at"].startswith("2026-11-05T10:00")


def test_another_change_leaves_stage_and_promise(alice, ends):
    made = post(alice, ends).json

    with time_machine.travel(MONDAY + dt.timedelta(days=3)):
        changed = patch(alice, made, external_id="app-9").json

    assert (changed["promised_on"], changed["stage_since"]) == (made["promised_on"], made["stage_since"])


def test_a_stale_change_is_refused(alice, ends):
    made = post(alice, ends).json
    url = f"/api/v1/applications/{made['id']}"
    old = {"If-Match": alice.api.get(url).headers["ETag"]}
    patch(alice, made, stage="offer")

    assert alice.api.patch(url, json={"stage": "final"}, headers=old).status_code == 412


def test_a_decision_is_recorded(alice, ends):
    made = post(alice, ends).json

    answer = decide(
        alice,
        made,
        decision="not_selected",
        outcome_code="REQ-EXP",
        decided_by="client",
        decided_at="2026-11-01T15:00:00+01:00",
    )

    assert answer.status_code == 200, answer.json
    assert answer.json["decision"] == "not_selected"
    assert (answer.json["outcome_code"], answer.json["decided_by"]) == ("REQ-EXP", "client")
    assert answer.json["decided_at"].startswith("2026-11-01T14:00")
    assert answer.json["told_at"] is None


def test_the_same_decision_again_keeps_what_is_known(alice, ends):
    made = post(alice, ends).json
    first = decide(alice, made, decision="not_selected", outcome_code="REQ-EXP", decided_by="client").json

    again = decide(alice, made, decision="not_selected").json
    other = decide(alice, made, decision="withdrew").json

    assert again | {"updated_at": ""} == first | {"updated_at": ""}
    assert (other["decision"], other["outcome_code"], other["decided_by"], other["round"]) == (
        "withdrew",
        None,
        None,
        1,
    )


def test_who_was_told_is_not_decided_otherwise(alice, ends):
    made = post(alice, ends).json
    decide(alice, made, decision="not_selected")
    contact = {"kind": "call", "direction": "outbound", "outcome": "spoke", "told": "decision"}
    about = {"application_id": made["id"], "candidate_id": made["candidate_id"]}
    alice.api.post("/api/v1/contacts", json=contact | about | {"happened_at": "2026-11-02T08:00:00Z"})

    otherwise = decide(alice, made, decision="hired")
    again = decide(alice, made, decision="not_selected", outcome_code="REQ-EXP")
    reopened = decide(alice, made, decision=None)

    assert (otherwise.status_code, otherwise.json["code"]) == (409, "already_told")
    assert again.json["told_at"].startswith("2026-11-02T08:00")
    assert reopened.json["told_at"] is None


def test_reopening_begins_the_next_round_with_a_new_promise(alice, ends):
    made = post(alice, ends, promised_on="2026-11-03").json
    decide(alice, made, decision="not_selected", outcome_code="REQ-EXP")

    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        reopened = decide(alice, made, decision=None).json
        again = decide(alice, made, decision=None).json

    assert (reopened["round"], reopened["decision"], reopened["outcome_code"]) == (2, None, None)
    assert (reopened["promised_on"], reopened["promise_by_hand"]) == ("2026-11-12", False)
    assert again == reopened


def test_reopening_beside_another_open_application_is_refused(alice, ends):
    made = post(alice, ends).json
    decide(alice, made, decision="withdrew")
    post(alice, ends)

    answer = decide(alice, made, decision=None)

    assert (answer.status_code, answer.json["code"]) == (409, "taken")


def test_the_stage_of_a_decided_application_stands(alice, ends):
    made = post(alice, ends).json
    decide(alice, made, decision="hired")

    answer = patch(alice, made, stage="offer")

    assert (answer.status_code, answer.json["code"]) == (409, "decided")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "decision"),
        ({"decision": "rejected"}, "decision"),
        ({"decision": "not_selected", "outcome_code": "too old"}, "outcome_code"),
        ({"decision": "not_selected", "decided_by": "god"}, "decided_by"),
        ({"decision": "not_selected", "decided_at": "2026-11-01T15:00:00"}, "decided_at"),
        ({"decision": "not_selected", "decided_at": "2026-11-03T15:00:00Z"}, "decided_at"),
        ({"decision": None, "outcome_code": "REQ-EXP"}, "outcome_code"),
    ],
)
def test_a_decision_that_cannot_be_used_is_named(alice, ends, body, field):
    answer = decide(alice, post(alice, ends).json, **body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_another_firm_cannot_decide(alice, charlie, ends):
    made = post(alice, ends).json

    assert decide(charlie, made, decision="hired").status_code == 404
    assert charlie.api.get(f"/api/v1/applications/{made['id']}").status_code == 404
    assert charlie.api.get("/api/v1/applications").json["items"] == []


def test_the_same_key_answers_with_the_same_application(alice, ends):
    headers = {"Idempotency-Key": "one"}
    body = {"stage": "final", **ends}
    first = alice.api.post("/api/v1/applications", json=body, headers=headers)
    again = alice.api.post("/api/v1/applications", json=body, headers=headers)

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
