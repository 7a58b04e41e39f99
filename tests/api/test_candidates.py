"""Candidates through the REST API: taken in once, found again, changed under a version, listed."""

import pytest

MAYA = {"name": "Maya Ferreira", "email": "maya@example.com"}


def post(person, **body):
    return person.api.post("/api/v1/candidates", json=MAYA | body)


def test_a_person_is_taken_in_with_everything_that_is_known(alice):
    answer = post(
        alice,
        external_id="gh-1",
        emails=["Maya@Example.com", "m.ferreira@example.org"],
        time_zone="Europe/Lisbon",
        language="pt-PT",
        country="pt",
        skills=["C++", "C#", ".NET", "c++"],
        location="Lisbon",
        phone="+351 21 000 0000",
    )

    assert answer.status_code == 201, answer.json
    assert answer.json["email"] == "maya@example.com"
    assert answer.json["emails"] == ["maya@example.com", "m.ferreira@example.org"]
    assert answer.json["country"] == "PT"
    assert answer.json["skills"] == [".NET", "C#", "C++"]
    assert alice.api.get(f"/api/v1/candidates/{answer.json['id']}").json == answer.json


@pytest.mark.parametrize(
    "again",
    [
        {"external_id": "gh-1", "email": "new@example.com"},
        {"external_id": None, "email": "MAYA@example.com"},
        {"external_id": "gh-2", "email": "other@example.com", "emails": ["maya@example.com"]},
    ],
)
def test_a_known_person_is_found_again_and_what_was_empty_is_filled(alice, again):
    first = post(alice, external_id="gh-1", location="Lisbon").json

    second = post(alice, **again, name="M. Ferreira", location="Porto", country="PT", skills=["Kafka"])

    assert second.status_code == 200
    assert second.json["id"] == first["id"]
    assert second.json["name"] == "Maya Ferreira"
    assert second.json["external_id"] == "gh-1"
    assert second.json["location"] == "Lisbon"
    assert second.json["country"] == "PT"
    assert second.json["skills"] == ["Kafka"]
    assert second.json["emails"][0] == "maya@example.com"


def test_the_same_person_again_changes_nothing(alice):
    first = post(alice, external_id="gh-1").json

    assert post(alice, external_id="gh-1").json == first


def test_an_ats_id_and_an_address_of_two_people_are_refused(alice):
    maya = post(alice, external_id="gh-1").json
    ana = post(alice, name="Ana Reis", email="ana@example.com", external_id="gh-2").json

    answer = post(alice, email="ana@example.com", external_id="gh-1")

    assert answer.status_code == 409
    assert answer.json["code"] == "two_people"
    assert answer.json["candidate_ids"] == [maya["id"], ana["id"]]


def test_another_firm_has_its_own_person_of_the_same_address(alice, charlie):
    theirs = post(charlie)
    ours = post(alice)

    assert (theirs.status_code, ours.status_code) == (201, 201)
    assert alice.api.get(f"/api/v1/candidates/{theirs.json['id']}").status_code == 404
    assert [row["id"] for row in alice.api.get("/api/v1/candidates").json["items"]] == [ours.json["id"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None),
        ("name", "  "),
        ("name", "Maya\r\nBcc: all@example.com"),
        ("email", "maya"),
        ("email", "maya@example"),
        ("email", "maya@example.com\nBcc: all@example.com"),
        ("email", "a@b@example.com"),
        ("emails", ["maya"]),
        ("time_zone", "Lisbon"),
        ("language", "portuguese"),
        ("country", "XX"),
        ("country", 7),
        ("skills", "C++"),
        ("skills", [""]),
        ("surprise", "!"),
    ],
)
def test_what_cannot_be_used_is_named(alice, field, value):
    answer = post(alice, **{field: value})

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_a_change_names_the_version_it_is_based_on(alice, charlie):
    made = post(alice, emails=["old@example.com"], skills=["Kafka"]).json
    url = f"/api/v1/candidates/{made['id']}"
    version = alice.api.get(url).headers["ETag"]

    without = alice.api.patch(url, json={"location": "Porto"})
    changed = alice.api.patch(
        url, json={"location": "Porto", "email": "maya@example.net"}, headers={"If-Match": version}
    )
    stale = alice.api.patch(url, json={"location": "Faro"}, headers={"If-Match": version})

    assert without.status_code == 428
    assert charlie.api.patch(url, json={"location": "Porto"}).status_code == 404
    assert changed.status_code == 200
    assert changed.json["emails"] == ["maya@example.net", "old@example.com"]
    assert (changed.json["location"], changed.json["skills"]) == ("Porto", ["Kafka"])
    assert changed.headers["ETag"] == alice.api.get(url).headers["ETag"] != version
    assert stale.status_code == 412


def test_further_addresses_and_skills_are_replaced_by_a_change(alice):
    made = post(alice, emails=["b@example.com", "c@example.com"], skills=["Kafka", "SQL"]).json
    url = f"/api/v1/candidates/{made['id']}"
    version = alice.api.get(url).headers["ETag"]

    answer = alice.api.patch(
        url,
        json={"emails": ["c@example.com", "d@example.com"], "skills": ["SQL", "Go"], "time_zone": None},
        headers={"If-Match": version},
    )

    assert answer.json["emails"] == ["maya@example.com", "c@example.com", "d@example.com"]
    assert answer.json["skills"] == ["Go", "SQL"]


@pytest.mark.parametrize("taken", [{"email": "ana@example.com"}, {"external_id": "gh-2"}])
def test_a_change_cannot_take_what_belongs_to_another_person(alice, taken):
    post(alice, name="Ana Reis", email="ana@example.com", external_id="gh-2")
    url = f"/api/v1/candidates/{post(alice).json['id']}"

    answer = alice.api.patch(url, json=taken, headers={"If-Match": alice.api.get(url).headers["ETag"]})

    assert (answer.status_code, answer.json["code"]) == (409, "taken")


def test_the_list_goes_on_where_it_stopped(alice):
    made = [post(alice, email=f"p{number}@example.com").json["id"] for number in range(3)]

    first = alice.api.get("/api/v1/candidates?limit=2").json
    second = alice.api.get(f"/api/v1/candidates?limit=2&cursor={first['next_cursor']}").json

    assert [row["id"] for row in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ferreira", ["Maya Ferreira"]),
        ("q=maya+lis", ["Maya Ferreira"]),
        ("q=MAYA@example.com", ["Maya Ferreira"]),
        ("q=lodz", ["Łukasz Żak"]),
        ("q=zak", ["Łukasz Żak"]),
        ("q=C%2B%2B", ["Maya Ferreira"]),
        ("q=c%23", ["Łukasz Żak"]),
        ("q=.net", ["Łukasz Żak"]),
        ("q=.net+lukasz", ["Łukasz Żak"]),
        ("q=net", []),
        ("q=%22)%3B--+OR+*", []),
        ("q=NEAR(maya", []),
        ("q=%3F%21", []),
        ("email=maya%40EXAMPLE.com", ["Maya Ferreira"]),
        ("external_id=gh-1", ["Maya Ferreira"]),
        ("skill=c%2B%2B", ["Maya Ferreira"]),
        ("skill=C", []),
        ("country=PL", ["Łukasz Żak"]),
        ("updated_since=2020-01-01T00:00:00Z", ["Łukasz Żak", "Maya Ferreira"]),
        ("updated_since=2120-01-01T00:00:00%2B01:00", []),
    ],
)
def test_people_are_found_by_words_skills_and_ids(alice, query, found):
    post(alice, external_id="gh-1", skills=["C++", "Kafka Streams"], location="Lisbon", country="PT")
    post(alice, name="Łukasz Żak", email="zak@example.com", skills=["C#", ".NET"], location="Łódź", country="PL")

    answer = alice.api.get(f"/api/v1/candidates?{query}")

    assert [row["name"] for row in answer.json["items"]] == found


def test_words_follow_a_change(alice):
    url = f"/api/v1/candidates/{post(alice, location='Lisbon').json['id']}"

    alice.api.patch(url, json={"location": "Porto"}, headers={"If-Match": alice.api.get(url).headers["ETag"]})

    assert len(alice.api.get("/api/v1/candidates?q=porto").json["items"]) == 1
    assert alice.api.get("/api/v1/candidates?q=lisbon").json["items"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "cursor=abc", "country=XX", "updated_since=yesterday", "q=%00"]
)
def test_a_list_refuses_what_it_does_not_know(alice, query):
    assert alice.api.get(f"/api/v1/candidates?{query}").status_code == 422


def test_the_same_key_answers_with_the_same_person(alice):
    headers = {"Idempotency-Key": "one"}
    first = alice.api.post("/api/v1/candidates", json=MAYA, headers=headers)
    again = alice.api.post("/api/v1/candidates", json=MAYA, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
