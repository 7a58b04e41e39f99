"""What the desk's pages take."""

from marshmallow import Schema, fields

from recruiter.outbox.doubts import Choice
from recruiter.portal.models import AnswerOutcome


class DoubtForm(Schema):
    """What becomes of a mail that may have arrived."""

    choice = fields.Enum(
        Choice, by_value=True, required=True, error_messages={"required": "Choose one.", "unknown": "Choose one."}
    )


class ReplyForm(Schema):
    """An answer; the service says what is wrong with its text."""

    text = fields.String(load_default="")
    outcome = fields.Enum(AnswerOutcome, by_value=True, load_default=None)
