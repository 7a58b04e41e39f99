"""What the API and the pages take and show of the talent pool; shape only."""

import datetime as dt
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from recruiter.policies.schemas import Language
from recruiter.talent_pool.evidence import Source
from recruiter.talent_pool.models import Basis, InvitationState
from recruiter.talent_pool.search import Found
from recruiter.web.schemas import Answer, Day, JsonInteger, Line, Moment, Prose, WindowQuery

MOST_MONTHS = 36


class EvidenceBody(Schema):
    """How the firm knows of the yes: where it was given, when, to which text, and where the proof is kept."""

    how = Line(required=True)
    at = Moment()
    text_version = Line()
    reference = Line()

    @post_load
    def _plain(self, values: dict[str, Any], **_options: object) -> dict[str, str]:
        """Keep the moment as text: the proof is stored as it was given."""
        return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()}


class MembershipBody(Schema):
    """A yes as another system knows it."""

    candidate_id = fields.UUID(required=True)
    basis = fields.Enum(Basis, by_value=True, required=True)
    purpose = Line(required=True)
    months = JsonInteger(required=True, validate=validate.Range(1, MOST_MONTHS))
    evidence = fields.Nested(EvidenceBody, required=True)


class MembershipAnswer(Answer):
    """One membership; ``left_at`` is set once it has ended."""

    id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    basis = fields.Enum(Basis, by_value=True, required=True)
    purpose = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "The last day, in the firm's time zone."})
    evidence = fields.Dict(keys=fields.String(), required=True)
    left_at = fields.AwareDateTime(required=True, allow_none=True)
    left_how = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class PoolQuery(WindowQuery):
    """Who is wanted. With ``job_id`` each item says what the person has of its requirements, and that orders them."""

    q = Prose(most=200, load_default=None)
    job_id = fields.UUID(load_default=None)
    candidate_id = fields.UUID(load_default=None)
    place = Prose(most=200, load_default=None)
    language = Language(load_default=None)
    ends_before = Day(load_default=None)


class EvidenceAnswer(Answer):
    """One thing that is known; of feedback also when it was seen and when the person was told."""

    source = fields.Enum(Source, by_value=True, required=True)
    words = fields.String(required=True)
    moment = fields.String(required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class MatchAnswer(Answer):
    """One requirement of the job, and what is known of it."""

    requirement_id = fields.UUID(required=True, attribute="requirement.id")
    text = fields.String(required=True, attribute="requirement.text")
    must_have = fields.Boolean(required=True, attribute="requirement.must_have")
    evidence = fields.List(fields.Nested(EvidenceAnswer), required=True)


class ExplainedAnswer(Answer):
    """Why a person is shown for a job."""

    has = fields.List(fields.Nested(MatchAnswer), required=True)
    missing = fields.List(fields.Nested(MatchAnswer), required=True)
    not_known = fields.List(fields.Nested(MatchAnswer), required=True, data_key="unknown", attribute="unknown")
    met = fields.Integer(required=True, metadata={"description": "How many must-haves the person has."})
    must_haves = fields.Integer(required=True)


class FoundAnswer(ExplainedAnswer, MembershipAnswer):
    """A person of the pool. Without ``job_id`` the three lists are empty and both counts are 0."""

    _membership, _match = MembershipAnswer(), ExplainedAnswer()

    def dump(self, obj: Found, *, many: bool | None = None) -> Any:  # noqa: ARG002 - a list's field asks for each
        """Show the membership and the match as one item."""
        return self._membership.dump(obj.membership) | self._match.dump(obj.match)


class PoolAnswer(Answer):
    """A page of people in the pool."""

    items = fields.List(fields.Nested(FoundAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class InvitationBody(Schema):
    """Which role a person is asked about; ``text`` is what the writer adds."""

    job_id = fields.UUID(required=True)
    text = Prose(most=1000, load_default="")
    sender = Line(most=254, load_default=None, allow_none=True, metadata={"format": "email"})


class InvitationAnswer(Answer):
    """One invitation."""

    id = fields.UUID(required=True)
    membership_id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    job_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null: it asks whether the person stays in the pool."}
    )
    state = fields.Enum(InvitationState, by_value=True, required=True)
    leaves_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class InvitationsQuery(WindowQuery):
    """Which invitations are wanted."""

    candidate_id = fields.UUID(load_default=None)


class InvitationsAnswer(Answer):
    """A page of invitations, the newest first."""

    items = fields.List(fields.Nested(InvitationAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class JoinForm(Schema):
    """The form by which a member records a person's yes; ``on`` is the day on which it was given."""

    basis = fields.Enum(
        Basis, by_value=True, required=True, error_messages={"required": "Choose the ground on which you keep them."}
    )
    purpose = Line(required=True, error_messages={"required": "Say for what, as the person was told."})
    months = fields.Integer(
        required=True,
        validate=validate.Range(1, MOST_MONTHS),
        error_messages={"required": "Enter for how many months."},
    )
    how = Line(required=True, error_messages={"required": "Say how the person said it."})
    on = Day(load_default=None)
    reference = Line(load_default=None)


class PoolForm(Schema):
    """The search of the page. ``asked`` is the job whose must-haves were shown, ``need`` those that were ticked."""

    q = Prose(most=200, load_default=None)
    place = Prose(most=200, load_default=None)
    language = Language(load_default=None)
    ends_before = Day(load_default=None)
    job_id = fields.UUID(load_default=None)
    asked = fields.UUID(load_default=None)
    need = fields.List(fields.UUID())
    everybody = fields.Boolean(load_default=False)
    cursor = fields.String(load_default=None, validate=validate.Length(max=1000))


class InvitationForm(Schema):
    """What a member adds to an invitation, and the role it is about."""

    job_id = fields.UUID(required=True)
    text = Prose(most=1000, load_default="")
