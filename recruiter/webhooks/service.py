"""Endpoints of other systems, and events told to them in the transaction of the change."""

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db import conflicts, receipts
from recruiter.db.keyset import Page, Window
from recruiter.db.session import reading, transaction
from recruiter.errors import Invalid
from recruiter.webhooks import queries, signing, targets
from recruiter.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent


class EventType(enum.StrEnum):
    """What another system can be told."""

    NOTICE_SENT = "notice.sent"
    NOTICE_FAILED = "notice.failed"
    FEEDBACK_RESPONSE = "feedback.response"
    POOL_JOINED = "talent_pool.joined"
    POOL_LEFT = "talent_pool.left"

    @property
    def words(self) -> str:
        """What a member reads for it."""
        return _EVENT_WORDS[self]


_EVENT_WORDS = {
    EventType.NOTICE_SENT: "A notice was sent",
    EventType.NOTICE_FAILED: "A notice could not be sent",
    EventType.FEEDBACK_RESPONSE: "A candidate answered",
    EventType.POOL_JOINED: "Somebody joined the talent pool",
    EventType.POOL_LEFT: "Somebody left the talent pool",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a row: ids, and its new ``state`` or its ``kind``; no names, addresses or texts."""

    type: EventType
    subject_id: uuid.UUID
    candidate_id: uuid.UUID
    application_id: uuid.UUID | None = None
    external_ids: dict[str, str | None] = field(default_factory=dict)
    state: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEndpoint:
    """Where to call, and about which kinds of event."""

    firm_id: uuid.UUID
    actor: Actor
    url: str
    events: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEndpoint:
    """What to change; None leaves it as it is. ``seen`` is the ``updated_at`` that the change is based on."""

    firm_id: uuid.UUID
    actor: Actor
    endpoint_id: uuid.UUID
    seen: dt.datetime
    url: str | None = None
    events: Sequence[str] | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEndpoint:
    """An address that is to be told nothing more."""

    firm_id: uuid.UUID
    actor: Actor
    endpoint_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateSecret:
    """A new secret; the one before signs beside it for some hours, or not at all when it has leaked."""

    firm_id: uuid.UUID
    actor: Actor
    endpoint_id: uuid.UUID
    overlap_hours: int = 24


def emit(session: Session, firm_id: uuid.UUID, event: Event) -> WebhookEvent:
    """Write the event, and a delivery for each endpoint that listens, into the caller's transaction."""
    return emit_all(session, firm_id, [event])[0]


def emit_all(session: Session, firm_id: uuid.UUID, events: Sequence[Event]) -> list[WebhookEvent]:
    """Do the same for several; the number of queries does not grow with theirs."""
    now = clock.now()
    rows = [_row(firm_id, event, now) for event in events]
    session.add_all(rows)
    session.flush()
    for kind in {event.type for event in events}:
        endpoints = queries.listening(session, firm_id, kind)
        session.add_all(
            WebhookDelivery(firm_id=firm_id, endpoint_id=endpoint.id, event_id=row.id, due_at=now)
            for endpoint in endpoints
            for row in rows
            if row.type == kind
        )
    return rows


def _row(firm_id: uuid.UUID, event: Event, now: dt.datetime) -> WebhookEvent:
    told = {"state": event.state} if event.state is not None else {"kind": event.kind}
    return WebhookEvent(
        firm_id=firm_id,
        type=event.type,
        occurred_at=now,
        data={
            "id": str(event.subject_id),
            "candidate_id": str(event.candidate_id),
            "application_id": str(event.application_id) if event.application_id else None,
            "external_ids": {name: value for name, value in event.external_ids.items() if value},
            **told,
        },
    )


def add(command: AddEndpoint) -> WebhookEndpoint:
    """Keep a new endpoint and return it; raise ``Invalid`` for an address that no webhook may go to."""
    _check(command.url)
    with transaction(command.firm_id) as session:
        endpoint = WebhookEndpoint(
            firm_id=command.firm_id, url=command.url, events=sorted(set(command.events)), updated_at=clock.now()
        )
        session.add(endpoint)
        session.flush()
        audit.record(session, command.firm_id, command.actor, Change(action="webhook.added", subject_id=endpoint.id))
        receipts.finish(session, command.firm_id, endpoint.id)
    return endpoint


def change(command: ChangeEndpoint) -> WebhookEndpoint:
    """Change an endpoint; enabling it again lets waiting deliveries leave.

    Raises ``NotFound``, ``Stale``, or ``Invalid`` for an address that no webhook may go to.
    """
    if command.url is not None:
        _check(command.url)
    with transaction(command.firm_id) as session:
        endpoint = queries.get_for_update(session, command.firm_id, command.endpoint_id)
        conflicts.refuse_stale(endpoint, command.seen)
        before = _asked_of(endpoint)
        endpoint.url = command.url or endpoint.url
        endpoint.events = sorted(set(command.events)) if command.events is not None else endpoint.events
        if command.enabled is not None:
            _switch(endpoint, on=command.enabled)
        if _asked_of(endpoint) == before:
            return endpoint
        endpoint.updated_at = clock.now()
        audit.record(session, command.firm_id, command.actor, Change(action="webhook.changed", subject_id=endpoint.id))
    return endpoint


def _asked_of(endpoint: WebhookEndpoint) -> tuple[object, ...]:
    """Return what a member or a key decides about an endpoint; to switch it on also ends its outage."""
    return endpoint.url, endpoint.events, endpoint.disabled_at, endpoint.failing_since, endpoint.quiet_until


def rotate(command: RotateSecret) -> WebhookEndpoint:
    """Give an endpoint a new secret; until the overlap ends every call is signed with the old one too.

    Raises ``NotFound``.
    """
    firm_id, now = command.firm_id, clock.now()
    with transaction(firm_id) as session:
        endpoint = queries.get_for_update(session, firm_id, command.endpoint_id)
        endpoint.secret_version += 1
        endpoint.previous_secret_until = now + dt.timedelta(hours=command.overlap_hours)
        endpoint.updated_at = now
        audit.record(session, firm_id, command.actor, Change(action="webhook.rotated", subject_id=endpoint.id))
        receipts.finish(session, firm_id, endpoint.id, status=200)
    return endpoint


def remove(command: RemoveEndpoint) -> None:
    """Forget an endpoint and what was on its way to it. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        endpoint = queries.get(session, command.firm_id, command.endpoint_id)
        session.delete(endpoint)
        audit.record(session, command.firm_id, command.actor, Change(action="webhook.removed", subject_id=endpoint.id))


def get(firm_id: uuid.UUID, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Return one endpoint; raise ``NotFound`` when the firm has none such."""
    with reading(firm_id) as session:
        return queries.get(session, firm_id, endpoint_id)


def page(firm_id: uuid.UUID, window: Window) -> Page[WebhookEndpoint]:
    """Return the firm's endpoints, oldest first."""
    with reading(firm_id) as session:
        return queries.page(session, firm_id, window)


def waiting(firm_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return how many deliveries wait for each endpoint; those without any are left out."""
    with reading(firm_id) as session:
        return queries.count_waiting(session, firm_id)


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint beside its signing secret, which is shown once, when it is made."""

    endpoint: WebhookEndpoint
    secret: str


def made(endpoint: WebhookEndpoint) -> NewEndpoint:
    """Return the endpoint with the secret that is now its own."""
    return NewEndpoint(endpoint, signing.secret(endpoint.id, endpoint.secret_version))


def _switch(endpoint: WebhookEndpoint, *, on: bool) -> None:
    """Begin anew when it goes on: an outage that is over counts no more."""
    if on:
        endpoint.failing_since = endpoint.last_failed_at = endpoint.quiet_until = None
    endpoint.disabled_at = None if on else clock.now()
    endpoint.disabled_reason = None if on else "switched off"


def _check(url: str) -> None:
    try:
        targets.check_url(url)
    except targets.Refused as error:
        raise Invalid({"url": [str(error)]}) from error
