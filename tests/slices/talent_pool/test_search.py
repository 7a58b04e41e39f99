import datetime as dt
import uuid

import pytest

from recruiter import clock
from recruiter.db import keyset
from recruiter.talent_pool.models import Membership

NOW = clock.now()
LONG_AGO = dt.datetime.fromtimestamp(0, dt.UTC)
TOO_LARGE = keyset.encode([10**30, 0, LONG_AGO, LONG_AGO, uuid.UUID(int=0)])


def texts(findings):
    return [finding["text"] for finding in findings]


def test_words_of_name_skill_and_place_find_a_person(pool):
    maya, _ = pool.member("Maya Ferreira", skills=["Kafka", "C++"], location="São Paulo")
    ravi, _ = pool.member("Ravi Patel", skills=["C#", ".NET"], location="Porto")
    pool.add("Maya Outsider", skills=["Kafka"], location="Porto")

    found = {
        words: pool.ids(q=words)
        for words in ("maya", "KAFKA sao", "kafka, paulo", "c++", "c#", ".net", "kaf", "por", "c", "rust")
    }

    assert found == {
        "maya": [maya],
        "KAFKA sao": [maya],
        "kafka, paulo": [maya],
        "c++": [maya],
        "c#": [ravi],
        ".net": [ravi],
        "kaf": [maya],
        "por": [ravi],
        "c": [ravi, maya],
        "rust": [],
    }


@pytest.mark.parametrize(
    "words", ['kafka" OR "a', "kafka AND (", "NEAR(", "*", "words:kafka", "' | '", ":*", "\\", "!kafka &"]
)
def test_what_is_typed_is_never_a_query_language(pool, words):
    pool.member(skills=["Rust"])

    assert pool.ids(q=words) == []


@pytest.mark.parametrize("field", ["q", "place"])
def test_control_characters_are_refused(pool, field):
    assert field in pool.person.api.get(f"/api/v1/talent-pool?{field}=%00").json["errors"]


def test_filters_narrow(pool, today):
    maya, _ = pool.member("Maya Ferreira", location="Lisbon, Portugal", language="pt")
    ravi, membership_id = pool.member("Ravi Patel", location="Porto")
    pool.last_day(membership_id, today + dt.timedelta(days=10))

    assert pool.ids(place="lisbon") == [maya]
    assert pool.ids(place="%") == []
    assert pool.ids(language="pt") == [maya]
    assert pool.ids(ends_before=(today + dt.timedelta(days=30)).isoformat()) == [ravi]
    assert pool.ids(candidate_id=maya) == [maya]


def test_the_list_is_read_page_by_page_the_newest_first(pool):
    ids = [pool.member(f"Person {number}")[0] for number in range(3)]

    first = pool.list(limit=2)
    second = pool.list(limit=2, cursor=first["next_cursor"])

    assert [item["candidate_id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


def test_without_a_job_nothing_is_said_about_requirements(pool):
    pool.member(skills=["Kafka"])

    item = pool.list()["items"][0]

    assert (item["has"], item["missing"], item["unknown"], item["met"]) == ([], [], [], 0)


def test_a_match_says_what_a_person_has_and_what_is_not_known(pool):
    job = pool.job("Kafka or similar", "Python in production", "Lisbon or remote", "Terraform")
    maya, _ = pool.member(skills=["Apache Kafka", "Python"], location="Lisbon")

    item = pool.list(job_id=str(job.id))["items"][0]

    assert item["candidate_id"] == maya
    assert (item["met"], item["must_haves"]) == (3, 4)
    assert texts(item["has"]) == ["Kafka or similar", "Python in production", "Lisbon or remote"]
    assert [(e["source"], e["words"]) for finding in item["has"] for e in finding["evidence"]] == [
        ("skill", "Apache Kafka"),
        ("skill", "Python"),
        ("place", "Lisbon"),
    ]
    assert item["missing"] == []
    assert texts(item["unknown"]) == ["Terraform"]


def test_feedback_that_was_sent_outweighs_the_profile(pool, tell):
    job = pool.job("Terraform", "Kafka", "Led on-call")
    maya, _ = pool.member(skills=["Terraform"])
    tell(maya, strength="Kafka", gap="Terraform")

    item = pool.list(job_id=str(job.id))["items"][0]

    assert texts(item["has"]) == ["Kafka"]
    assert texts(item["missing"]) == ["Terraform"]
    assert texts(item["unknown"]) == ["Led on-call"]
    seen = item["missing"][0]["evidence"][0]
    assert (seen["source"], seen["words"], seen["moment"]) == ("feedback", "Terraform", "the second call")
    assert seen["at"] is not None


def test_the_newest_feedback_decides(pool, tell, time_machine):
    job = pool.job("Kafka")
    maya, _ = pool.member()
    time_machine.move_to(NOW - dt.timedelta(days=100))
    tell(maya, strength="Teamwork", gap="Kafka")
    time_machine.move_to(NOW)
    tell(maya, strength="Kafka", gap=None)

    item = pool.list(job_id=str(job.id))["items"][0]

    assert texts(item["has"]) == ["Kafka"]


def test_every_part_of_one_way_is_needed(pool):
    job = pool.job("Python and SQL, or Scala")
    both, _ = pool.member("Both", skills=["Python", "SQL"])
    one, _ = pool.member("One", skills=["Python"])
    other, _ = pool.member("Other", skills=["Scala"])

    items = pool.list(job_id=str(job.id))["items"]

    assert {item["candidate_id"]: item["met"] for item in items} == {both: 1, other: 1, one: 0}


def test_a_gap_in_one_part_makes_the_whole_missing(pool, tell):
    job = pool.job("Python and SQL")
    maya, _ = pool.member(skills=["Python"])
    tell(maya, gap="SQL")

    item = pool.list(job_id=str(job.id))["items"][0]

    assert texts(item["missing"]) == ["Python and SQL"]


def test_a_name_is_never_used_to_match(pool):
    job = pool.job("English", "Kafka")
    pool.member("English Kafka", language="en")

    item = pool.list(job_id=str(job.id))["items"][0]

    assert (item["met"], item["has"]) == (0, [])


def test_a_requirement_that_says_nothing_is_unknown(pool):
    job = pool.job("Experience", "Kafka")
    pool.member(skills=["Kafka", "Experience"])

    item = pool.list(job_id=str(job.id))["items"][0]

    assert texts(item["unknown"]) == ["Experience"]


def test_a_job_without_requirements_lists_everybody(pool):
    job = pool.job()
    maya, _ = pool.member()

    assert pool.ids(job_id=str(job.id)) == [maya]


def test_nice_to_haves_are_shown_and_not_counted(pool):
    job = pool.job("Kafka", "Terraform")
    pool.change(type(job.requirements[1]), str(job.requirements[1].id), must_have=False)
    pool.member(skills=["Terraform"])

    item = pool.list(job_id=str(job.id))["items"][0]

    assert (item["met"], item["must_haves"]) == (0, 1)
    assert texts(item["has"]) == ["Terraform"]


def test_many_must_haves_are_counted_one_by_one(pool):
    names = [f"Skill{number}" for number in range(20)]
    job = pool.job(*names)
    pool.member("All", skills=names)
    pool.member("Half", skills=names[::2])

    assert [item["met"] for item in pool.list(job_id=str(job.id))["items"]] == [20, 10]


def test_the_order_is_must_haves_then_stage_then_freshness_then_the_longest_since_contact(pool):
    job = pool.job("Kafka", "Python")
    people = {
        name: pool.member(name, skills=skills)[0]
        for name, skills in (
            ("nothing", []),
            ("spoken to", ["Kafka"]),
            ("never", ["Kafka"]),
            ("fresh", ["Kafka"]),
            ("finalist", ["Kafka"]),
            ("both", ["Kafka", "Python"]),
        )
    }
    other = str(pool.job().id)
    for name, stage, days in (
        ("finalist", "final", 400),
        ("fresh", "screening", 10),
        ("never", "screening", 50),
        ("spoken to", "screening", 50),
    ):
        pool.applied(people[name], other, stage, NOW - dt.timedelta(days=days))
    pool.last_contact(people["spoken to"], NOW)

    order = [people[name] for name in ("both", "finalist", "fresh", "never", "spoken to", "nothing")]
    assert pool.ids(job_id=str(job.id)) == order

    walked, cursor = [], ""
    while cursor is not None:
        page = pool.list(job_id=str(job.id), limit=1, **({"cursor": cursor} if cursor else {}))
        walked += [item["candidate_id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert walked == order


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "e30", TOO_LARGE])
def test_a_cursor_of_another_list_is_refused(pool, cursor):
    job = pool.job("Kafka")

    response = pool.person.api.get(f"/api/v1/talent-pool?job_id={job.id}&cursor={cursor}")

    assert (response.status_code, list(response.json["errors"])) == (422, ["cursor"])


def test_who_left_or_belongs_to_another_firm_is_not_matched(pool, charlie):
    job = pool.job("Kafka")
    _, membership_id = pool.member(skills=["Kafka"])
    pool.change(Membership, membership_id, left_at=NOW, left_how="test")

    assert pool.ids(job_id=str(job.id)) == []
    assert charlie.api.get(f"/api/v1/talent-pool?job_id={job.id}").status_code == 404
    assert pool.person.api.get(f"/api/v1/talent-pool?job_id={uuid.uuid4()}").status_code == 404
