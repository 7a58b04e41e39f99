"""Clients and jobs through the REST API."""

import uuid

import pytest

DATA_ENGINEER = {
    "title": "Data Engineer",
    "client": {"name": "Lumen Grid", "disclosed": False},
    "country": "PT",
    "location": "Lisbon",
    "advertised": True,
    "external_id": "job-1",
    "requirements": [{"text": "Led an on-call rota"}, {"text": "Kafka", "must_have": False}],
}


def post(person, path="jobs", **body):
    return person.api.post(f"/api/v1/{path}", json=body)


def version(person, url):
    return {"If-Match": person.api.get(url).headers["ETag"]}


def test_a_client_is_matched_by_its_name(alice, charlie):
    first = post(alice, "clients", name="Zürich Bau")
    again = post(alice, "clients", name=" zurich  BAU ")
    theirs = post(charlie, "clients", name="Zürich Bau")

    assert (first.status_code, again.status_code, theirs.status_code) == (201, 200, 201)
    assert again.json == first.json
    assert theirs.json["id"] != first.json["id"]
    assert alice.api.get("/api/v1/clients").json["items"] == [first.json]
    assert alice.api.get("/api/v1/clients?name=ZURICH+bau").json["items"] == [first.json]
    assert alice.api.get("/api/v1/clients?name=other").json["items"] == []
    assert charlie.api.get(f"/api/v1/clients/{first.json['id']}").status_code == 404


def test_a_client_is_renamed_unless_the_name_is_taken(alice):
    post(alice, "clients", name="Alder")
    url = f"/api/v1/clients/{post(alice, 'clients', name='Lumen').json['id']}"
    before = version(alice, url)

    renamed = alice.api.patch(url, json={"name": "Lumen Grid"}, headers=before)
    stale = alice.api.patch(url, json={"name": "Other"}, headers=before)
    taken = alice.api.patch(url, json={"name": "ALDER"}, headers=version(alice, url))

    assert renamed.json["name"] == "Lumen Grid"
    assert stale.status_code == 412
    assert (taken.status_code, taken.json["code"]) == (409, "taken")


def test_a_job_is_added_with_its_client_and_needs(alice):
    answer = post(alice, **DATA_ENGINEER)

    assert answer.status_code == 201, answer.json
    assert answer.json["client"]["name"] == "Lumen Grid"
    assert answer.json["client"]["disclosed"] is False
    assert [(need["text"], need["must_have"]) for need in answer.json["requirements"]] == [
        ("Led an on-call rota", True),
        ("Kafka", False),
    ]
    assert alice.api.get(f"/api/v1/jobs/{answer.json['id']}").json == answer.json


def test_a_job_needs_only_a_title(alice):
    answer = post(alice, title="Payroll Manager")

    assert answer.status_code == 201
    assert answer.json["client"] is None
    assert answer.json["requirements"] == []


def test_a_job_of_a_known_ats_id_is_found_again(alice):
    first = post(alice, **DATA_ENGINEER)
    again = post(alice, title="Other", external_id="job-1")

    assert (again.status_code, again.json) == (200, first.json)


def test_two_jobs_of_one_client_share_it(alice):
    one = post(alice, title="One", client={"name": "Lumen Grid"}).json["client"]
    two = post(alice, title="Two", client={"name": "LUMEN grid", "disclosed": False}).json["client"]

    assert one["id"] == two["id"]
    assert (one["disclosed"], two["disclosed"]) == (True, False)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"title": ["Missing data for required field."]}),
        ({"title": "X", "client": {}}, {"client": {"name": ["Missing data for required field."]}}),
        ({"title": "X", "advertised": "perhaps"}, {"advertised": ["Not a valid boolean."]}),
        ({"title": "X", "requirements": [{}]}, {"requirements": {"0": {"text": ["Missing data for required field."]}}}),
        ({"title": "X", "requirements": [{"text": "x"}] * 31}, {"requirements": ["Longer than maximum length 30."]}),
        ({"title": "X", "surprise": 1}, {"surprise": ["Unknown field."]}),
    ],
)
def test_what_cannot_be_used_is_named(alice, body, errors):
    answer = post(alice, **body)

    assert (answer.status_code, answer.json["errors"]) == (422, errors)


def test_a_change_keeps_what_it_does_not_name(alice):
    made = post(alice, **DATA_ENGINEER).json
    url = f"/api/v1/jobs/{made['id']}"

    renamed = alice.api.patch(url, json={"title": "Senior Data Engineer"}, headers=version(alice, url))
    freed = alice.api.patch(url, json={"client": None}, headers=version(alice, url))

    assert renamed.json | {"title": "", "updated_at": ""} == made | {"title": "", "updated_at": ""}
    assert renamed.json["title"] == "Senior Data Engineer"
    assert freed.json["client"] is None


def test_needs_are_replaced_and_those_named_by_id_stay(alice):
    made = post(alice, **DATA_ENGINEER).json
    rota, kafka = made["requirements"]
    url = f"/api/v1/jobs/{made['id']}"

    wanted = [{"id": kafka["id"], "text": "Kafka", "must_have": True}, {"id": rota["id"], "text": "Led a rota"}]
    swapped = alice.api.patch(url, json={"requirements": [*wanted, {"text": "SQL"}]}, headers=version(alice, url))
    shorter = alice.api.patch(url, json={"requirements": wanted[:1]}, headers=version(alice, url))

    assert [need["id"] for need in swapped.json["requirements"][:2]] == [kafka["id"], rota["id"]]
    assert [need["text"] for need in swapped.json["requirements"]] == ["Kafka", "Led a rota", "SQL"]
    assert shorter.json["requirements"] == swapped.json["requirements"][:1]


def test_a_strange_need_or_one_named_twice_is_refused(alice):
    made = post(alice, **DATA_ENGINEER).json
    known = {"id": made["requirements"][0]["id"], "text": "Led a rota"}
    url = f"/api/v1/jobs/{made['id']}"
    needs = [known, known, {"id": str(uuid.uuid4()), "text": "x"}]

    answer = alice.api.patch(url, json={"requirements": needs}, headers=version(alice, url))

    assert answer.status_code == 422
    assert list(answer.json["errors"]["requirements"]) == ["1", "2"]
    assert alice.api.get(url).json == made


def test_an_ats_id_of_another_job_is_refused(alice):
    post(alice, **DATA_ENGINEER)
    url = f"/api/v1/jobs/{post(alice, title='Other').json['id']}"

    answer = alice.api.patch(url, json={"external_id": "job-1"}, headers=version(alice, url))

    assert (answer.status_code, answer.json["code"]) == (409, "taken")


def test_a_job_is_closed_and_opened_again(alice):
    url = f"/api/v1/jobs/{post(alice, **DATA_ENGINEER).json['id']}"

    closed = alice.api.post(f"{url}/close").json
    again = alice.api.post(f"{url}/close").json
    opened = alice.api.post(f"{url}/reopen", headers={"Idempotency-Key": "1"})

    assert closed["closed_at"] is not None
    assert again == closed
    assert (opened.status_code, opened.json["closed_at"]) == (200, None)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Payroll Manager", "Data Engineer"]),
        ("q=data", ["Data Engineer"]),
        ("q=LUMEN", ["Data Engineer"]),
        ("q=%25", []),
        ("external_id=job-1", ["Data Engineer"]),
        ("state=open", ["Data Engineer"]),
        ("state=closed", ["Payroll Manager"]),
    ],
)
def test_jobs_are_listed(alice, charlie, query, titles):
    post(alice, **DATA_ENGINEER)
    post(charlie, title="Theirs")
    alice.api.post(f"/api/v1/jobs/{post(alice, title='Payroll Manager').json['id']}/close")

    assert [row["title"] for row in alice.api.get(f"/api/v1/jobs?{query}").json["items"]] == titles


@pytest.mark.parametrize("q", ["ÉCLAIRAGISTE", "eclair", "ŁÓDŹ", "lodz"])
def test_a_job_is_found_whatever_the_case_and_the_accents(alice, q):
    post(alice, title="Éclairagiste", client={"name": "Łódź Lights"})

    assert len(alice.api.get("/api/v1/jobs", query_string={"q": q}).json["items"]) == 1


def test_jobs_of_one_client_are_listed(alice):
    made = post(alice, **DATA_ENGINEER).json
    post(alice, title="Other")

    assert alice.api.get(f"/api/v1/jobs?client_id={made['client']['id']}").json["items"] == [made]


def test_another_firms_job_is_not_there(alice, charlie):
    url = f"/api/v1/jobs/{post(alice, **DATA_ENGINEER).json['id']}"

    assert charlie.api.get(url).status_code == 404
    assert charlie.api.post(f"{url}/close").status_code == 404
    assert charlie.api.patch(url, json={}, headers={"If-Match": '"x"'}).status_code == 404
