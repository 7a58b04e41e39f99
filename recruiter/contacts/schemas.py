"""What the API and the pages take and show of the follow-up log; shape only."""

from typing import Any

from marshmallow import Schema, fields, validate

from recruiter.contacts import service
from recruiter.contacts.models import ContactKind, Direction, Outcome, Told
from recruiter.feedback.schemas import FindingAnswer
from recruiter.web.schemas import Day, LocalMoment, Moment, Prose, WindowQuery


class ContactBody(Schema):
    """A contact as another system reports it."""

    candidate_id = fields.UUID(required=True)
    application_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.Enum(ContactKind, by_value=True, required=True)
    direction = fields.Enum(Direction, by_value=True, required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    happened_at = Moment(required=True, metadata={"description": "With its offset from UTC."})
    note = Prose(load_default="")
    told = fields.Enum(Told, by_value=True, load_default=None, allow_none=True)
    remind_on = Day(load_default=None, allow_none=True)


class ContactAnswer(Schema):
    """One entry of the log."""

    id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    application_id = fields.UUID(required=True, allow_none=True)
    member_id = fields.UUID(required=True, allow_none=True)
    kind = fields.Enum(ContactKind, by_value=True, required=True)
    direction = fields.Enum(Direction, by_value=True, required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    happened_at = fields.AwareDateTime(required=True)
    note = fields.String(required=True)
    told = fields.Enum(Told, by_value=True, required=True, allow_none=True)
    notice_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The notice whose call script was used."}
    )
    created_at = fields.AwareDateTime(required=True)
    findings = fields.List(
        fields.Nested(FindingAnswer),
        required=True,
        metadata={"description": "What the checker says about our note; it warns, as the person may ask for it."},
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return what the answer shows of a contact; its findings are worked out anew."""
        return service.findings(obj) if attr == "findings" else super().get_attribute(obj, attr, default)


class ContactsQuery(WindowQuery):
    """Which contacts are wanted."""

    candidate_id = fields.UUID(load_default=None)


class ContactsAnswer(Schema):
    """A page of the log, the latest contact first."""

    items = fields.List(fields.Nested(ContactAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ReminderAnswer(Schema):
    """A dated next step."""

    id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    contact_id = fields.UUID(required=True, allow_none=True)
    member_id = fields.UUID(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    note = fields.String(required=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class RemindersQuery(WindowQuery):
    """Which open reminders are wanted."""

    candidate_id = fields.UUID(load_default=None)
    due_by = Day(load_default=None, metadata={"description": "Up to this day, inclusive."})


class RemindersAnswer(Schema):
    """A page of open reminders, by their day."""

    items = fields.List(fields.Nested(ReminderAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SnoozeBody(Schema):
    """The day a reminder moves to."""

    until = Day(required=True)


class SnoozeForm(Schema):
    """The same from a page: a day, or a number of days from today."""

    until = Day(load_default=None)
    days = fields.Integer(load_default=1, validate=validate.OneOf([1, 2, 3, 7]))


class ContactForm(Schema):
    """The form "Log contact" of a candidate's record. Times are those of the firm's clock."""

    kind = fields.Enum(
        ContactKind, by_value=True, required=True, error_messages={"required": "Choose what kind of contact it was."}
    )
    direction = fields.Enum(Direction, by_value=True, load_default=Direction.OUTBOUND)
    outcome = fields.Enum(Outcome, by_value=True, required=True, error_messages={"required": "Choose what came of it."})
    happened_at = LocalMoment(required=True, error_messages={"required": "Say when it was."})
    application_id = fields.UUID(load_default=None)
    note = Prose(load_default="")
    told = fields.Enum(Told, by_value=True, load_default=None)
    remind = fields.String(load_default="", validate=validate.OneOf(["", "3", "7", "pick"]))
    remind_on = Day(load_default=None)


class ReplyForm(Schema):
    """The form "Log reply": what the person wrote, pasted as it came."""

    note = Prose(required=True, error_messages={"required": "Paste what the person wrote."})
    kind = fields.Enum(ContactKind, by_value=True, load_default=ContactKind.MAIL)
    happened_at = LocalMoment(required=True, error_messages={"required": "Say when it was."})
