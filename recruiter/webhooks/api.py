"""Webhook endpoints over the API."""

import uuid
from typing import Any

from flask import request

from recruiter.accounts import auth
from recruiter.accounts.models import Scope
from recruiter.db.keyset import Page
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import WindowQuery, window
from recruiter.webhooks import deliveries, service
from recruiter.webhooks.deliveries import LogEntry, Ping, RepeatDelivery, Replay
from recruiter.webhooks.models import WebhookEndpoint
from recruiter.webhooks.queries import Filter
from recruiter.webhooks.schemas import (
    DeliveryAnswer,
    EndpointAnswer,
    EndpointBody,
    EndpointChange,
    EndpointsAnswer,
    LogAnswer,
    LogQuery,
    NewEndpointAnswer,
    ReplayBody,
    RotateBody,
    SecretAnswer,
)
from recruiter.webhooks.service import AddEndpoint, ChangeEndpoint, NewEndpoint, RemoveEndpoint, RotateSecret

blp = ApiBlueprint("webhooks", __name__, url_prefix="/webhooks", description="Events told to other systems.")
blp.before_request(auth.require_key)


def _made(endpoint_id: uuid.UUID) -> NewEndpoint:
    return service.made(service.get(auth.caller().firm_id, endpoint_id))


@blp.post("")
@auth.scope(Scope.ADMIN)
@blp.arguments(EndpointBody)
@blp.response(201, NewEndpointAnswer)
@idempotent(show=_made)
def add(body: dict[str, Any]) -> NewEndpoint:
    """Add an endpoint."""
    caller = auth.caller()
    return service.made(service.add(AddEndpoint(firm_id=caller.firm_id, actor=caller.actor, **body)))


@blp.get("")
@auth.scope(Scope.ADMIN)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, EndpointsAnswer)
def index(query: dict[str, Any]) -> Page[WebhookEndpoint]:
    """List endpoints."""
    return service.page(auth.caller().firm_id, window(query))


@blp.get("/<uuid:endpoint_id>")
@auth.scope(Scope.ADMIN)
@blp.etag
@blp.response(200, EndpointAnswer)
def show(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Show an endpoint."""
    return service.get(auth.caller().firm_id, endpoint_id)


@blp.patch("/<uuid:endpoint_id>")
@auth.scope(Scope.ADMIN)
@blp.etag
@blp.arguments(EndpointChange)
@blp.response(200, EndpointAnswer)
def change(body: dict[str, Any], endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Change an endpoint, switch it off or on; `If-Match` names the version that the change is based on."""
    caller = auth.caller()
    known = service.get(caller.firm_id, endpoint_id)
    blp.check_etag(known, EndpointAnswer)
    command = ChangeEndpoint(
        firm_id=caller.firm_id, actor=caller.actor, endpoint_id=endpoint_id, seen=known.updated_at, **body
    )
    return service.change(command)


@blp.delete("/<uuid:endpoint_id>")
@auth.scope(Scope.ADMIN)
@blp.response(204)
def remove(endpoint_id: uuid.UUID) -> None:
    """Remove an endpoint; with `If-Match` only the version that it names."""
    caller = auth.caller()
    if request.if_match:
        blp.check_etag(service.get(caller.firm_id, endpoint_id), EndpointAnswer)
    service.remove(RemoveEndpoint(firm_id=caller.firm_id, actor=caller.actor, endpoint_id=endpoint_id))


@blp.post("/<uuid:endpoint_id>/rotate")
@auth.scope(Scope.ADMIN)
@blp.arguments(RotateBody)
@blp.response(200, SecretAnswer)
@idempotent(show=_made)
def rotate(body: dict[str, Any], endpoint_id: uuid.UUID) -> NewEndpoint:
    """Give an endpoint a new secret; the one before signs beside it until the overlap ends."""
    return service.made(service.rotate(RotateSecret(**auth.whose(endpoint_id=endpoint_id), **body)))


@blp.post("/<uuid:endpoint_id>/ping")
@auth.scope(Scope.ADMIN)
@blp.response(202, DeliveryAnswer)
@idempotent(show=lambda delivery_id: deliveries.entry(auth.caller().firm_id, delivery_id))
def ping(endpoint_id: uuid.UUID) -> LogEntry:
    """Tell an endpoint a test event."""
    caller = auth.caller()
    made = deliveries.ping(Ping(**auth.whose(endpoint_id=endpoint_id)))
    return deliveries.entry(caller.firm_id, made.id)


@blp.post("/<uuid:endpoint_id>/replay")
@auth.scope(Scope.ADMIN)
@blp.arguments(ReplayBody)
@blp.response(202)
@idempotent(show=lambda _endpoint_id: None)
def replay(body: dict[str, Any], endpoint_id: uuid.UUID) -> None:
    """Tell the events of a range of time again, each under its own id; at most 10,000 at once."""
    deliveries.replay(Replay(**auth.whose(endpoint_id=endpoint_id), **body))


@blp.get("/<uuid:endpoint_id>/deliveries")
@auth.scope(Scope.ADMIN)
@blp.arguments(LogQuery, location="query")
@blp.response(200, LogAnswer)
def log(query: dict[str, Any], endpoint_id: uuid.UUID) -> Page[LogEntry]:
    """List what was sent to an endpoint, newest first; by state, kind of event and time."""
    part = window(query)
    return deliveries.log(auth.caller().firm_id, endpoint_id, Filter(**query), part)


@blp.get("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>")
@auth.scope(Scope.ADMIN)
@blp.etag
@blp.response(200, DeliveryAnswer)
def delivery(endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> LogEntry:
    """Show one delivery with its tries."""
    return deliveries.entry(auth.caller().firm_id, delivery_id, endpoint_id)


@blp.post("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/repeat")
@auth.scope(Scope.ADMIN)
@blp.response(202)
@idempotent(show=lambda _delivery_id: None)
def repeat(endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> None:
    """Send one delivery once more, under the same event id."""
    deliveries.repeat(RepeatDelivery(**auth.whose(endpoint_id=endpoint_id), delivery_id=delivery_id))
