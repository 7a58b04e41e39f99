"""What the API, the pages and imports take and show of a person; shape only."""

import dataclasses
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from recruiter.candidates.service import Person
from recruiter.outbox import mime
from recruiter.outbox.mime import NeedsUtf8, Unsendable
from recruiter.policies.schemas import Country, Language, TimeZone
from recruiter.web.schemas import Answer, Line, Moment, WindowQuery

MOST_ADDRESSES = 10
MOST_SKILLS = 100


def _sendable(address: str) -> None:
    try:
        wire = mime.wire_address(address)
    except NeedsUtf8 as error:
        raise ValidationError(error.message) from error
    except Unsendable as error:
        raise ValidationError("Enter an address such as name@example.com.") from error
    if "." not in wire.rpartition("@")[2]:
        raise ValidationError("Enter the whole domain, such as example.com.")


class Email(fields.String):
    """An address that mail can go to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, validate=[validate.Length(max=254), _sendable], metadata={"format": "email"})


class CandidateBody(Schema):
    """A person as another system knows them. ``email`` is written to, ``emails`` are further addresses."""

    name = Line(required=True)
    email = Email(required=True)
    external_id = Line(load_default=None, allow_none=True)
    emails = fields.List(Email(), load_default=list, validate=validate.Length(max=MOST_ADDRESSES))
    time_zone = TimeZone(load_default=None, allow_none=True)
    language = Language(load_default=None, allow_none=True)
    country = Country(load_default=None, allow_none=True)
    skills = fields.List(Line(most=80), load_default=list, validate=validate.Length(max=MOST_SKILLS))
    location = Line(load_default=None, allow_none=True)
    phone = Line(most=40, load_default=None, allow_none=True)


class CandidateChange(CandidateBody):
    """The same, each field only where it changes; ``emails`` replaces every further address."""


class CandidateForm(CandidateBody):
    """The same from a page, with the version that a change is based on."""

    name = Line(required=True, error_messages={"required": "Enter a name."})
    email = Email(required=True, error_messages={"required": "Enter an e-mail address."})
    seen = fields.AwareDateTime(load_default=None)


class AddressForm(Schema):
    """One address of a person."""

    address = Line(most=254, required=True)


class SuppressForm(AddressForm):
    """An address that gets no mail any more, and why."""

    reason = Line(required=True, error_messages={"required": "Say why, for whoever reads this next."})


class CandidateAnswer(Answer):
    """A person. Of an erased one only the ids, the dates and the reason are left."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    emails = fields.List(fields.String(), required=True, attribute="addresses")
    external_id = fields.String(required=True, allow_none=True)
    time_zone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    country = fields.String(required=True, allow_none=True)
    skills = fields.List(fields.String(), required=True, attribute="skill_names")
    location = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    erased_at = fields.AwareDateTime(required=True, allow_none=True)
    erased_reason = fields.String(required=True, allow_none=True)


class CandidatesQuery(WindowQuery):
    """Which people are wanted; what is left out does not narrow."""

    q = Line(
        load_default=None, metadata={"description": "Words of name, place and skills; the last may be unfinished."}
    )
    email = Line(most=254, load_default=None)
    external_id = Line(load_default=None)
    skill = Line(load_default=None, metadata={"description": "One whole skill, such as C++."})
    country = Country(load_default=None)
    updated_since = Moment(load_default=None)


class CandidatesAnswer(Answer):
    """A page of people, newest first."""

    items = fields.List(fields.Nested(CandidateAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


def person_from(body: dict[str, Any]) -> Person:
    """Return the person that a whole ``CandidateBody`` describes."""
    facts = {name: body[name] for name in body.keys() - {"email", "emails", "skills"}}
    return Person(emails=(body["email"], *body["emails"]), skills=tuple(body["skills"]), **facts)


def changed(person: Person, body: dict[str, Any]) -> Person:
    """Return the person with what a ``CandidateChange`` names; a new first address takes the old one's place."""
    facts = {name: body[name] for name in body.keys() - {"email", "emails", "skills"}}
    first = (body["email"],) if "email" in body else person.emails[:1]
    further = tuple(body["emails"]) if "emails" in body else person.emails[1:]
    skills = tuple(body["skills"]) if "skills" in body else person.skills
    return dataclasses.replace(person, emails=(*first, *further), skills=skills, **facts)
