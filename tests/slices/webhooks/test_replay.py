"""Telling again: one delivery, a range of time, a test; and the secret that signs it."""

import datetime as dt

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from recruiter import clock
from recruiter.webhooks import deliveries
from tests.slices.webhooks.conftest import add, log_of, shown

EVER = {"since": "2020-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}


@pytest.fixture
def switch(api):
    def switch(endpoint, *, on):
        address = f"/api/v1/webhooks/{endpoint['id']}"
        tag = api.get(address).headers["ETag"]
        assert api.patch(address, json={"enabled": on}, headers={"If-Match": tag}).status_code == 200

    return switch


@pytest.fixture
def replay(api, deliver_all):
    """Replay a range; return the ids of the events that the receiver was told."""

    def replay(endpoint, receiver, **body):
        answer = api.post(f"/api/v1/webhooks/{endpoint['id']}/replay", json=EVER | body)
        assert answer.status_code == 202, answer.json
        receiver.calls.clear()
        deliver_all()
        return [headers["webhook-id"] for headers, _ in receiver.calls]

    return replay


def test_a_replay_tells_what_was_never_taken_also_of_the_time_it_was_off(
    api, receiver, happen, tell, later, replay, switch
):
    endpoint = add(api, receiver)
    taken, _ = tell()
    receiver.statuses = [500]
    waiting, _ = tell()
    switch(endpoint, on=False)
    missed = happen()
    switch(endpoint, on=True)

    assert set(replay(endpoint, receiver)) == {str(waiting.id), str(missed.id)}
    assert replay(endpoint, receiver) == []
    assert set(replay(endpoint, receiver, everything=True)) == {str(taken.id), str(waiting.id), str(missed.id)}
    assert {entry["state"] for entry in log_of(api, endpoint)} == {"delivered"}


def test_a_replay_keeps_to_its_range_and_to_what_the_endpoint_asks_for(api, receiver, tell, replay, time_machine):
    deaf, endpoint = add(api, receiver, ["talent_pool.left"]), add(api, receiver)
    tell()
    between = clock.now() + dt.timedelta(hours=1)
    time_machine.move_to(clock.now() + dt.timedelta(hours=2), tick=False)
    second, _ = tell()

    later_ones = replay(endpoint, receiver, everything=True, since=between.isoformat())
    assert later_ones == [str(second.id)]
    assert replay(deaf, receiver, everything=True) == []
    earlier = replay(endpoint, receiver, everything=True, until=between.isoformat())
    assert len(earlier) == 1
    assert earlier != later_ones


def test_a_given_up_delivery_begins_its_schedule_anew(api, receiver, tell, later, replay):
    endpoint = add(api, receiver)
    receiver.statuses = [410]
    tell()
    address = f"/api/v1/webhooks/{endpoint['id']}"
    tag = api.get(address).headers["ETag"]
    api.patch(address, json={"enabled": True}, headers={"If-Match": tag})
    assert log_of(api, endpoint, state="dead")

    receiver.statuses = [500]
    replay(endpoint, receiver)
    assert later(seconds=6) == 1
    [entry] = log_of(api, endpoint)
    assert (entry["state"], entry["attempts"]) == ("delivered", 3)


def test_a_replay_ends_the_quiet_that_the_receiver_asked_for(api, receiver, tell, replay):
    endpoint = add(api, receiver)
    receiver.statuses, receiver.headers = [503], {"Retry-After": "3600"}
    tell()

    assert len(replay(endpoint, receiver)) == 1
    assert shown(api, endpoint)["quiet_until"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "until"),
        ({"since": "2026-01-02T00:00:00Z"}, "until"),
        ({"since": "2026-01-02T00:00:00", "until": "2026-01-03T00:00:00Z"}, "since"),
    ],
)
def test_a_range_that_is_none_is_refused(api, receiver, body, field):
    endpoint = add(api, receiver)
    answer = api.post(f"/api/v1/webhooks/{endpoint['id']}/replay", json=body)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_more_than_can_be_sent_again_at_once_is_refused(api, receiver, tell, monkeypatch):
    endpoint = add(api, receiver)
    tell()
    tell()
    monkeypatch.setattr(deliveries, "MOST_REPLAYED", 1)

    answer = api.post(f"/api/v1/webhooks/{endpoint['id']}/replay", json=EVER | {"everything": True})
    assert "shorter" in answer.json["errors"]["until"][0]


def test_what_is_switched_off_is_told_nothing_by_hand_either(api, receiver, tell, switch):
    endpoint = add(api, receiver)
    tell()
    [entry] = log_of(api, endpoint)
    switch(endpoint, on=False)

    for path, body in [("ping", None), ("replay", EVER), (f"deliveries/{entry['id']}/repeat", None)]:
        answer = api.post(f"/api/v1/webhooks/{endpoint['id']}/{path}", json=body)
        assert (answer.status_code, answer.json["code"]) == (409, "switched_off")


def test_what_is_on_its_way_is_not_sent_a_second_time(api, receiver, hands, happen, app):
    endpoint = add(api, receiver)
    happen()
    receiver.gate.clear()
    with app.app_context():
        hands.reach_out()
    receiver.wait_for(1)
    [entry] = log_of(api, endpoint)

    assert api.post(f"/api/v1/webhooks/{endpoint['id']}/deliveries/{entry['id']}/repeat").status_code == 202
    with app.app_context():
        assert hands.reach_out() == 0
    receiver.gate.set()
    hands.finish()
    assert log_of(api, endpoint)[0]["state"] == "delivered"
    assert len(receiver.calls) == 1


def test_a_test_event_reaches_an_endpoint_whatever_it_asked_for(api, receiver, deliver_all):
    endpoint = add(api, receiver, ["talent_pool.left"])
    answer = api.post(f"/api/v1/webhooks/{endpoint['id']}/ping")
    assert (answer.status_code, answer.json["type"], answer.json["tries"]) == (202, "ping", [])
    deliver_all()

    [(headers, body)] = receiver.calls
    told = Webhook(endpoint["secret"]).verify(body, headers)
    assert (told["type"], told["data"]["id"], told["data"]["kind"]) == ("ping", endpoint["id"], "test")
    [one] = api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries/{answer.json['id']}").json["tries"]
    assert (one["number"], one["status"]) == (1, 204)


def test_the_log_is_filtered(api, receiver, tell, later):
    endpoint = add(api, receiver)
    api.post(f"/api/v1/webhooks/{endpoint['id']}/ping")
    receiver.statuses = [204, 500]
    happened, _ = tell()

    assert len(log_of(api, endpoint)) == 2
    assert [entry["type"] for entry in log_of(api, endpoint, type="ping")] == ["ping"]
    assert len(log_of(api, endpoint, state="pending")) == 1
    assert log_of(api, endpoint, state="dead") == []
    assert log_of(api, endpoint, until="2020-01-01T00:00:00Z") == []
    assert log_of(api, endpoint, since="2199-01-01T00:00:00Z") == []
    assert log_of(api, endpoint, type="notice.sent", since="2020-01-01T00:00:00Z")[0]["event_id"] == str(happened.id)
    wrong = api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries", query_string={"state": "lost"})
    assert wrong.status_code == 422


def rotate(api, endpoint, **body):
    answer = api.post(f"/api/v1/webhooks/{endpoint['id']}/rotate", json=body)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_both_secrets_sign_until_the_overlap_ends(api, receiver, tell, later):
    endpoint = add(api, receiver)
    new = rotate(api, endpoint)
    assert new["secret"] != endpoint["secret"]
    tell()
    headers, body = receiver.calls[-1]
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (endpoint["secret"], new["secret"]):
        Webhook(secret).verify(body, headers)

    later(hours=25)
    tell()
    headers, body = receiver.calls[-1]
    Webhook(new["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint["secret"]).verify(body, headers)


def test_a_secret_that_leaked_ends_at_once(api, receiver, tell):
    endpoint = add(api, receiver)
    new = rotate(api, endpoint, overlap_hours=0)
    tell()

    headers, body = receiver.calls[-1]
    Webhook(new["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint["secret"]).verify(body, headers)
    assert api.post(f"/api/v1/webhooks/{endpoint['id']}/rotate", json={"overlap_hours": 200}).status_code == 422
