"""What the desk's pages take."""

from marshmallow import Schema, fields, validate

from recruiter.outbox.doubts import Choice
from recruiter.outbox.replays import REASONS
from recruiter.portal.models import AnswerOutcome
from recruiter.web.schemas import LocalMoment, Prose


class DoubtForm(Schema):
    """What becomes of a mail that may have arrived."""

    choice = fields.Enum(
        Choice, by_value=True, required=True, error_messages={"required": "Choose one.", "unknown": "Choose one."}
    )


class ReasonForm(Schema):
    """For which reason the mail ended that is sent again."""

    reason = fields.String(
        required=True, validate=validate.OneOf(REASONS, error="Choose one."), error_messages={"required": "Choose one."}
    )


class CallForm(Schema):
    """A call on which the person was told the decision. The time is that of the firm's clock."""

    happened_at = LocalMoment(required=True, error_messages={"required": "Say when it was."})
    note = Prose(load_default="")


class ReplyForm(Schema):
    """An answer; the service says what is wrong with its text."""

    text = fields.String(load_default="")
    outcome = fields.Enum(AnswerOutcome, by_value=True, load_default=None)
    override_reason = Prose(most=400, load_default="")


class ReturnForm(Schema):
    """What a second reader wants changed in a reply; the service says when there is nothing."""

    note = Prose(most=1000, load_default="")


class SeenForm(Schema):
    """Which wording of a reply that waits was looked at."""

    seen = fields.AwareDateTime(load_default=None)
