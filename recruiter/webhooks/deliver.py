"""Tells events to endpoints: claim in one transaction, call in none, settle in another."""

import datetime as dt
import json
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import transaction
from recruiter.webhooks import queries, signing, targets
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent

# Waits between tries, as the Standard Webhooks specification recommends; after the last the delivery is dead.
LADDER = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
HANDS = 4
BATCH = 2 * HANDS
# A worker that dies gives its calls back after this; two rounds of calls that use up every timeout end before it.
LEASE = dt.timedelta(seconds=120)
GONE = 410


@dataclass(frozen=True, slots=True)
class Call:
    """One delivery, ready to be made without the database."""

    delivery_id: uuid.UUID
    endpoint_id: uuid.UUID
    url: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """How a call ended: the receiver's status, or why there is none."""

    status: int | None
    error: str | None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def deliver_due() -> int:
    """Make every call that is due now, up to a batch for each firm; return how many were made."""
    made = 0
    for firm_id in firms_with(Due.WEBHOOKS, clock.now()):
        calls = claim(firm_id)
        with ThreadPoolExecutor(HANDS) as pool:
            results = list(pool.map(_call, calls))
        for call, result in zip(calls, results, strict=True):
            settle(firm_id, call, result)
        made += len(calls)
    return made


def claim(firm_id: uuid.UUID) -> list[Call]:
    """Take the firm's due calls for two minutes; whoever is killed meanwhile loses none of them."""
    now = clock.now()
    with transaction(firm_id) as session:
        deliveries = queries.due(session, firm_id, now, BATCH)
        events = queries.events(session, firm_id, [delivery.event_id for delivery in deliveries])
        for delivery in deliveries:
            delivery.due_at = now + LEASE
            delivery.attempts += 1
        return [
            _prepare(delivery, queries.get(session, firm_id, delivery.endpoint_id), events[delivery.event_id], now)
            for delivery in deliveries
        ]


def _prepare(delivery: WebhookDelivery, endpoint: WebhookEndpoint, event: WebhookEvent, now: dt.datetime) -> Call:
    payload = {"type": event.type, "timestamp": event.occurred_at.isoformat(), "data": event.data}
    body = json.dumps(payload, separators=(",", ":"))
    headers = signing.headers(signing.secret(endpoint.id, endpoint.secret_version), event.id, now, body)
    return Call(delivery.id, endpoint.id, endpoint.url, body, headers)


def _call(call: Call) -> Result:
    try:
        return Result(targets.post(call.url, call.body, call.headers).status, None)
    except targets.Refused as refusal:
        return Result(None, str(refusal))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Result(None, type(error).__name__)


def settle(firm_id: uuid.UUID, call: Call, result: Result) -> None:
    """Write down how a call ended: delivered, due again later, or dead and the endpoint switched off."""
    with transaction(firm_id) as session:
        delivery = session.scalar(
            sa.select(WebhookDelivery).where(WebhookDelivery.firm_id == firm_id, WebhookDelivery.id == call.delivery_id)
        )
        if delivery is None:
            return  # the endpoint was removed meanwhile
        delivery.last_status, delivery.last_error = result.status, result.error
        if result.is_delivered:
            delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, clock.now()
        elif result.status == GONE or delivery.attempts > len(LADDER):
            delivery.state = DeliveryState.DEAD
            _disable(session, firm_id, call.endpoint_id, result)
        else:
            delivery.due_at = clock.now() + _wait(delivery.attempts)


def _wait(attempts: int) -> dt.timedelta:
    return LADDER[attempts - 1] * random.uniform(0.9, 1.1)  # noqa: S311 - spreads retries, guards nothing


def _disable(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, result: Result) -> None:
    endpoint = queries.get(session, firm_id, endpoint_id)
    endpoint.disabled_at = clock.now()
    endpoint.disabled_reason = "the receiver said it is gone" if result.status == GONE else "no answer for five days"
