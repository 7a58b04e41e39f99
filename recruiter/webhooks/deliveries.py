"""What was told to an endpoint: the log, one delivery with its tries, telling again, and a test."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db import receipts
from recruiter.db.keyset import Page, Window
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Invalid
from recruiter.webhooks import queries
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookTry
from recruiter.webhooks.queries import Filter

PING = "ping"
MOST_REPLAYED = 10_000
BATCH = 500


class SwitchedOff(Conflict):
    """The endpoint is told nothing now."""

    code = "switched_off"

    def __init__(self) -> None:
        super().__init__("This webhook is switched off. Switch it on first.")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One delivery beside the event it carries."""

    delivery: WebhookDelivery
    event: WebhookEvent
    tries: Sequence[WebhookTry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A test of an endpoint."""

    firm_id: uuid.UUID
    actor: Actor
    endpoint_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatDelivery:
    """A delivery that another system lost."""

    firm_id: uuid.UUID
    actor: Actor
    endpoint_id: uuid.UUID
    delivery_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The events of a range of time, ``until`` not included, that an endpoint is told again.

    Unless ``everything`` is wanted, only those that it never took: given up, or never tried while it was off.
    """

    firm_id: uuid.UUID
    actor: Actor
    endpoint_id: uuid.UUID
    since: dt.datetime
    until: dt.datetime
    everything: bool = False


def log(firm_id: uuid.UUID, endpoint_id: uuid.UUID, wanted: Filter, window: Window) -> Page[LogEntry]:
    """Return what was sent to an endpoint, newest first. Raises ``NotFound``."""
    with reading(firm_id) as session:
        queries.get(session, firm_id, endpoint_id)
        rows = queries.deliveries(session, firm_id, endpoint_id, wanted, window)
        events = queries.events(session, firm_id, [row.event_id for row in rows.items])
        return Page([LogEntry(row, events[row.event_id]) for row in rows.items], rows.next_cursor)


def entry(firm_id: uuid.UUID, delivery_id: uuid.UUID, endpoint_id: uuid.UUID | None = None) -> LogEntry:
    """Return one delivery with its tries, newest first; of this endpoint when one is named. Raises ``NotFound``."""
    with reading(firm_id) as session:
        delivery = queries.get_delivery(session, firm_id, delivery_id, endpoint_id)
        [event] = queries.events(session, firm_id, [delivery.event_id]).values()
        return LogEntry(delivery, event, queries.tries(session, firm_id, delivery.id))


def ping(command: Ping) -> WebhookDelivery:
    """Tell an endpoint a test event, now, whatever it asked for. Raises ``NotFound`` and ``SwitchedOff``."""
    firm_id, now = command.firm_id, clock.now()
    with transaction(firm_id) as session:
        endpoint = _begin_anew(session, firm_id, command.endpoint_id)
        event = WebhookEvent(firm_id=firm_id, type=PING, occurred_at=now, data=_test_data(endpoint))
        session.add(event)
        session.flush()
        delivery = WebhookDelivery(firm_id=firm_id, endpoint_id=endpoint.id, event_id=event.id, due_at=now)
        session.add(delivery)
        session.flush()
        audit.record(session, firm_id, command.actor, Change(action="webhook.tested", subject_id=endpoint.id))
        receipts.finish(session, firm_id, delivery.id, status=202)
    return delivery


def repeat(command: RepeatDelivery) -> None:
    """Send one delivery of this endpoint once more, now, under the same event id.

    Raises ``NotFound`` and ``SwitchedOff``. One that is on its way at this moment stays as it is.
    """
    firm_id, delivery_id = command.firm_id, command.delivery_id
    with transaction(firm_id) as session:
        queries.get_delivery(session, firm_id, delivery_id, command.endpoint_id)
        _begin_anew(session, firm_id, command.endpoint_id)
        _send_again(session, firm_id, WebhookDelivery.id == delivery_id)
        receipts.finish(session, firm_id, delivery_id, status=202)
        audit.record(session, firm_id, command.actor, Change(action="webhook.repeated", subject_id=delivery_id))


def replay(command: Replay) -> int:
    """Send the events of a range of time once more, oldest first, each under its own id; return how many.

    Raises ``NotFound``, ``SwitchedOff``, and ``Invalid`` for a range that is empty or holds more than can be sent
    again at once.
    """
    firm_id, endpoint_id = command.firm_id, command.endpoint_id
    with transaction(firm_id) as session:
        endpoint = _begin_anew(session, firm_id, endpoint_id)
        ids = _wanted(session, endpoint, command)
        for start in range(0, len(ids), BATCH):
            _tell_again(session, firm_id, endpoint_id, ids[start : start + BATCH])
        change = Change(action="webhook.replayed", subject_id=endpoint_id, details={"deliveries": len(ids)})
        audit.record(session, firm_id, command.actor, change)
        receipts.finish(session, firm_id, endpoint_id, status=202)
    return len(ids)


def _test_data(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": str(endpoint.id),
        "candidate_id": None,
        "application_id": None,
        "external_ids": {},
        "kind": "test",
    }


def _begin_anew(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Return the endpoint, locked, and no longer left alone: a person asks. Raises ``SwitchedOff``."""
    endpoint = queries.get_for_update(session, firm_id, endpoint_id)
    if not endpoint.is_enabled:
        raise SwitchedOff
    endpoint.quiet_until = None
    return endpoint


def _wanted(session: Session, endpoint: WebhookEndpoint, command: Replay) -> Sequence[uuid.UUID]:
    if command.until <= command.since:
        raise Invalid({"until": ["The end has to be after the beginning."]})
    query = queries.in_range(endpoint, Filter(since=command.since, until=command.until), taken=command.everything)
    ids = session.scalars(query.limit(MOST_REPLAYED + 1)).all()
    if len(ids) > MOST_REPLAYED:
        raise Invalid({"until": [f"More than {MOST_REPLAYED} events are in this range. Choose a shorter one."]})
    return ids


def _tell_again(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> None:
    """Send the deliveries of these events again, and make one for each event that has none."""
    known = queries.told(session, firm_id, endpoint_id, ids)
    _send_again(session, firm_id, WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.event_id.in_(ids))
    now = clock.now()
    for event_id in ids:
        if event_id not in known:
            session.add(WebhookDelivery(firm_id=firm_id, endpoint_id=endpoint_id, event_id=event_id, due_at=now))


def _send_again(session: Session, firm_id: uuid.UUID, *which: sa.ColumnElement[bool]) -> None:
    """Begin the schedule anew for these deliveries, but for those whose call is under way."""
    now = clock.now()
    is_free = sa.or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= now)
    anew = {"state": DeliveryState.PENDING, "delivered_at": None, "leased_until": None, "due_at": now, "step": 0}
    session.execute(sa.update(WebhookDelivery).where(WebhookDelivery.firm_id == firm_id, is_free, *which).values(anew))
