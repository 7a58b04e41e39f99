"""Reading endpoints, events and deliveries."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.errors import NotFound
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent


def get(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Return one endpoint; raise ``NotFound`` when the firm has none such."""
    return _one(session, firm_id, sa.select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id))


def get_for_update(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Return one endpoint and make others who change it wait; raise ``NotFound``."""
    query = sa.select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    return _one(session, firm_id, query.execution_options(populate_existing=True))


def page(session: Session, firm_id: uuid.UUID, window: Window) -> Page[WebhookEndpoint]:
    """Return the firm's endpoints, oldest first."""
    query = sa.select(WebhookEndpoint).where(WebhookEndpoint.firm_id == firm_id)
    return keyset.page(session, query, [WebhookEndpoint.id], window)


def listening(session: Session, firm_id: uuid.UUID, event: str) -> list[WebhookEndpoint]:
    """Return the enabled endpoints that asked for this kind of event."""
    query = sa.select(WebhookEndpoint).where(WebhookEndpoint.firm_id == firm_id, WebhookEndpoint.disabled_at.is_(None))
    return [endpoint for endpoint in session.scalars(query) if event in endpoint.events]


def deliveries(session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, window: Window) -> Page[WebhookDelivery]:
    """Return the endpoint's deliveries with their events, newest first."""
    query = sa.select(WebhookDelivery).where(
        WebhookDelivery.firm_id == firm_id, WebhookDelivery.endpoint_id == endpoint_id
    )
    return keyset.page(session, query, [WebhookDelivery.id], window, newest_first=True)


def get_delivery(
    session: Session, firm_id: uuid.UUID, endpoint_id: uuid.UUID, delivery_id: uuid.UUID
) -> WebhookDelivery:
    """Return one delivery of an endpoint; raise ``NotFound`` when there is none such."""
    found = session.scalar(
        sa.select(WebhookDelivery).where(
            WebhookDelivery.firm_id == firm_id,
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.id == delivery_id,
        )
    )
    if found is None:
        raise NotFound("This delivery is not here.")
    return found


def due(session: Session, firm_id: uuid.UUID, now: dt.datetime, limit: int) -> Sequence[WebhookDelivery]:
    """Lock and return deliveries that are due, oldest first, skipping those another worker holds."""
    return session.scalars(
        sa.select(WebhookDelivery)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookDelivery.firm_id == firm_id,
            WebhookDelivery.state == DeliveryState.PENDING,
            WebhookDelivery.due_at <= now,
            WebhookEndpoint.disabled_at.is_(None),
        )
        .order_by(WebhookDelivery.due_at)
        .limit(limit)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
    ).all()


def events(session: Session, firm_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, WebhookEvent]:
    """Return events by id."""
    query = sa.select(WebhookEvent).where(WebhookEvent.firm_id == firm_id, WebhookEvent.id.in_(ids))
    return {event.id: event for event in session.scalars(query)}


def _one(session: Session, firm_id: uuid.UUID, query: sa.Select[WebhookEndpoint]) -> WebhookEndpoint:
    found = session.scalar(query.where(WebhookEndpoint.firm_id == firm_id))
    if found is None:
        raise NotFound("This webhook is not here.")
    return found
