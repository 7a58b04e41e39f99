import dataclasses
import datetime as dt
import json
import uuid

import pytest
from standardwebhooks import Webhook

from recruiter import clock, config
from recruiter.accounts import keys
from recruiter.accounts.keys import CreateKey
from recruiter.accounts.models import Scope
from recruiter.audit.service import SYSTEM
from recruiter.db.base import new_id
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import transaction
from recruiter.errors import Stale
from recruiter.webhooks import deliver, service
from recruiter.webhooks.service import ChangeEndpoint, Event, EventType
from tests import build
from tests.receiver import Receiver


@pytest.fixture
def firm(app):
    with app.app_context():
        return build.firm()


@pytest.fixture
def api(app, firm):
    """A client whose key may do everything in the firm."""
    with app.app_context():
        command = CreateKey(firm_id=firm.id, actor=SYSTEM, name="ATS", scopes=list(Scope))
        key = keys.create_key(command).secret
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def tell(app, firm):
    """Something happens, and what is due is delivered."""

    def happen(state="sent", deliver_now=True):
        with app.app_context():
            with transaction(firm.id) as session:
                event = Event(
                    type=EventType.NOTICE_SENT,
                    subject_id=new_id(),
                    candidate_id=new_id(),
                    external_ids={"candidate": "ats-7", "application": None},
                    state=state,
                )
                row = service.emit(session, firm.id, event)
            return row, deliver.deliver_due() if deliver_now else 0

    return happen


@pytest.fixture
def later(app, time_machine):
    """Move the clock on and deliver what became due."""

    def move(**delta):
        time_machine.move_to(clock.now() + dt.timedelta(**delta), tick=False)
        with app.app_context():
            return deliver.deliver_due()

    return move


def add(api, receiver, events=("notice.sent",)):
    response = api.post("/api/v1/webhooks", json={"url": receiver.url, "events": list(events)})
    assert response.status_code == 201, response.json
    return response.json


def log_of(api, endpoint):
    return api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries").json["items"]


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


def test_a_failed_call_comes_again_with_the_same_id(api, receiver, tell, later):
    endpoint = add(api, receiver)
    receiver.statuses = [500, 302]
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


def test_after_the_last_try_the_endpoint_is_switched_off(api, tell, later):
    with Receiver() as receiver:
        endpoint = add(api, receiver)
    tell()
    for _ in deliver.LADDER:
        later(hours=30)

    [entry] = log_of(api, endpoint)
    assert (entry["state"], entry["attempts"], entry["last_error"]) == ("dead", 10, "ConnectError")
    assert api.get(f"/api/v1/webhooks/{endpoint['id']}").json["disabled_reason"] == "no answer for five days"


def test_switched_off_and_on_again(app, api, receiver, tell, later):
    endpoint = add(api, receiver)
    tell(deliver_now=False)
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


def test_a_call_cut_short_by_a_kill_is_made_again(app, firm, api, receiver, tell, later):
    add(api, receiver)
    tell(deliver_now=False)
    with app.app_context():
        deliver.claim(firm.id)  # claimed, then killed

    assert later(seconds=60) == 0
    assert later(seconds=61) == 1
    assert len(receiver.calls) == 1


def test_a_removed_endpoint_takes_its_deliveries_along(app, firm, api, receiver, tell):
    endpoint = add(api, receiver)
    tell(deliver_now=False)
    with app.app_context():
        [call] = deliver.claim(firm.id)
        assert api.delete(f"/api/v1/webhooks/{endpoint['id']}").status_code == 204
        deliver.settle(firm.id, call, deliver.Result(204, None))
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
    assert "secret" not in json.dumps(listed)


def test_the_same_request_again_makes_one_endpoint_and_tells_its_secret_again(api, receiver):
    body = {"url": receiver.url, "events": ["notice.sent"]}
    first, second = (api.post("/api/v1/webhooks", json=body, headers={"Idempotency-Key": "k1"}) for _ in "ab")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert len(api.get("/api/v1/webhooks").json["items"]) == 1


@pytest.fixture
def strict():
    """The settings of an installation on the open network."""
    before = config.current()
    config.use(dataclasses.replace(before, webhook_allow_private=False))
    yield
    config.use(before)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.com/hook", "https://"),
        ("ftp://example.com", "https://"),
        ("https://", "needs a host"),
        ("https://user:pass@example.com", "no user or password"),
        ("https://[::1", "not an address"),
        ("https://example.com:0/", "needs a host"),
    ],
)
def test_addresses_that_no_webhook_may_have(strict, api, url, problem):
    response = api.post("/api/v1/webhooks", json={"url": url, "events": ["notice.sent"]})
    assert response.status_code == 422
    assert problem in response.json["errors"]["url"][0]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "[::1]", "[::ffff:10.0.0.8]"])
def test_private_addresses_are_refused_when_called(strict, api, tell, host):
    endpoint = api.post("/api/v1/webhooks", json={"url": f"https://{host}/", "events": ["notice.sent"]}).json
    tell()
    assert "private" in log_of(api, endpoint)[0]["last_error"]


def test_a_host_that_does_not_exist(strict, api, tell):
    endpoint = api.post("/api/v1/webhooks", json={"url": "https://a..b/", "events": ["notice.sent"]}).json
    tell()
    assert "could not be found" in log_of(api, endpoint)[0]["last_error"]
