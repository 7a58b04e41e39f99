"""The shape of notices in requests and answers; the rules about them are the service's."""

from typing import Any

from marshmallow import Schema, fields, validate

from recruiter.applications.outcomes import OUTCOMES
from recruiter.feedback.contexts import OutcomeContext
from recruiter.feedback.points import Feedback
from recruiter.feedback.schemas import CircumstanceBody, FeedbackBody, FindingAnswer
from recruiter.notices.composition import Content
from recruiter.notices.models import Delivery, NoticeKind, NoticeState
from recruiter.notices.timing import Timing
from recruiter.policies.values import FeedbackMode
from recruiter.web.schemas import Day, JsonInteger, Line, LocalMoment, Moment, Prose, WindowQuery

TIMINGS = ("humane", "now")

_MODE = {
    "description": "How much policy lets this person be told: `full`; `verbal_only`, points are kept for a call and "
    "not written; `neutral`, reason and points are left out and not kept."
}


class ContentBody(Schema):
    """What a notice says: to whom, of which kind, why, and the feedback that goes with it."""

    application_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in NoticeKind]))
    outcome_code = fields.String(allow_none=True, validate=validate.OneOf(list(OUTCOMES)))
    reason = Prose(most=1000, allow_none=True)
    template = Line(allow_none=True)
    feedback = fields.Nested(
        FeedbackBody,
        load_default=None,
        metadata={"description": "Left out of a correction, the points stay as the person reads them now."},
    )
    outcome_context = fields.List(
        fields.Nested(CircumstanceBody), load_default=list, validate=validate.Length(max=len(OutcomeContext))
    )
    corrects = fields.UUID(
        allow_none=True, metadata={"description": "For a correction: the sent notice that it puts right."}
    )
    promised_on = Day(
        allow_none=True, metadata={"description": "An update's new date; left out, the stage's usual days count."}
    )
    sender = fields.Email(allow_none=True, metadata={"description": "A member's e-mail address; signs the letter."})


class SendBackForm(Schema):
    """What a second reader wants changed."""

    note = Line(required=True, most=1000, error_messages={"required": "Say what to change."})


class OverrideForm(Schema):
    """Why what must be fixed is sent all the same."""

    override_reason = Prose(required=True, most=400, error_messages={"required": "Say why this may be sent as it is."})


class LaterForm(Schema):
    """When a notice is to leave, by the clock where the person lives, and why it is later than promised."""

    send_at = LocalMoment(load_default=None, error_messages={"invalid": "Choose a day and a time."})
    late_reason = Prose(most=400, load_default="")


class NoticeBody(ContentBody):
    """A notice to queue, and when it leaves. ``send_at`` is a moment with its offset from UTC."""

    hold_minutes = JsonInteger(allow_none=True, validate=validate.Range(0, 1440))
    timing = fields.String(load_default="humane", validate=validate.OneOf(TIMINGS))
    send_at = Moment(allow_none=True)
    late_reason = Prose(
        most=400,
        allow_none=True,
        metadata={"description": "Why `send_at` is later than the person is to hear, as promised or by policy."},
    )
    preview_token = Prose(most=200, allow_none=True)


class ObstacleAnswer(Schema):
    """Why a notice did not leave, or would not: a stable code and a sentence for people."""

    code = fields.String(required=True)
    detail = fields.String(required=True)


class PreviewAnswer(Schema):
    """What the person would get, what the checker says, and the token that ties a later request to this preview."""

    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)
    page_html = fields.String(required=True)
    findings = fields.List(fields.Nested(FindingAnswer), required=True)
    feedback_mode = fields.Enum(FeedbackMode, by_value=True, required=True, metadata=_MODE)
    feedback_mode_because = fields.String(required=True)
    preview_token = fields.String(required=True)
    barrier = fields.Nested(
        ObstacleAnswer, allow_none=True, required=True, metadata={"description": "What would stop this notice now."}
    )


class NoticeAnswer(Schema):
    """A notice and how it stands. ``feedback_url`` is there for keys that may send."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    kind = fields.Enum(NoticeKind, by_value=True, required=True)
    round = fields.Integer(required=True)
    corrects = fields.UUID(allow_none=True, metadata={"description": "For a correction: what it puts right."})
    version = fields.Integer(
        metadata={"description": "1, and for a correction the number of the wording that holds with it."}
    )
    state = fields.Enum(NoticeState, by_value=True, required=True)
    outcome_code = fields.String(allow_none=True)
    reason = fields.String()
    outcome_context = fields.List(fields.Dict(keys=fields.String()))
    template = fields.String(allow_none=True)
    feedback = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict(keys=fields.String())))
    findings = fields.List(fields.Nested(FindingAnswer))
    feedback_mode = fields.Enum(FeedbackMode, by_value=True, allow_none=True, metadata=_MODE)
    feedback_mode_because = fields.String(allow_none=True)
    sender = fields.String(allow_none=True)
    read_by = fields.String(allow_none=True, metadata={"description": "The second reader, where policy asked for one."})
    promised_on = fields.Date(allow_none=True)
    timing = fields.String()
    send_at = fields.AwareDateTime(allow_none=True)
    late_reason = fields.String()
    leaves_at = fields.AwareDateTime(allow_none=True)
    next_try_at = fields.AwareDateTime(allow_none=True)
    sent_at = fields.AwareDateTime(allow_none=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    message_id = fields.String(allow_none=True)
    delivery = fields.Enum(Delivery, by_value=True, allow_none=True)
    problem = fields.Nested(ObstacleAnswer, allow_none=True)
    feedback_url = fields.String()
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class NoticesQuery(WindowQuery):
    """Filters of the list of notices."""

    application_id = fields.UUID(load_default=None)
    candidate_id = fields.UUID(load_default=None)
    kind = fields.Enum(NoticeKind, by_value=True, load_default=None)
    state = fields.Enum(NoticeState, by_value=True, load_default=None)


class NoticesAnswer(Schema):
    """One page of notices, newest first."""

    items = fields.List(fields.Nested(NoticeAnswer), required=True)
    next_cursor = fields.String(allow_none=True, required=True)


def timing_from(body: dict[str, Any]) -> Timing:
    """Take when a notice is to leave out of a ``NoticeBody``."""
    return Timing(
        body.pop("hold_minutes", None),
        body.pop("timing"),
        body.pop("send_at", None),
        body.pop("late_reason", None) or "",
    )


def content_from(body: dict[str, Any]) -> Content:
    """Return the content of a ``ContentBody``; of a correction that names no points they stay as they are."""
    kind, feedback, corrects_id = NoticeKind(body.pop("kind")), body.pop("feedback"), body.pop("corrects", None)
    contexts = tuple(body.pop("outcome_context"))
    return Content(
        kind=kind,
        feedback=feedback or Feedback(),
        corrects_id=corrects_id,
        keeps_points=kind is NoticeKind.CORRECTION and feedback is None,
        contexts=contexts,
        **body,
    )
