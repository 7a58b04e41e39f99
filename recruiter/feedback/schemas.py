"""The shape of feedback in requests and answers; the same in the API and on the pages."""

import datetime as dt
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates, validates_schema

from recruiter import clock
from recruiter.checker.document import Severity
from recruiter.feedback import links
from recruiter.feedback.contexts import Circumstance, OutcomeContext
from recruiter.feedback.models import Confidence, PointSource
from recruiter.feedback.points import MOST, MOST_EVIDENCE, Feedback, Point
from recruiter.web.schemas import Day, Line, Prose

_NOT_HERE = "A strength needs no help. Name it with a gap."


class PointBody(Schema):
    """One feedback point. Only ``criterion`` and ``text`` are required; what else is missing becomes a finding."""

    criterion = Line(required=True, most=120)
    moment = Prose(most=400, load_default="")
    text = Prose(most=2000, required=True, metadata={"minLength": 1, "pattern": r"\S"})
    effect = Prose(most=1000, load_default="")
    requirement = Prose(most=400, load_default="")
    suggestion = Prose(most=1000, load_default="")
    aim = Prose(
        most=300,
        load_default="",
        metadata={"description": "A question to the person about a gap: what they were aiming for."},
    )
    resources = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=links.MOST),
        metadata={"description": "For a gap: what helps further, by the ids of the firm's library."},
    )
    source = fields.Enum(
        PointSource,
        by_value=True,
        load_default=PointSource.RECRUITER,
        metadata={"description": "Who saw it. The page says “From the interview panel” of the last two and no name."},
    )
    confidence = fields.Enum(
        Confidence,
        by_value=True,
        load_default=Confidence.ONE_SOURCE,
        metadata={"description": "How many people saw it; for the firm alone."},
    )
    evidence = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_EVIDENCE),
        metadata={"description": "The notes of scorecards that it rests on, by id; for the firm alone."},
    )

    @validates("text")
    def _says_something(self, value: str, **_options: object) -> None:
        if not value.strip():
            raise ValidationError("Enter what you saw.")

    @post_load
    def _make(self, values: dict[str, Any], **_options: object) -> Point:
        ids = {name: tuple(map(str, values[name])) for name in ("resources", "evidence")}
        return Point(**values | ids)


class FeedbackBody(Schema):
    """At most three strengths and three gaps."""

    strengths = fields.List(fields.Nested(PointBody), load_default=list, validate=validate.Length(max=MOST))
    gaps = fields.List(fields.Nested(PointBody), load_default=list, validate=validate.Length(max=MOST))

    @validates("strengths")
    def _helps_with_nothing(self, value: list[Any], **_options: object) -> None:
        points = ((place, point) for place, point in enumerate(value) if isinstance(point, Point))
        errors = {place: {"resources": [_NOT_HERE]} for place, point in points if point.resources}
        if errors:
            raise ValidationError(errors)

    @post_load
    def _make(self, values: dict[str, Any], **_options: object) -> Feedback:
        return Feedback(tuple(values["strengths"]), tuple(values["gaps"]))


class CircumstanceBody(Schema):
    """Something that may be said about the outcome; without the client's word only what is ours to say."""

    context = fields.Enum(OutcomeContext, by_value=True, required=True)
    client_agreed_on = Day(
        load_default=None, metadata={"description": "The day on which the client agreed that the person reads it."}
    )

    @validates_schema
    def _is_agreed(self, values: dict[str, Any], **_options: object) -> None:
        agreed_on = values["client_agreed_on"]
        if agreed_on is None and values["context"].needs_client:
            raise ValidationError({"client_agreed_on": ["Enter the day on which the client agreed to it."]})
        if agreed_on is not None and agreed_on > clock.now().date() + dt.timedelta(days=1):
            raise ValidationError({"client_agreed_on": ["This day has not come. Enter when the client agreed."]})

    @post_load
    def _make(self, values: dict[str, Any], **_options: object) -> Circumstance:
        return Circumstance(**values)


class CompetenciesForm(Schema):
    """Each family with one name on each line."""

    general = Prose()
    office = Prose()
    finance = Prose()
    engineering = Prose()
    sales = Prose()
    service = Prose()
    care = Prose()
    trades = Prose()
    management = Prose()


class FindingAnswer(Schema):
    """What the checker says about one place; ``start`` and ``end`` count code points in the field's text."""

    rule = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(["block", "warn", "hint"]))
    field = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    words = fields.String(required=True)
    message = fields.String(required=True)
    suggestion = fields.String(required=True)


class PhraseForm(Schema):
    """A phrase that a firm does not want to send."""

    words = Line(required=True, most=100, error_messages={"required": "Enter the words."})
    advice = Line(most=200, load_default="")
    severity = fields.Enum(Severity, by_value=True, load_default=Severity.WARN)


class HintsForm(Schema):
    """The hints that are shown."""

    shown = fields.List(fields.String(), load_default=list)
