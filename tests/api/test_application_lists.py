"""Lists of applications: filters, order and cursors."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.applications.models import Decision, Stage
from tests import build


@pytest.fixture
def people(app, acme, bob):
    """Maya is late, Ana is not selected and was told, Ravi was hired, Ola has an offer and no promise."""
    with app.app_context():
        job = build.job(acme)
        other = build.job(acme, "Payroll Manager")
        past = clock.now().date() - dt.timedelta(days=9)
        rows = {
            "Maya": {"job": job, "promised_on": past, "owner_id": bob.member.id, "external_id": "app-1"},
            "Ana": {"job": job, "promised_on": past, "told_at": clock.now(), **decided(Decision.NOT_SELECTED)},
            "Ravi": {"job": other, "promised_on": past, **decided(Decision.HIRED)},
            "Ola": {"job": other, "promised_on": None, "stage": Stage.OFFER},
        }
        for name, values in rows.items():
            build.application(acme, build.candidate(acme, name), values.pop("job"), **values)
    return {"job": job, "owner": bob.member}


def decided(decision):
    return {"decision": decision, "decided_at": clock.now()}


def names(app, person, query):
    answer = person.api.get(f"/api/v1/applications?{query}")
    assert answer.status_code == 200, answer.json
    ids = [row["candidate_id"] for row in answer.json["items"]]
    return [person.api.get(f"/api/v1/candidates/{candidate}").json["name"] for candidate in ids]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ola", "Ravi", "Ana", "Maya"]),
        ("overdue=true", ["Maya"]),
        ("waiting=true", ["Ola", "Maya"]),
        ("open=true", ["Ola", "Maya"]),
        ("open=false", ["Ravi", "Ana"]),
        ("decision=hired", ["Ravi"]),
        ("stage=offer", ["Ola"]),
        ("external_id=app-1", ["Maya"]),
        ("updated_since=2120-01-01T00:00:00Z", []),
    ],
)
def test_applications_are_filtered(app, alice, people, query, found):
    assert names(app, alice, query) == found


def test_applications_are_filtered_by_job_owner_and_candidate(app, alice, people):
    assert names(app, alice, f"job_id={people['job'].id}") == ["Ana", "Maya"]
    assert names(app, alice, f"owner_id={people['owner'].id}") == ["Maya"]
    first = alice.api.get("/api/v1/applications?overdue=true").json["items"][0]
    assert names(app, alice, f"candidate_id={first['candidate_id']}") == ["Maya"]


def test_applications_are_found_by_words_of_the_person(app, alice, acme):
    made = alice.api.post("/api/v1/candidates", json={"name": "Inês Ruas", "email": "i@example.com"}).json
    with app.app_context():
        job = build.job(acme)
    alice.api.post(
        "/api/v1/applications", json={"candidate_id": made["id"], "job_id": str(job.id), "stage": "screening"}
    )

    assert names(app, alice, "q=ines") == ["Inês Ruas"]
    assert names(app, alice, "q=ana") == []


def test_the_list_goes_on_where_it_stopped(alice, people):
    first = alice.api.get("/api/v1/applications?limit=3").json
    second = alice.api.get(f"/api/v1/applications?limit=3&cursor={first['next_cursor']}").json

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (3, 1, None)
