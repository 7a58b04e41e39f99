"""Shapes of what candidates send and of what members answer."""

from marshmallow import Schema, fields, validate

from recruiter.portal.models import AnswerOutcome, ResponseKind
from recruiter.translations.catalogues import later
from recruiter.web.schemas import Moment, Prose, WindowQuery

MOST = 2**20  # characters; the service knows what is too long, and says so in the language of who wrote it
OF_TWO = later("Choose one of the two, then save.")
OF_FIVE = later("Choose one of the five, then send.")


class SayForm(Schema):
    """A question, or the wish for a call."""

    text = Prose(load_default="", most=MOST)
    website = fields.String(load_default="")  # a person does not see this field


class PointForm(SayForm):
    """A response to one point."""

    differs = fields.Boolean(load_default=False, truthy={"yes"}, falsy={"no"})


class PoolForm(Schema):
    """Yes or no, and nothing chosen beforehand."""

    choice = fields.String(
        required=True,
        validate=validate.OneOf(["yes", "no"], error=OF_TWO),
        error_messages={"required": OF_TWO},
    )


class RatingForm(Schema):
    """How useful it was."""

    score = fields.Integer(
        required=True,
        validate=validate.Range(1, 5, error=OF_FIVE),
        error_messages={"required": OF_FIVE, "invalid": OF_FIVE},
    )
    comment = Prose(load_default="", most=MOST)


class ReplyBody(Schema):
    """What to answer."""

    text = Prose(required=True, most=4000)
    outcome = fields.Enum(
        AnswerOutcome,
        by_value=True,
        load_default=None,
        metadata={"description": "For a response to a point; a side that was given is `noted` when this is left out."},
    )


class ReplyAnswer(Schema):
    """An answer to a response."""

    id = fields.UUID(required=True)
    response_id = fields.UUID(required=True)
    text = fields.String(required=True)
    outcome = fields.Enum(AnswerOutcome, by_value=True, allow_none=True, required=True)
    created_at = fields.AwareDateTime(required=True)


class ResponsesQuery(WindowQuery):
    """Which responses; ``since`` is a moment with its offset and includes it."""

    candidate_id = fields.UUID(load_default=None)
    application_id = fields.UUID(load_default=None)
    kind = fields.Enum(ResponseKind, by_value=True, load_default=None)
    since = Moment(load_default=None)


class ResponseAnswer(Schema):
    """What a candidate sent through their page."""

    id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    notice_id = fields.UUID(required=True)
    point_id = fields.UUID(allow_none=True)
    kind = fields.Enum(ResponseKind, by_value=True, required=True)
    text = fields.String(required=True)
    disagrees = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    answer = fields.Nested(ReplyAnswer, allow_none=True)


class ResponsesAnswer(Schema):
    """One page of responses, oldest first."""

    items = fields.List(fields.Nested(ResponseAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
