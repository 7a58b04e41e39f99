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
from recruiter.webhooks import service
from recruiter.webhooks.models import WebhookEndpoint
from recruiter.webhooks.schemas import (
    EndpointChange,
    EndpointCreated,
    EndpointPage,
    EndpointRequest,
    EndpointResponse,
    LogPage,
)
from recruiter.webhooks.service import (
    AddEndpoint,
    ChangeEndpoint,
    LogEntry,
    NewEndpoint,
    RemoveEndpoint,
    RepeatDelivery,
)

blp = ApiBlueprint("webhooks", __name__, url_prefix="/webhooks", description="Events told to other systems.")
blp.before_request(auth.require_key)


def _made(endpoint_id: uuid.UUID) -> NewEndpoint:
    return service.made(service.get(auth.caller().firm_id, endpoint_id))


@blp.post("")
@auth.scope(Scope.ADMIN)
@blp.arguments(EndpointRequest)
@blp.response(201, EndpointCreated)
@idempotent(show=_made)
def add(body: dict[str, Any]) -> NewEndpoint:
    """Add an endpoint."""
    caller = auth.caller()
    return service.made(service.add(AddEndpoint(firm_id=caller.firm_id, actor=caller.actor, **body)))


@blp.get("")
@auth.scope(Scope.ADMIN)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, EndpointPage)
def index(query: dict[str, Any]) -> Page[WebhookEndpoint]:
    """List endpoints."""
    return service.page(auth.caller().firm_id, window(query))


@blp.get("/<uuid:endpoint_id>")
@auth.scope(Scope.ADMIN)
@blp.etag
@blp.response(200, EndpointResponse)
def show(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Show an endpoint."""
    return service.get(auth.caller().firm_id, endpoint_id)


@blp.patch("/<uuid:endpoint_id>")
@auth.scope(Scope.ADMIN)
@blp.etag
@blp.arguments(EndpointChange)
@blp.response(200, EndpointResponse)
def change(body: dict[str, Any], endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Change an endpoint, switch it off or on; `If-Match` names the version that the change is based on."""
    caller = auth.caller()
    known = service.get(caller.firm_id, endpoint_id)
    blp.check_etag(known, EndpointResponse)
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
        blp.check_etag(service.get(caller.firm_id, endpoint_id), EndpointResponse)
    service.remove(RemoveEndpoint(firm_id=caller.firm_id, actor=caller.actor, endpoint_id=endpoint_id))


@blp.get("/<uuid:endpoint_id>/deliveries")
@auth.scope(Scope.ADMIN)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, LogPage)
def deliveries(query: dict[str, Any], endpoint_id: uuid.UUID) -> Page[LogEntry]:
    """List what was sent to an endpoint, newest first."""
    return service.log(auth.caller().firm_id, endpoint_id, window(query))


@blp.post("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/repeat")
@auth.scope(Scope.ADMIN)
@blp.response(202)
@idempotent(show=lambda _delivery_id: None)
def repeat(endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> None:
    """Send one delivery once more, under the same event id."""
    caller = auth.caller()
    command = RepeatDelivery(
        firm_id=caller.firm_id, actor=caller.actor, endpoint_id=endpoint_id, delivery_id=delivery_id
    )
    service.repeat(command)
