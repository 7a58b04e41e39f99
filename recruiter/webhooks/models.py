"""Endpoints of other systems, the events told to them, each delivery and its tries."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, enum_column, firm_key

PENDING = sa.text("state = 'pending'")


class DeliveryState(enum.StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"

    @property
    def label(self) -> str:
        """What a member reads for it."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    DeliveryState.PENDING: "Waiting",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.DEAD: "Given up",
}


class WebhookEndpoint(FirmRow):
    """An address that is told about some kinds of event.

    ``called_at`` is when a call was last begun. ``failing_since`` is the first failure after the last success, and
    ``last_failed_at`` the newest one. Until ``quiet_until`` the receiver asked to be left alone.
    """

    __tablename__ = "webhook_endpoints"

    url: Mapped[str]
    events: Mapped[list[str]]
    secret_version: Mapped[int] = mapped_column(default=1)
    previous_secret_until: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]
    called_at: Mapped[dt.datetime | None]
    failing_since: Mapped[dt.datetime | None]
    last_failed_at: Mapped[dt.datetime | None]
    quiet_until: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]
    disabled_reason: Mapped[str | None]

    @property
    def is_enabled(self) -> bool:
        """Whether anything is sent to it."""
        return self.disabled_at is None


class WebhookEvent(FirmRow):
    """Something that happened, written in the transaction of the change: ids and states, no names or texts."""

    __tablename__ = "webhook_events"
    __table_args__ = (sa.Index("ix_webhook_events_occurred", "firm_id", "occurred_at"),)

    type: Mapped[str]
    occurred_at: Mapped[dt.datetime]
    data: Mapped[dict[str, Any]]


class WebhookDelivery(FirmRow):
    """One event on its way to one endpoint.

    ``attempts`` counts every call and is the fence of its settling; ``step`` is the place in the schedule, which a
    replay begins anew. While a call is under way ``leased_until`` says when another worker may make it instead.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        firm_key("endpoint_id", "webhook_endpoints"),
        firm_key("event_id", "webhook_events"),
        sa.UniqueConstraint("firm_id", "endpoint_id", "event_id"),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_time"),
        sa.CheckConstraint("leased_until IS NULL OR state = 'pending'", name="leased_is_pending"),
        sa.Index(
            "ix_webhook_deliveries_due",
            "firm_id",
            "endpoint_id",
            "due_at",
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        sa.Index("ix_webhook_deliveries_log", "firm_id", "endpoint_id", "id"),
        sa.Index("ix_webhook_deliveries_event", "firm_id", "event_id"),
    )

    endpoint_id: Mapped[uuid.UUID]
    event_id: Mapped[uuid.UUID]
    state: Mapped[DeliveryState] = enum_column(DeliveryState, default=DeliveryState.PENDING)
    due_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    delivered_at: Mapped[dt.datetime | None]


class WebhookTry(FirmRow):
    """One call of a delivery that ended, at ``created_at``: the receiver's status, or why there is none."""

    __tablename__ = "webhook_tries"
    __table_args__ = (
        firm_key("delivery_id", "webhook_deliveries"),
        sa.UniqueConstraint("firm_id", "delivery_id", "number"),
    )

    delivery_id: Mapped[uuid.UUID]
    number: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str | None]
    milliseconds: Mapped[int]
