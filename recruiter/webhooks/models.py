"""Endpoints of other systems, the events told to them, and each delivery."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, enum_column, firm_key


class DeliveryState(enum.StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class WebhookEndpoint(FirmRow):
    """An address that is told about some kinds of event."""

    __tablename__ = "webhook_endpoints"

    url: Mapped[str]
    events: Mapped[list[str]]
    secret_version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[dt.datetime]
    disabled_at: Mapped[dt.datetime | None]
    disabled_reason: Mapped[str | None]


class WebhookEvent(FirmRow):
    """Something that happened, written in the transaction of the change: ids and states, no names or texts."""

    __tablename__ = "webhook_events"

    type: Mapped[str]
    occurred_at: Mapped[dt.datetime]
    data: Mapped[dict[str, Any]]


class WebhookDelivery(FirmRow):
    """One event on its way to one endpoint."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        firm_key("endpoint_id", "webhook_endpoints"),
        firm_key("event_id", "webhook_events"),
        sa.UniqueConstraint("firm_id", "endpoint_id", "event_id"),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_time"),
        sa.Index(
            "ix_webhook_deliveries_due",
            "firm_id",
            "due_at",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
    )

    endpoint_id: Mapped[uuid.UUID]
    event_id: Mapped[uuid.UUID]
    state: Mapped[DeliveryState] = enum_column(DeliveryState, default=DeliveryState.PENDING)
    due_at: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    delivered_at: Mapped[dt.datetime | None]
