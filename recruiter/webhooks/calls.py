"""Tells events to endpoints: claim in one transaction, call in none, settle in another."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.db.session import transaction
from recruiter.errors import NotFound
from recruiter.webhooks import alarms, connection, queries, schedule, signing
from recruiter.webhooks.connection import Result
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookTry

# A worker that dies gives its calls back after this; a call that uses up its time, name and all, ends before it.
LEASE = dt.timedelta(seconds=120)
AT_ONCE = 2  # calls under way at one endpoint, in all processes
GONE = 410


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls may be claimed, and how many of these at endpoints that fail or are ``slow``.

    Such an endpoint gets one call at once, every other one two.
    """

    calls: int
    doubtful_calls: int
    slow: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """One delivery, ready to be made without the database; ``attempt`` is the fence of its settling."""

    firm_id: uuid.UUID
    delivery_id: uuid.UUID
    attempt: int
    endpoint_id: uuid.UUID
    is_doubtful: bool
    url: str
    body: str
    headers: dict[str, str] = field(compare=False)


def claim(firm_id: uuid.UUID, room: Room) -> list[Call]:
    """Take due calls of a firm for two minutes, endpoint after endpoint, the one called longest ago first.

    Whoever is killed meanwhile loses none of them: they are due again when the lease ends.
    """
    now = clock.now()
    calls: list[Call] = []
    doubtful = 0
    with transaction(firm_id) as session:
        endpoints = queries.callable_now(session, firm_id, now)
        busy = queries.under_way(session, firm_id, now)
        for endpoint in endpoints:
            is_doubtful = endpoint.failing_since is not None or endpoint.id in room.slow
            most = min(room.calls - len(calls), min(1, room.doubtful_calls - doubtful) if is_doubtful else AT_ONCE)
            deliveries = _take(session, endpoint, most - busy.get(endpoint.id, 0), now)
            doubtful += len(deliveries) if is_doubtful else 0
            calls += _prepare(session, endpoint, deliveries, now, is_doubtful=is_doubtful)
    return calls


def make(call: Call) -> Result:
    """Make the call, with no transaction open, and return how it ended."""
    return connection.post(call.url, call.body, call.headers)


def settle(call: Call, result: Result) -> None:
    """Write down how a call ended: delivered, due again later, or dead; and what that says of its endpoint.

    A call that was taken over by another worker meanwhile, or whose endpoint was removed, changes nothing.
    """
    with transaction(call.firm_id) as session:
        try:
            endpoint = queries.get_for_update(session, call.firm_id, call.endpoint_id)
        except NotFound:
            return
        delivery = queries.find_claimed(session, call.firm_id, call.delivery_id, call.attempt)
        if delivery is None:
            return
        _note(session, delivery, result)
        if result.is_delivered:
            delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, clock.now()
            endpoint.failing_since = endpoint.last_failed_at = endpoint.quiet_until = None
        else:
            _put_off(delivery, endpoint, result)
            _judge(session, endpoint, result)


def _take(session: Session, endpoint: WebhookEndpoint, most: int, now: dt.datetime) -> Sequence[WebhookDelivery]:
    if most <= 0:
        return []
    deliveries = queries.due(session, endpoint.firm_id, endpoint.id, now, most)
    for delivery in deliveries:
        delivery.leased_until = delivery.due_at = now + LEASE
        delivery.attempts += 1
    endpoint.called_at = now
    return deliveries


def _prepare(
    session: Session,
    endpoint: WebhookEndpoint,
    deliveries: Sequence[WebhookDelivery],
    now: dt.datetime,
    *,
    is_doubtful: bool,
) -> list[Call]:
    events = queries.events(session, endpoint.firm_id, [delivery.event_id for delivery in deliveries])
    secrets = _secrets(endpoint, now)
    calls = []
    for delivery in deliveries:
        event = events[delivery.event_id]
        body = _body(event)
        headers = signing.headers(secrets, event.id, now, body)
        what = (endpoint.firm_id, delivery.id, delivery.attempts, endpoint.id)
        calls.append(Call(*what, is_doubtful=is_doubtful, url=endpoint.url, body=body, headers=headers))
    return calls


def _body(event: WebhookEvent) -> str:
    payload = {"type": event.type, "timestamp": event.occurred_at.isoformat(), "data": event.data}
    return json.dumps(payload, separators=(",", ":"))


def _secrets(endpoint: WebhookEndpoint, now: dt.datetime) -> list[str]:
    """Return the secret to sign with, and after it the one before while that still counts."""
    versions = [endpoint.secret_version]
    if endpoint.previous_secret_until is not None and now < endpoint.previous_secret_until:
        versions.append(endpoint.secret_version - 1)
    return [signing.secret(endpoint.id, version) for version in versions]


def _note(session: Session, delivery: WebhookDelivery, result: Result) -> None:
    delivery.leased_until = None
    delivery.last_status, delivery.last_error = result.status, result.error
    session.add(
        WebhookTry(
            firm_id=delivery.firm_id,
            delivery_id=delivery.id,
            number=delivery.attempts,
            status=result.status,
            error=result.error,
            milliseconds=round(result.seconds * 1000),
        )
    )


def _put_off(delivery: WebhookDelivery, endpoint: WebhookEndpoint, result: Result) -> None:
    now, wait = clock.now(), schedule.wait(delivery.step)
    quiet = schedule.quiet(result.retry_after, now)
    if quiet:
        endpoint.quiet_until = now + quiet
    if wait is None or result.status == GONE:
        delivery.state = DeliveryState.DEAD
        return
    delivery.step += 1
    delivery.due_at = now + max(wait * config.current().schedule_scale, quiet)


def _judge(session: Session, endpoint: WebhookEndpoint, result: Result) -> None:
    """Switch off what is gone or has failed for days, and tell the firm's admins."""
    now = clock.now()
    endpoint.failing_since = schedule.failing_since(endpoint.failing_since, endpoint.last_failed_at, now)
    endpoint.last_failed_at = now
    if not endpoint.is_enabled:
        return
    if result.status == GONE:
        alarms.switch_off(session, endpoint, "the receiver said it is gone")
    elif now - endpoint.failing_since >= schedule.FAILS_FOR:
        alarms.switch_off(session, endpoint, "no success for five days")
