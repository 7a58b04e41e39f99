"""What every operation of the API shares: refusals that name what is wrong, repeated requests, the description."""

import base64
import datetime as dt
import json
import threading

import pytest
import sqlalchemy as sa
from openapi_spec_validator import validate

from recruiter import clock
from recruiter.audit.service import SYSTEM
from recruiter.candidates import service as candidates
from recruiter.candidates.service import AddCandidate, Person
from recruiter.db import receipts
from recruiter.db.base import new_id
from recruiter.db.receipts import Receipt
from recruiter.db.session import transaction

CLIENTS = "/api/v1/clients"
CANDIDATES = "/api/v1/candidates"
MAYA = {"name": "Maya Ferreira", "email": "maya@example.com"}


def problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    assert (response.json["status"], response.json["code"]) == (status, code)
    return response.json


def test_without_a_key(client):
    found = problem(client.get(CLIENTS), 401, "unauthenticated")
    assert "Authorization: Bearer" in found["detail"]


def test_nothing_was_changed_before_it_was_made(alice):
    client = alice.api.post(CLIENTS, json={"name": "Lumen Grid"}).json
    job = alice.api.post("/api/v1/jobs", json={"title": "Data Engineer"}).json
    candidate = alice.api.post(CANDIDATES, json=MAYA).json
    ends = {"candidate_id": candidate["id"], "job_id": job["id"], "stage": "screening"}
    application = alice.api.post("/api/v1/applications", json=ends).json

    for made in (client, job, candidate, application):
        assert dt.datetime.fromisoformat(made["created_at"]) <= dt.datetime.fromisoformat(made["updated_at"])


def test_an_address_that_is_not_there(alice):
    found = problem(alice.api.get("/api/v1/nothing"), 404, "not_found")
    assert found["detail"].startswith("Nothing is at this address.")
    assert "Nothing is at this address." in alice.browser.get("/nothing").text
    problem(alice.api.put(CLIENTS), 405, "method_not_allowed")


@pytest.mark.parametrize("body", ['{"name": ', "[1, 2", "\x00", '{"name": "\ud800"}'])
def test_malformed_json(alice, body):
    data = body.encode("utf-8", "surrogatepass")
    problem(alice.api.post(CLIENTS, data=data, content_type="application/json"), 400, "malformed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": 7}, "name"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"name": "A\nBcc: everybody@example.com"}, "name"),
        ({"name": "A" * 500}, "name"),
        ({"name": "Lumen", "colour": "red"}, "colour"),
    ],
)
def test_a_bad_body_names_the_field(alice, body, field):
    found = problem(alice.api.post(CLIENTS, json=body), 422, "invalid")
    assert list(found["errors"]) == [field]


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null"])
def test_a_body_that_is_no_object(alice, body):
    assert alice.api.post(CLIENTS, data=body, content_type="application/json").status_code == 422


def test_two_megabytes_are_too_much(alice):
    body = json.dumps({"name": "A" * 2_000_000})
    problem(alice.api.post(CLIENTS, data=body, content_type="application/json"), 413, "too_large")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=all", "cursor=nonsense", "cursor=W10", "page=2"])
def test_a_bad_window(alice, query):
    found = problem(alice.api.get(f"{CANDIDATES}?{query}"), 422, "invalid")
    assert list(found["errors"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("place", [["2026-01-01T10:00:00", str(new_id())], ["2026-01-01T10:00:00Z", 7], [1, 2], 7])
def test_a_cursor_that_somebody_made_up(alice, place):
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    problem(alice.api.get(f"{CANDIDATES}?cursor={cursor}"), 422, "invalid")


def test_a_list_is_read_to_its_end_without_gaps_or_doubles(alice):
    for number in range(7):
        alice.api.post(CANDIDATES, json={"name": f"Person {number}", "email": f"p{number}@example.com"})
    seen, cursor = [], ""
    while cursor is not None:
        page = alice.api.get(f"{CANDIDATES}?limit=3{'&cursor=' + cursor if cursor else ''}").json
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == [f"Person {number}" for number in range(7)]


def test_the_same_key_makes_one_row(alice):
    answers = [alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "once"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1


def test_the_same_key_with_another_body(alice):
    alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "once"})
    other = alice.api.post(CANDIDATES, json=MAYA | {"name": "Ana"}, headers={"Idempotency-Key": "once"})
    problem(other, 422, "idempotency_key_reused")


def test_a_refused_request_gives_its_key_back(alice):
    refused = alice.api.post(CANDIDATES, json=MAYA | {"time_zone": "Moon/Base"}, headers={"Idempotency-Key": "k"})
    assert refused.status_code == 422
    assert alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "k"}).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_of_the_wrong_length(alice, key):
    problem(alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": key}), 422, "invalid")


def running(app, firm, key, body, lease):
    """A first request with this key that has not finished, its lease so many seconds from now."""
    with app.app_context(), transaction(firm.id) as session:
        until = clock.now() + clock.dt.timedelta(seconds=lease)
        session.add(Receipt(firm_id=firm.id, key=key, request_hash=body, lease_until=until))


def test_a_key_whose_request_is_still_running(app, acme, alice):
    alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "k"})
    with app.app_context(), transaction(acme.id) as session:
        session.execute(sa.update(Receipt).values(resource_id=None))
    problem(alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "k"}), 409, "still_running")


def test_a_request_that_was_overtaken_by_its_repeat_has_no_effect(app, acme, alice):
    command = AddCandidate(firm_id=acme.id, actor=SYSTEM, person=Person(name="Maya", emails=("maya@example.com",)))
    overtaken = receipts.pending.set(new_id())
    try:
        with app.app_context(), pytest.raises(receipts.Overtaken):
            candidates.add(command)
    finally:
        receipts.pending.reset(overtaken)
    assert alice.api.get(CANDIDATES).json["items"] == []


def test_a_key_whose_request_died_can_be_used_again(app, acme, alice):
    running(app, acme, "k", "other", lease=-1)
    assert alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "k"}).status_code == 201


def test_another_firms_key_is_another_key(alice, charlie):
    mine = alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "k"}).json
    theirs = charlie.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "k"}).json
    assert mine["id"] != theirs["id"]


def test_twenty_at_once_with_one_key_make_one_row(alice):
    answers = []
    gate = threading.Barrier(20)

    def send():
        gate.wait()
        answers.append(alice.api.post(CANDIDATES, json=MAYA, headers={"Idempotency-Key": "once"}))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert len(alice.api.get(CANDIDATES).json["items"]) == 1


@pytest.mark.once
def test_the_description_is_valid_and_every_error_in_it_is_a_problem(client):
    spec = client.get("/api/v1/openapi.json").json
    validate(spec)
    for response in spec["components"]["responses"].values():
        assert set(response.get("content", {})) <= {"application/problem+json"}


@pytest.mark.once
def test_the_description_groups_operations_by_what_they_are_about(client):
    spec = client.get("/api/v1/openapi.json").json
    tags = {tag["name"] for tag in spec["tags"]}
    used = {
        tag
        for path in spec["paths"].values()
        for method in ("get", "post")
        for tag in path.get(method, {}).get("tags", [])
    }
    assert tags == used
    assert {"clients", "candidates", "jobs", "notices", "talent pool"} <= tags
    assert not [tag for tag in tags if tag.endswith("api")]
    validate(spec)


def test_the_page_of_the_api_shows_this_installations_description(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "/api/v1/openapi.json" in page.text


def test_an_unexpected_fault_says_nothing_of_itself(app, alice, monkeypatch, capsys):
    def fail(*_arguments, **_options):
        raise ZeroDivisionError("maya@example.com")

    endpoint, _ = app.url_map.bind("").match(CLIENTS, method="POST")
    monkeypatch.setitem(app.view_functions, endpoint, fail)
    found = problem(alice.api.post(CLIENTS, json={"name": "Lumen"}), 500, "internal")
    assert "maya" not in json.dumps(found)
    logged = capsys.readouterr()
    assert "ZeroDivisionError" in logged.out + logged.err
    assert "maya@example.com" not in logged.out + logged.err
