"""What the desk's pages take."""

from marshmallow import Schema, fields

from recruiter.outbox.doubts import Choice


class DoubtForm(Schema):
    """What becomes of a mail that may have arrived."""

    choice = fields.Enum(
        Choice, by_value=True, required=True, error_messages={"required": "Choose one.", "unknown": "Choose one."}
    )
