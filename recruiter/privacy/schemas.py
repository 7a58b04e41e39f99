"""What the pages take of an erasure; shape only."""

from marshmallow import Schema, fields

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
