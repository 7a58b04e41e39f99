"""Reading endpoints, events and deliveries."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.errors import NotFound
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookTry


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What of a log is wanted; None leaves a part open. Times are of the event, ``until`` not included."""

    state: DeliveryState | None = None
    type: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def get(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Return one endpoint; raise ``NotFound`` when the firm has none such."""
    return _one(session, firm_id, sa.select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id))


def get_for_update(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Return one endpoint and make others who change it wait, though not those who add deliveries.

    Raises ``NotFound``.
    """
    query = sa.select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update(key_share=True)
    return _one(session, firm_id, query.execution_options(populate_existing=True))


def page(session: Session, firm_id: uuid.UUID, window: Window) -> Page[WebhookEndpoint]:
    """Return the firm's endpoints, oldest first."""
    query = sa.select(WebhookEndpoint).where(WebhookEndpoint.firm_id == firm_id)
    return keyset.page(session, query, [WebhookEndpoint.id], window)


def listening(session: Session, firm_id: uuid.UUID, event: str) -> list[WebhookEndpoint]:
    """Return the enabled endpoints that asked for this kind of event."""
    query = sa.select(WebhookEndpoint).where(WebhookEndpoint.firm_id == firm_id, WebhookEndpoint.disabled_at.is_(None))
    return [endpoint for endpoint in session.scalars(query) if event in endpoint.events]


def deliveries(
    session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, wanted: Filter, window: Window
) -> Page[WebhookDelivery]:
    """Return the endpoint's deliveries that the filter lets through, newest first."""
    query = sa.select(WebhookDelivery).where(
        WebhookDelivery.firm_id == firm_id, WebhookDelivery.endpoint_id == endpoint_id
    )
    if wanted.state is not None:
        query = query.where(WebhookDelivery.state == wanted.state)
    of_event = _of_event(wanted)
    if of_event:
        query = query.join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        query = query.where(WebhookEvent.firm_id == firm_id, *of_event)
    return keyset.page(session, query, [WebhookDelivery.id], window, newest_first=True)


def get_delivery(
    session: Session, firm_id: uuid.UUID, delivery_id: uuid.UUID, endpoint_id: uuid.UUID | None = None
) -> WebhookDelivery:
    """Return one delivery, of this endpoint when one is named; raise ``NotFound`` when there is none such."""
    query = sa.select(WebhookDelivery).where(WebhookDelivery.firm_id == firm_id, WebhookDelivery.id == delivery_id)
    if endpoint_id is not None:
        query = query.where(WebhookDelivery.endpoint_id == endpoint_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("This delivery is not here.")
    return found


def tries(session: Session, firm_id: uuid.UUID, delivery_id: uuid.UUID) -> Sequence[WebhookTry]:
    """Return the calls of a delivery that ended, newest first."""
    query = sa.select(WebhookTry).where(WebhookTry.firm_id == firm_id, WebhookTry.delivery_id == delivery_id)
    return session.scalars(query.order_by(WebhookTry.number.desc())).all()


def callable_now(session: Session, firm_id: uuid.UUID, now: dt.datetime) -> Sequence[WebhookEndpoint]:
    """Lock and return the endpoints that have something due, the one that was called longest ago first.

    Left out are those that are off or asked for quiet, and those that another worker claims for at this moment.
    """
    is_due = sa.exists().where(
        WebhookDelivery.firm_id == firm_id,
        WebhookDelivery.endpoint_id == WebhookEndpoint.id,
        WebhookDelivery.state == DeliveryState.PENDING,
        WebhookDelivery.due_at <= now,
    )
    may_be_called = sa.or_(WebhookEndpoint.quiet_until.is_(None), WebhookEndpoint.quiet_until <= now)
    query = sa.select(WebhookEndpoint).where(
        WebhookEndpoint.firm_id == firm_id, WebhookEndpoint.disabled_at.is_(None), may_be_called, is_due
    )
    return session.scalars(
        query.order_by(WebhookEndpoint.called_at.asc().nulls_first(), WebhookEndpoint.id).with_for_update(
            key_share=True, skip_locked=True
        )
    ).all()


def under_way(session: Session, firm_id: uuid.UUID, now: dt.datetime) -> dict[uuid.UUID, int]:
    """Return how many calls are under way at each endpoint, in all processes."""
    query = (
        sa.select(WebhookDelivery.endpoint_id, sa.func.count())
        .where(
            WebhookDelivery.firm_id == firm_id,
            WebhookDelivery.state == DeliveryState.PENDING,
            WebhookDelivery.leased_until > now,
        )
        .group_by(WebhookDelivery.endpoint_id)
    )
    return dict(iter(session.execute(query)))


def due(
    session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, now: dt.datetime, limit: int
) -> Sequence[WebhookDelivery]:
    """Lock and return an endpoint's deliveries that are due, the one that is due longest first."""
    return session.scalars(
        sa.select(WebhookDelivery)
        .where(
            WebhookDelivery.firm_id == firm_id,
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.PENDING,
            WebhookDelivery.due_at <= now,
        )
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def find_claimed(session: Session, firm_id: uuid.UUID, delivery_id: uuid.UUID, attempt: int) -> WebhookDelivery | None:
    """Return the delivery whose newest call is this one and has not ended, locked; or None when it is over."""
    return session.scalar(
        sa.select(WebhookDelivery)
        .where(
            WebhookDelivery.firm_id == firm_id,
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.attempts == attempt,
            WebhookDelivery.leased_until.is_not(None),
        )
        .with_for_update()
    )


def events(session: Session, firm_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, WebhookEvent]:
    """Return events by id."""
    query = sa.select(WebhookEvent).where(WebhookEvent.firm_id == firm_id, WebhookEvent.id.in_(ids))
    return {event.id: event for event in session.scalars(query)}


def in_range(endpoint: WebhookEndpoint, wanted: Filter, *, taken: bool) -> sa.Select[uuid.UUID]:
    """Return the query for the ids of the events that the endpoint asked for in a range of time, oldest first.

    Without ``taken`` those that it took are left out.
    """
    firm_id = endpoint.firm_id
    query = sa.select(WebhookEvent.id).where(WebhookEvent.firm_id == firm_id, WebhookEvent.type.in_(endpoint.events))
    if not taken:
        delivered = sa.exists().where(
            WebhookDelivery.firm_id == firm_id,
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.event_id == WebhookEvent.id,
            WebhookDelivery.state == DeliveryState.DELIVERED,
        )
        query = query.where(~delivered)
    return query.where(*_of_event(wanted)).order_by(WebhookEvent.occurred_at, WebhookEvent.id)


def told(
    session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, event_ids: Sequence[uuid.UUID]
) -> set[uuid.UUID]:
    """Return which of these events have a delivery to the endpoint."""
    query = sa.select(WebhookDelivery.event_id).where(
        WebhookDelivery.firm_id == firm_id,
        WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.event_id.in_(event_ids),
    )
    return set(session.scalars(query))


def count_waiting(session: Session, firm_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return how many deliveries wait for each endpoint that any waits for."""
    query = (
        sa.select(WebhookDelivery.endpoint_id, sa.func.count())
        .where(WebhookDelivery.firm_id == firm_id, WebhookDelivery.state == DeliveryState.PENDING)
        .group_by(WebhookDelivery.endpoint_id)
    )
    return dict(iter(session.execute(query)))


def _of_event(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.type is not None:
        conditions.append(WebhookEvent.type == wanted.type)
    if wanted.since is not None:
        conditions.append(WebhookEvent.occurred_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(WebhookEvent.occurred_at < wanted.until)
    return conditions


def _one(session: Session, firm_id: uuid.UUID, query: sa.Select[WebhookEndpoint]) -> WebhookEndpoint:
    found = session.scalar(query.where(WebhookEndpoint.firm_id == firm_id))
    if found is None:
        raise NotFound("This webhook is not here.")
    return found
