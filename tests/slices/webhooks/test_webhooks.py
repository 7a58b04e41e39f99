import json
import uuid

import pytest
from standardwebhooks import Webhook

from recruiter import clock
from recruiter.audit.service import SYSTEM
from recruiter.db.base import new_id
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import transaction
from recruiter.errors import Stale
from recruiter.webhooks import calls, schedule, service
from recruiter.webhooks.calls import Room
from recruiter.webhooks.connection import Result
from recruiter.webhooks.service import ChangeEndpoint, Event, EventType
from tests.receiver import Receiver
from tests.slices.webhooks.conftest import add, log_of

ROOM = Room(calls=4, doubtful_calls=4)


def test_an_event_reaches_the_endpoint_and_its_signature_verifies(api, receiver, tell):
    endpoint = add(api, receiver)
    event, _ = tell()

    [(headers, body)] = receiver.calls
    told = Webhook(endpoint["secret"]).verify(body, headers)
    assert told["type"] == "notice.sent"
    assert told["data"]["id"] == event.data["id"]
    assert told["data"]["state"] == "sent"
    assert told["data"]["external_ids"] == {"candidate": "ats-7"}
    assert headers["webhook-id"] == str(event.id)
    assert log_of(api, endpoint)[0]["state"] == "delivered"


def test_an_endpoint_hears_only_what_it_asked_for(api, receiver, tell):
    add(api, receiver, ["talent_pool.left"])
    tell()
    assert receiver.calls == []


def test_of_several_events_each_endpoint_hears_its_own(app, firm, api, receiver, deliver_all):
    add(api, receiver, ["notice.failed"])
    kinds = (EventType.NOTICE_SENT, EventType.NOTICE_FAILED)
    events = [Event(type=kind, subject_id=new_id(), candidate_id=new_id(), state="over") for kind in kinds]
    with app.app_context(), transaction(firm.id) as session:
        service.emit_all(session, firm.id, events)

    assert deliver_all() == 1
    assert [json.loads(body)["type"] for _, body in receiver.calls] == ["notice.failed"]


def test_a_failed_call_comes_again_with_the_same_id(api, receiver, tell, later):
    endpoint = add(api, receiver)
    receiver.statuses, receiver.headers = [500, 302], {"Location": receiver.url}
    tell()
    assert log_of(api, endpoint)[0]["last_status"] == 500

    assert later(seconds=3) == 0
    later(seconds=4)  # a redirect is not followed, and is no success
    later(minutes=6)

    ids = {headers["webhook-id"] for headers, _ in receiver.calls}
    assert len(receiver.calls) == 3
    assert len(ids) == 1
    [entry] = log_of(api, endpoint)
    assert (entry["state"], entry["attempts"]) == ("delivered", 3)


def test_a_receiver_that_is_gone_is_not_called_again(api, receiver, tell):
    endpoint = add(api, receiver)
    receiver.statuses = [410]
    tell()
    tell()

    assert len(receiver.calls) == 1
    shown = api.get(f"/api/v1/webhooks/{endpoint['id']}").json
    assert shown["disabled_reason"] == "the receiver said it is gone"


def test_after_the_last_try_a_delivery_is_given_up(api, tell, later):
    with Receiver() as receiver:
        endpoint = add(api, receiver)
    tell()
    for wait in schedule.LADDER:
        later(seconds=1.11 * wait.total_seconds())

    [entry] = log_of(api, endpoint)
    assert (entry["state"], entry["attempts"], entry["last_error"]) == ("dead", 10, "No connection could be made.")
    assert later(hours=27) == 0


def test_switched_off_and_on_again(app, api, receiver, happen, later):
    endpoint = add(api, receiver)
    happen()
    address = f"/api/v1/webhooks/{endpoint['id']}"

    tag = api.get(address).headers["ETag"]
    assert api.patch(address, json={"enabled": False}, headers={"If-Match": tag}).status_code == 200
    assert later(seconds=1) == 0
    with app.app_context():
        assert firms_with(Due.WEBHOOKS, clock.now()) == []  # what cannot leave keeps nobody busy
    tag = api.get(address).headers["ETag"]
    changed = api.patch(address, json={"enabled": True, "events": ["notice.sent"]}, headers={"If-Match": tag})
    assert changed.json["disabled_at"] is None
    assert later(seconds=1) == 1
    assert api.patch(address, json={"enabled": False}, headers={"If-Match": tag}).status_code == 412


def test_a_change_that_somebody_else_overtook_is_refused(app, firm, api, receiver):
    endpoint_id = uuid.UUID(add(api, receiver)["id"])
    with app.app_context():
        seen = service.get(firm.id, endpoint_id).updated_at
        off = ChangeEndpoint(firm_id=firm.id, actor=SYSTEM, endpoint_id=endpoint_id, seen=seen, enabled=False)
        service.change(off)
        with pytest.raises(Stale):
            service.change(off)


def test_moved_to_another_address(api, receiver, tell):
    endpoint = add(api, receiver)
    address = f"/api/v1/webhooks/{endpoint['id']}"
    tag = api.get(address).headers["ETag"]
    receiver.path = "/moved"
    moved = api.patch(address, json={"url": receiver.url}, headers={"If-Match": tag}).json
    assert moved["url"].endswith("/moved")
    assert moved["disabled_at"] is None


def test_a_call_cut_short_by_a_kill_is_made_again(app, firm, api, receiver, happen, later):
    endpoint = add(api, receiver)
    happen()
    with app.app_context():
        [killed] = calls.claim(firm.id, ROOM)  # claimed, then killed

    assert later(seconds=60) == 0
    assert later(seconds=61) == 1
    assert len(receiver.calls) == 1
    with app.app_context():
        calls.settle(killed, Result(500, None))  # it was only slow: what it says now is of no use
    [entry] = log_of(api, endpoint)
    assert (entry["state"], entry["attempts"], entry["last_status"]) == ("delivered", 2, 204)


def test_a_removed_endpoint_takes_its_deliveries_along(app, firm, api, receiver, happen):
    endpoint = add(api, receiver)
    happen()
    with app.app_context():
        [call] = calls.claim(firm.id, ROOM)
        assert api.delete(f"/api/v1/webhooks/{endpoint['id']}").status_code == 204
        calls.settle(call, Result(204, None))
    assert api.get(f"/api/v1/webhooks/{endpoint['id']}").status_code == 404


def test_one_delivery_is_repeated_by_hand(app, firm, api, receiver, tell, later):
    endpoint = add(api, receiver)
    tell()
    [entry] = log_of(api, endpoint)
    response = api.post(f"/api/v1/webhooks/{endpoint['id']}/deliveries/{entry['id']}/repeat")
    assert response.status_code == 202
    later(seconds=0)
    assert len(receiver.calls) == 2
    assert api.post(f"/api/v1/webhooks/{endpoint['id']}/deliveries/{new_id()}/repeat").status_code == 404


def test_the_list_of_endpoints(api, receiver):
    add(api, receiver)
    listed = api.get("/api/v1/webhooks").json
    assert [item["url"] for item in listed["items"]] == [receiver.url]
    assert "whsec_" not in json.dumps(listed)


def test_the_same_request_again_makes_one_endpoint_and_tells_its_secret_again(api, receiver):
    body = {"url": receiver.url, "events": ["notice.sent"]}
    first, second = (api.post("/api/v1/webhooks", json=body, headers={"Idempotency-Key": "k1"}) for _ in "ab")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert len(api.get("/api/v1/webhooks").json["items"]) == 1
