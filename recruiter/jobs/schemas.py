"""What the API and the pages take and show of clients and jobs; shape only."""

import dataclasses
from typing import Any

from marshmallow import Schema, fields, validate

from recruiter.jobs.models import Client
from recruiter.jobs.queries import JobState
from recruiter.jobs.service import Headcount, Need, Role
from recruiter.policies.schemas import Country, Region
from recruiter.web.schemas import Answer, Day, JsonBoolean, Line, WindowQuery

MOST_REQUIREMENTS = 30
MOST_PEOPLE = 10_000_000


class ClientBody(Schema):
    """A company the firm recruits for."""

    name = Line(required=True)


class ClientChange(ClientBody):
    """The same, each field only where it changes; ``headcount`` is how many people the client employs, on a day."""

    headcount = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, MOST_PEOPLE))
    headcount_on = Day(allow_none=True)


class ClientAnswer(Answer):
    """A company the firm recruits for."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    headcount = fields.Integer(required=True, allow_none=True)
    headcount_on = fields.Date(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class ClientsQuery(WindowQuery):
    """Which clients are wanted."""

    name = Line(load_default=None)


class ClientsAnswer(Answer):
    """A page of clients, newest first."""

    items = fields.List(fields.Nested(ClientAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class JobClientBody(Schema):
    """The client of a job, by name, and whether candidates may read that name."""

    name = Line(required=True)
    disclosed = JsonBoolean(load_default=True)


class RequirementBody(Schema):
    """Something the role needs. With ``id`` it replaces the requirement of that id."""

    id = fields.UUID(load_default=None, allow_none=True)
    text = Line(required=True)
    must_have = JsonBoolean(load_default=True)


class JobBody(Schema):
    """A role to fill."""

    title = Line(required=True)
    client = fields.Nested(JobClientBody, load_default=None, allow_none=True)
    country = Country(load_default=None, allow_none=True)
    region = Region(load_default=None, allow_none=True)
    location = Line(load_default=None, allow_none=True)
    advertised = JsonBoolean(load_default=False)
    external_id = Line(load_default=None, allow_none=True)
    requirements = fields.List(
        fields.Nested(RequirementBody), load_default=list, validate=validate.Length(max=MOST_REQUIREMENTS)
    )


class JobChange(JobBody):
    """The same, each field only where it changes; ``requirements`` replaces all of them."""


class JobForm(Schema):
    """A role to fill from a page: requirements as lines, an unticked box is a no; ``seen`` as in ``ChangeJob``."""

    title = Line(required=True, error_messages={"required": "Enter a title."})
    client_name = Line(load_default=None)
    client_disclosed = fields.Boolean(load_default=False)
    country = Country(load_default=None)
    region = Region(load_default=None)
    location = Line(load_default=None)
    advertised = fields.Boolean(load_default=False)
    external_id = Line(load_default=None)
    must_have = fields.List(Line(), load_default=list, validate=validate.Length(max=MOST_REQUIREMENTS))
    nice_to_have = fields.List(Line(), load_default=list, validate=validate.Length(max=MOST_REQUIREMENTS))
    seen = fields.AwareDateTime(load_default=None)


class PolicyQuery(Schema):
    """The place and the client whose policies are wanted."""

    place = Line(load_default=None)
    client_id = fields.UUID(load_default=None)


class PolicyForm(Schema):
    """Another value of a policy, as it is typed, and why."""

    value = Line(most=60, required=True, error_messages={"required": "Say what is to hold."})
    reason = Line(most=400, required=True, error_messages={"required": "Say why, for whoever asks in a year."})


class HeadcountForm(Schema):
    """How many people a client employs, empty when nobody knows, and the day on which that was so."""

    headcount = fields.Integer(
        load_default=None,
        validate=validate.Range(0, MOST_PEOPLE),
        error_messages={"invalid": "Enter a whole number."},
    )
    headcount_on = Day(load_default=None, error_messages={"invalid": "Enter a day such as 2026-01-31."})


class JobClientAnswer(Answer):
    """The client of a job."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    disclosed = fields.Boolean(required=True)


class RequirementAnswer(Answer):
    """Something the role needs."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    must_have = fields.Boolean(required=True)


class JobAnswer(Answer):
    """A role to fill."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    client = fields.Nested(JobClientAnswer, required=True, allow_none=True, attribute="disclosure")
    country = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    location = fields.String(required=True, allow_none=True)
    advertised = fields.Boolean(required=True)
    external_id = fields.String(required=True, allow_none=True)
    requirements = fields.List(fields.Nested(RequirementAnswer), required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class JobsQuery(WindowQuery):
    """Which jobs are wanted; what is left out does not narrow."""

    q = Line(load_default=None, metadata={"description": "A part of the title or of the client's name."})
    client_id = fields.UUID(load_default=None)
    external_id = Line(load_default=None)
    state = fields.Enum(JobState, by_value=True, load_default=None)


class JobsAnswer(Answer):
    """A page of jobs, newest first."""

    items = fields.List(fields.Nested(JobAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


def heads_from(body: dict[str, Any], client: Client) -> Headcount | None:
    """Return the headcount of a ``ClientChange``, or None where it says nothing of it; a new one is of today."""
    if not body.keys() & {"headcount", "headcount_on"}:
        return None
    return Headcount(body.get("headcount", client.headcount), body.get("headcount_on"))


def role_from(body: dict[str, Any]) -> Role:
    """Return the role that a whole ``JobBody`` describes."""
    return changed(Role(title=body["title"]), body)


def changed(role: Role, body: dict[str, Any]) -> Role:
    """Return the role with what a ``JobChange`` names."""
    facts = {name: body[name] for name in body.keys() - {"client", "requirements"}}
    if "client" in body:
        client = body["client"] or {"name": None, "disclosed": True}
        facts |= {"client_name": client["name"], "client_disclosed": client["disclosed"]}
    if "requirements" in body:
        facts["needs"] = tuple(Need(**need) for need in body["requirements"])
    return dataclasses.replace(role, **facts)
