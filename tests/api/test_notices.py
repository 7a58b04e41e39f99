"""Lists and single notices in the API: filters, cursors, ETags, and what another firm sees."""

import pytest

from tests.maya import case

NOTICES = "/api/v1/notices"


@pytest.fixture
def three(app, acme, alice):
    """Three people's notices, the first for the first."""
    cases = [case(app, acme, seeded=number > 0) for number in range(3)]
    return [(each, alice.api.post(NOTICES, json=each.body(hold_minutes=10)).json) for each in cases]


def ids(person, **query):
    answer = person.api.get(NOTICES, query_string=query)
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json["items"]]


def test_notices_are_listed_newest_first_in_pages(alice, three):
    first = alice.api.get(NOTICES, query_string={"limit": 2}).json
    second = alice.api.get(NOTICES, query_string={"limit": 2, "cursor": first["next_cursor"]}).json

    listed = [item["id"] for item in first["items"] + second["items"]]
    assert listed == [notice["id"] for _, notice in reversed(three)]
    assert second["next_cursor"] is None


def test_filters_narrow_the_list(alice, three):
    found, notice = three[1]
    alice.api.post(f"{NOTICES}/{notice['id']}/withdraw")

    assert ids(alice, application_id=str(found.application.id)) == [notice["id"]]
    assert ids(alice, candidate_id=str(found.candidate.id)) == [notice["id"]]
    assert ids(alice, state="withdrawn") == [notice["id"]]
    assert len(ids(alice, state="held")) == 2
    assert ids(alice, state="leaving") == []
    assert ids(alice, kind="update") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [({"state": "lost"}, "state"), ({"kind": "x"}, "kind"), ({"limit": 0}, "limit"), ({"cursor": "?"}, "cursor")],
)
def test_a_wrong_filter_is_named(alice, query, field):
    answer = alice.api.get(NOTICES, query_string=query)

    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {field}


def test_another_firm_sees_none_of_them(charlie, three):
    assert ids(charlie) == []
    assert charlie.api.get(f"{NOTICES}/{three[0][1]['id']}").status_code == 404


def test_a_notice_that_did_not_change_is_not_sent_again(alice, three):
    address = f"{NOTICES}/{three[0][1]['id']}"
    etag = alice.api.get(address).headers["ETag"]

    assert alice.api.get(address, headers={"If-None-Match": etag}).status_code == 304
    alice.api.post(f"{address}/withdraw")
    assert alice.api.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_reading_needs_a_key(client, three):
    assert client.get(NOTICES).status_code == 401
