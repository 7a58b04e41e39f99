"""What the API and the pages take and show of the library; shape only."""

from marshmallow import Schema, fields, validate

from recruiter.policies.schemas import Language
from recruiter.resources.models import Cost, ResourceKind
from recruiter.web.schemas import Line, WindowQuery


class ResourceForm(Schema):
    """What a firm says about a resource."""

    title = Line(most=120, required=True, error_messages={"required": "Enter the title."})
    kind = fields.Enum(ResourceKind, by_value=True, required=True, error_messages={"required": "Choose what it is."})
    url = Line(most=500, required=True, error_messages={"required": "Enter the address."})
    cost = fields.Enum(Cost, by_value=True, load_default=Cost.FREE)
    minutes = fields.Integer(
        load_default=None,
        validate=validate.Range(1, 6000, error="Use minutes from 1 to 6,000."),
        error_messages={"invalid": "Use a number of minutes."},
    )
    language = Language(required=True, error_messages={"required": "Choose the language."})


class ResourceAnswer(Schema):
    """One entry of the library; a gap of a notice names it by its id."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    kind = fields.Enum(ResourceKind, by_value=True, required=True)
    url = fields.String(required=True)
    cost = fields.Enum(Cost, by_value=True, required=True)
    minutes = fields.Integer(required=True, allow_none=True)
    language = fields.String(required=True)
    is_dead = fields.Boolean(
        required=True, metadata={"description": "Its link does not answer, so new letters leave it out."}
    )
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class ResourcesQuery(WindowQuery):
    """The library, one page at a time."""


class ResourcesAnswer(Schema):
    """A page of the library, newest first."""

    items = fields.List(fields.Nested(ResourceAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
