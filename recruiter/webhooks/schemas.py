"""Shapes of the webhook endpoints of the API."""

from marshmallow import Schema, fields, validate

from recruiter.webhooks.service import EventType

EVENTS = [event.value for event in EventType]


class EndpointRequest(Schema):
    """Where to call, and about what."""

    url = fields.String(required=True, validate=validate.Length(1, 2000))
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)), required=True, validate=validate.Length(1, len(EVENTS))
    )


class EndpointChange(Schema):
    """What to change; what is left out stays."""

    url = fields.String(validate=validate.Length(1, 2000))
    events = fields.List(fields.String(validate=validate.OneOf(EVENTS)), validate=validate.Length(1, len(EVENTS)))
    enabled = fields.Boolean(truthy={True}, falsy={False})


class EndpointResponse(Schema):
    """An endpoint."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    disabled_at = fields.AwareDateTime(allow_none=True)
    disabled_reason = fields.String(allow_none=True)


class EndpointCreated(Schema):
    """A new endpoint with its secret, shown once."""

    id = fields.UUID(attribute="endpoint.id", required=True)
    url = fields.String(attribute="endpoint.url", required=True)
    events = fields.List(fields.String(), attribute="endpoint.events", required=True)
    created_at = fields.AwareDateTime(attribute="endpoint.created_at", required=True)
    secret = fields.String(required=True)


class EndpointPage(Schema):
    """One page of endpoints."""

    items = fields.List(fields.Nested(EndpointResponse), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LogEntryResponse(Schema):
    """One delivery: the event, and how the tries went."""

    id = fields.UUID(attribute="delivery.id", required=True)
    event_id = fields.UUID(attribute="event.id", required=True)
    type = fields.String(attribute="event.type", required=True)
    state = fields.String(attribute="delivery.state", required=True)
    attempts = fields.Integer(attribute="delivery.attempts", required=True)
    due_at = fields.AwareDateTime(attribute="delivery.due_at", required=True)
    last_status = fields.Integer(attribute="delivery.last_status", allow_none=True)
    last_error = fields.String(attribute="delivery.last_error", allow_none=True)
    delivered_at = fields.AwareDateTime(attribute="delivery.delivered_at", allow_none=True)


class LogPage(Schema):
    """One page of deliveries, newest first."""

    items = fields.List(fields.Nested(LogEntryResponse), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
