"""What the pages take of an import; shape only."""

from marshmallow import Schema, fields

from recruiter.imports.models import ImportKind


class UploadForm(Schema):
    """What the rows of a file are; the file itself is no text."""

    kind = fields.Enum(ImportKind, by_value=True, required=True, error_messages={"required": "Say what the rows are."})
