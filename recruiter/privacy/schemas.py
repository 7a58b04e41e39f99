"""What the pages take of an erasure; shape only."""

from marshmallow import Schema, fields

from recruiter.privacy.service import Reason


class EraseForm(Schema):
    """Why a person is erased."""

    reason = fields.Enum(Reason, required=True, error_messages={"required": "Choose why."})
