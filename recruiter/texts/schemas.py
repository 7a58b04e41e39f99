"""What the form of a template takes; shape only."""

from marshmallow import Schema, fields, validate

from recruiter.policies.schemas import Language
from recruiter.texts.liquid import MOST_CHARACTERS
from recruiter.web.schemas import Line, Prose


class PublishForm(Schema):
    """Which review was looked at."""

    seen = fields.String(load_default="", validate=validate.Length(max=64))


class TranslateForm(Schema):
    """The language to write in."""

    language = Language(required=True, error_messages={"required": "Choose a language."})


class DraftForm(Schema):
    """The words of one version."""

    subject = Line(most=500, required=True, error_messages={"required": "Write a subject."})
    mail_body = Prose(most=MOST_CHARACTERS, required=True, error_messages={"required": "Write what the email says."})
    page_body = Prose(most=MOST_CHARACTERS, load_default="")
    page_closing = Prose(most=MOST_CHARACTERS, load_default="")


class DraftSeenForm(Schema):
    """Which words a draft goes on from."""

    seen = fields.String(load_default="", validate=validate.Length(max=64))
