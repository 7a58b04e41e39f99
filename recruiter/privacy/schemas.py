"""What the pages take of requests, erasure, legal holds and the time that files are kept; shape only."""

from marshmallow import Schema, fields, validate

from recruiter.candidates.models import Asked
from recruiter.privacy.service import Reason
from recruiter.web.schemas import Line


class RequestForm(Schema):
    """The request of a person who writes about their data."""

    address = Line(most=254, required=True, error_messages={"required": "Enter the address they write from."})
    asked = fields.Enum(Asked, by_value=True, required=True, error_messages={"required": "Choose what they ask for."})


class EraseForm(Schema):
    """Why a person is erased."""

    reason = fields.Enum(Reason, required=True, error_messages={"required": "Choose why."})


class HoldForm(Schema):
    """Why a person is under a legal hold."""

    reason = Line(most=200, required=True, error_messages={"required": "Say why."})


class RetentionForm(Schema):
    """Whether the policies erase by themselves, and with how many days of notice."""

    is_on = fields.Boolean(load_default=False, truthy={"yes"})
    notice_days = fields.Integer(
        required=True,
        validate=validate.Range(7, 30, error="Enter 7 to 30 days."),
        error_messages={"required": "Enter 7 to 30 days.", "invalid": "Enter 7 to 30 days."},
    )
