"""What is deleted by itself, and what is kept because it still waits."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.db import receipts
from recruiter.db.receipts import Receipt
from recruiter.db.session import reading
from recruiter.webhooks import retention
from recruiter.webhooks.models import WebhookDelivery, WebhookEvent, WebhookTry
from tests.slices.webhooks.conftest import add


@pytest.fixture
def count(app, firm):
    """How many rows of a table the firm has."""

    def count(table):
        with app.app_context(), reading(firm.id) as session:
            return session.query(table).filter_by(firm_id=firm.id).count()

    return count


@pytest.fixture
def forget(app, time_machine):
    """Move the clock on and do one round of the work."""

    def forget(**delta):
        time_machine.move_to(clock.now() + dt.timedelta(**delta), tick=False)
        with app.app_context():
            return retention.forget()

    return forget


def test_events_go_with_their_log_after_the_days_of_the_settings(api, receiver, tell, count, forget, configured):
    configured(webhook_days=10)
    add(api, receiver)
    tell()
    assert forget(days=9) == 0
    assert count(WebhookTry) == 1

    assert forget(days=2) == 1
    assert (count(WebhookEvent), count(WebhookDelivery), count(WebhookTry)) == (0, 0, 0)
    assert forget() == 0


def test_what_nobody_listened_to_goes_too(happen, count, forget):
    happen()
    assert forget(days=31) == 1
    assert count(WebhookEvent) == 0


def test_nothing_that_still_waits_is_deleted(api, receiver, happen, tell, count, forget, deliver_all):
    endpoint = add(api, receiver)
    tell()
    kept = happen()
    address = f"/api/v1/webhooks/{endpoint['id']}"
    tag = api.get(address).headers["ETag"]
    api.patch(address, json={"enabled": False}, headers={"If-Match": tag})

    assert forget(days=400) == 1
    assert (count(WebhookEvent), count(WebhookDelivery)) == (1, 1)

    tag = api.get(address).headers["ETag"]
    api.patch(address, json={"enabled": True}, headers={"If-Match": tag})
    receiver.calls.clear()
    assert deliver_all() == 1
    assert receiver.calls[0][0]["webhook-id"] == str(kept.id)
    assert forget() == 1


def test_it_goes_in_small_batches(happen, count, forget, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        happen()

    assert [forget(days=31), forget(), forget(), forget()] == [2, 2, 1, 0]
    assert count(WebhookEvent) == 0


def test_keys_of_repeated_requests_go_after_a_week(api, receiver, count, forget):
    body = {"url": receiver.url, "events": ["notice.sent"]}
    assert api.post("/api/v1/webhooks", json=body, headers={"Idempotency-Key": "k1"}).status_code == 201
    assert forget(days=6) == 0
    assert count(Receipt) == 1

    assert forget(days=1, seconds=1) == 1
    assert count(Receipt) == 0
    assert dt.timedelta(days=7) == receipts.KEPT


def test_it_runs_by_itself(app):
    assert retention.WORK in app.extensions["recruiter.engine"].health()
