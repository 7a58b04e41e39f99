"""Words for endpoints and deliveries, and days of the firm's calendar as moments."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from recruiter import clock
from recruiter.webhooks.deliveries import PING
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from recruiter.webhooks.queries import Filter
from recruiter.webhooks.service import EventType

EVENTS = {event.value: event.words for event in EventType}
KINDS = EVENTS | {PING: "A test"}
STATES = {state.value: state.label for state in DeliveryState}
_COLOURS = {DeliveryState.DELIVERED: "green", DeliveryState.DEAD: "red", DeliveryState.PENDING: ""}


@dataclass(frozen=True, slots=True)
class Words:
    """A state in a word or two and the colour of its tag."""

    text: str
    kind: str


def condition(endpoint: WebhookEndpoint) -> Words:
    """Return how an endpoint is doing."""
    if not endpoint.is_enabled:
        return Words("Switched off", "red")
    if endpoint.failing_since is not None:
        return Words("Failing", "amber")
    return Words("Working", "green") if endpoint.called_at is not None else Words("Not called yet", "")


def progress(delivery: WebhookDelivery) -> Words:
    """Return where a delivery stands."""
    text = "On its way" if delivery.leased_until is not None else delivery.state.label
    return Words(text, _COLOURS[delivery.state])


def answer(status: int | None, error: str | None) -> str:
    """Return what the receiver said, or why nothing was heard; empty before the first try."""
    return str(status) if status is not None else error or ""


def days(asked: dict[str, Any], zone: str) -> Filter:
    """Return the filter for days of this calendar, the last one included."""
    since, until = asked["since"], asked["until"]
    return Filter(
        state=asked["state"],
        type=asked["type"],
        since=clock.begins(since, zone) if since else None,
        until=end(until, zone) if until else None,
    )


def end(day: dt.date, zone: str) -> dt.datetime:
    """Return the moment at which a day is over in a time zone."""
    return clock.begins(day + dt.timedelta(days=1), zone)
