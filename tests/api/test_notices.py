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


def previewed(person, body, **changes):
    bound = {name: value for name, value in body.items() if name not in {"hold_minutes", "timing"}}
    return person.api.post(f"{NOTICES}/preview", json=bound | changes).json


def test_a_preview_is_signed_by_whoever_is_named_and_its_token_stands_for_them(app, acme, alice, bob):
    body = case(app, acme).body()
    by_bob = previewed(alice, body, sender=bob.member.email)
    usual = previewed(alice, body)

    stale = alice.api.post(NOTICES, json=body | {"preview_token": by_bob["preview_token"]})
    named = {"sender": alice.member.email, "preview_token": usual["preview_token"]}
    queued = alice.api.post(NOTICES, json=body | named)

    assert bob.member.name in by_bob["text"]
    assert (stale.status_code, stale.json["code"]) == (409, "preview_stale")
    assert alice.member.name in stale.json["preview"]["text"]
    assert (queued.status_code, queued.json["sender"]) == (201, alice.member.email)


def test_what_is_null_counts_as_left_out(app, acme, alice):
    body = case(app, acme).body()
    nothing = dict.fromkeys(("template", "promised_on", "send_at", "sender", "preview_token"))

    assert alice.api.post(NOTICES, json=body | nothing).status_code == 201


def test_reading_needs_a_key(client, three):
    assert client.get(NOTICES).status_code == 401
