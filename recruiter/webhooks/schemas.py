"""Shapes of the webhook endpoints of the API, and of the forms of their settings."""

from marshmallow import Schema, fields, validate

from recruiter.web.schemas import Day, JsonBoolean, JsonInteger, Moment, WindowQuery
from recruiter.webhooks.deliveries import PING
from recruiter.webhooks.models import DeliveryState
from recruiter.webhooks.service import EventType

EVENTS = [event.value for event in EventType]
LONGEST_OVERLAP = 168  # hours


class EndpointBody(Schema):
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


class EndpointAnswer(Schema):
    """An endpoint; ``previous_secret_until`` is when the secret before this one stops signing."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    previous_secret_until = fields.AwareDateTime(allow_none=True)
    failing_since = fields.AwareDateTime(allow_none=True)
    quiet_until = fields.AwareDateTime(allow_none=True)
    disabled_at = fields.AwareDateTime(allow_none=True)
    disabled_reason = fields.String(allow_none=True)


class NewEndpointAnswer(Schema):
    """A new endpoint with its secret, shown once."""

    id = fields.UUID(attribute="endpoint.id", required=True)
    url = fields.String(attribute="endpoint.url", required=True)
    events = fields.List(fields.String(), attribute="endpoint.events", required=True)
    created_at = fields.AwareDateTime(attribute="endpoint.created_at", required=True)
    secret = fields.String(required=True)


class RotateBody(Schema):
    """How many hours the secret before goes on signing beside the new one; 0 when it has leaked."""

    overlap_hours = JsonInteger(load_default=24, validate=validate.Range(0, LONGEST_OVERLAP))


class SecretAnswer(NewEndpointAnswer):
    """The endpoint with its new secret, shown once."""

    previous_secret_until = fields.AwareDateTime(attribute="endpoint.previous_secret_until", required=True)


class ReplayBody(Schema):
    """Which events are told again: those of a range of time, ``until`` not included."""

    since = Moment(required=True)
    until = Moment(required=True)
    everything = JsonBoolean(
        load_default=False, metadata={"description": "Also those that the receiver took; else only the others."}
    )


class EndpointsAnswer(Schema):
    """One page of endpoints."""

    items = fields.List(fields.Nested(EndpointAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class _Wanted(Schema):
    state = fields.Enum(DeliveryState, by_value=True, load_default=None)
    type = fields.String(validate=validate.OneOf([*EVENTS, PING]), load_default=None)


class LogQuery(WindowQuery, _Wanted):
    """What of the log is wanted; times are of the event, ``until`` not included."""

    since = Moment(load_default=None)
    until = Moment(load_default=None)


class TryAnswer(Schema):
    """One call that ended, at ``at``: the receiver's status, or why there is none."""

    number = fields.Integer(required=True)
    at = fields.AwareDateTime(attribute="created_at", required=True)
    status = fields.Integer(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    milliseconds = fields.Integer(required=True)


class LogEntryAnswer(Schema):
    """One delivery: the event, and how the tries went."""

    id = fields.UUID(attribute="delivery.id", required=True)
    event_id = fields.UUID(attribute="event.id", required=True)
    type = fields.String(attribute="event.type", required=True)
    occurred_at = fields.AwareDateTime(attribute="event.occurred_at", required=True)
    state = fields.String(attribute="delivery.state", required=True)
    attempts = fields.Integer(attribute="delivery.attempts", required=True)
    due_at = fields.AwareDateTime(attribute="delivery.due_at", required=True)
    last_status = fields.Integer(attribute="delivery.last_status", allow_none=True)
    last_error = fields.String(attribute="delivery.last_error", allow_none=True)
    delivered_at = fields.AwareDateTime(attribute="delivery.delivered_at", allow_none=True)


class DeliveryAnswer(LogEntryAnswer):
    """One delivery with its calls, newest first."""

    tries = fields.List(fields.Nested(TryAnswer), required=True)


class LogAnswer(Schema):
    """One page of deliveries, newest first."""

    items = fields.List(fields.Nested(LogEntryAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class EndpointForm(Schema):
    """Where to call, and about what, as the settings ask."""

    url = fields.String(
        required=True, validate=validate.Length(1, 2000), error_messages={"required": "Enter the address."}
    )
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)),
        required=True,
        validate=validate.Length(1, len(EVENTS), error="Choose at least one."),
    )


class RotateForm(Schema):
    """How long the old secret goes on signing."""

    overlap_hours = fields.Integer(load_default=24, validate=validate.Range(0, LONGEST_OVERLAP))


class LogForm(_Wanted):
    """What of the log a page shows, by days of the firm's calendar; what cannot be read is left out."""

    since = Day(load_default=None)
    until = Day(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))


class ReplayForm(Schema):
    """Which events are told again, by days of the firm's calendar, both included."""

    since = Day(required=True, error_messages={"required": "Choose the first day."})
    until = Day(required=True, error_messages={"required": "Choose the last day."})
    everything = fields.Boolean(load_default=False, truthy={"all"}, falsy={"missed"})
