"""What the API and the pages take and show of scorecards; shape only."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from recruiter.feedback.schemas import FindingAnswer
from recruiter.scorecards import service
from recruiter.scorecards.service import MOST, Card, Note
from recruiter.web.schemas import Day, JsonBoolean, JsonInteger, Line, Prose, WindowQuery


class NoteBody(Schema):
    """One thing that was looked at."""

    criterion = Line(most=120, required=True)
    rating = JsonInteger(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 5),
        metadata={"description": "1 (not yet) to 5 (strong); null: no evidence. It never leaves the team."},
    )
    text = Prose(most=2000, load_default="", metadata={"description": "What was seen."})
    effect = Prose(most=1000, load_default="", metadata={"description": "Why it mattered."})
    shareable = JsonBoolean(
        load_default=False,
        attribute="is_shareable",
        metadata={"description": "Whether it may be offered to whoever writes the letter."},
    )

    @post_load
    def _make(self, values: dict[str, Any], **_options: object) -> Note:
        return Note(**values)


class InterviewerBody(Schema):
    """Who wrote it down; candidates never read it."""

    name = Line(required=True)
    role = Line(load_default=None, allow_none=True)


class ScorecardBody(Schema):
    """What one interviewer wrote down after one conversation."""

    application_id = fields.UUID(required=True)
    interviewer = fields.Nested(InterviewerBody, required=True)
    moment = Line(
        most=120, load_default=None, allow_none=True, metadata={"description": "Such as: the technical interview."}
    )
    interviewed_on = Day(load_default=None, allow_none=True)
    external_id = Line(load_default=None, allow_none=True)
    notes = fields.List(fields.Nested(NoteBody), required=True, validate=validate.Length(1, MOST))


class NoteAnswer(Schema):
    """One note; a point names it as ``evidence``."""

    id = fields.UUID(required=True)
    criterion = fields.String(required=True)
    rating = fields.Integer(required=True, allow_none=True)
    text = fields.String(required=True)
    effect = fields.String(required=True)
    shareable = fields.Boolean(required=True, attribute="is_shareable")
    changed_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When it was corrected; null: never."}
    )
    withdrawn_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "From then on it counts for nothing."}
    )


class InterviewerAnswer(Schema):
    """Who wrote it down."""

    name = fields.String(required=True)
    role = fields.String(required=True)


class ScorecardAnswer(Schema):
    """A scorecard with its notes; for the team and its systems."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    external_id = fields.String(required=True, allow_none=True)
    interviewer = fields.Nested(InterviewerAnswer, required=True, attribute="who")
    moment = fields.String(required=True)
    interviewed_on = fields.Date(required=True, allow_none=True)
    notes = fields.List(fields.Nested(NoteAnswer), required=True)
    created_at = fields.AwareDateTime(required=True)


class KeptScorecardAnswer(ScorecardAnswer):
    """A scorecard that was just kept, with what the checker says about its notes."""

    findings = fields.List(
        fields.Nested(FindingAnswer),
        required=True,
        metadata={"description": "They warn and never block, since the person may ask to see a note."},
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return what the answer shows of a card; what the checker says is worked out anew."""
        return service.findings_of(obj.notes) if attr == "findings" else super().get_attribute(obj, attr, default)


class ScorecardsQuery(WindowQuery):
    """Which scorecards are wanted."""

    application_id = fields.UUID(load_default=None)


class ScorecardsAnswer(Schema):
    """A page of scorecards, newest first."""

    items = fields.List(fields.Nested(ScorecardAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ScorecardForm(Schema):
    """A card as the page's form has it, without its notes."""

    interviewer = Line(required=True, error_messages={"required": "Enter who interviewed."})
    interviewer_role = Line(load_default="")
    moment = Line(most=120, load_default="")
    interviewed_on = Day(load_default=None, error_messages={"invalid": "Use a real date."})


class NoteForm(Schema):
    """One note of the form; without a rating it was not asked, or there was no time."""

    criterion = Line(most=120, required=True, error_messages={"required": "Say what was looked at."})
    rating = fields.Integer(load_default=None, validate=validate.Range(1, 5))
    text = Prose(most=2000, load_default="")
    effect = Prose(most=1000, load_default="")
    is_shareable = fields.Boolean(load_default=False, truthy={"yes"}, falsy={"no"})


class NoteChange(NoteForm):
    """What a note says from now on; ``seen`` as in ``CorrectNote``."""

    seen = fields.AwareDateTime(load_default=None)


def card_from(body: dict[str, Any]) -> Card:
    """Return the card of a ``ScorecardBody`` without its application."""
    interviewer, notes = body.pop("interviewer"), tuple(body.pop("notes"))
    moment = body.pop("moment") or ""
    return Card(
        interviewer=interviewer["name"], interviewer_role=interviewer["role"] or "", moment=moment, notes=notes, **body
    )
