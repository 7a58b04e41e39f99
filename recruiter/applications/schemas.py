"""What the API, the pages and imports take and show of applications; shape only."""

import enum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from recruiter.applications.models import DecidedBy, Decision, News, Stage, Way
from recruiter.applications.queries import Filters
from recruiter.applications.service import Verdict
from recruiter.policies.values import FeedbackMode
from recruiter.web.schemas import Answer, Day, Line, LocalMoment, Moment, WindowQuery


class FactsBody(Schema):
    """What a firm says about an application."""

    stage = fields.Enum(Stage, by_value=True, required=True)
    external_id = Line(load_default=None, allow_none=True)
    owner = Line(
        most=254, load_default=None, allow_none=True, metadata={"description": "A member's e-mail address or id."}
    )
    promised_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "A day set by hand; without it the stage sets the promise."},
    )
    last_interview_at = Moment(load_default=None, allow_none=True)


class ApplicationBody(FactsBody):
    """One candidate for one job."""

    candidate_id = fields.UUID(required=True)
    job_id = fields.UUID(required=True)


class ApplicationChange(FactsBody):
    """The same facts, each only where it changes; ``promised_on: null`` lets the stage set the promise again."""


class OutcomeCode(fields.String):
    """The firm's internal reason, as the catalogue writes it."""

    def __init__(self, **options: Any) -> None:
        shape = validate.Regexp(r"^[A-Z]+(-[A-Z]+)?\Z", error="Use a code such as REQ-EXP.")
        super().__init__(**options, validate=[validate.Length(max=40), shape])


class DecisionBody(Schema):
    """What was decided, why and by whom; ``decision: null`` reopens."""

    decision = fields.Enum(Decision, by_value=True, required=True, allow_none=True)
    outcome_code = OutcomeCode(load_default=None, allow_none=True)
    ats_reason = Line(
        load_default=None,
        allow_none=True,
        metadata={"description": "The ATS's own words; the firm's mapping makes a code of them."},
    )
    decided_by = fields.Enum(DecidedBy, by_value=True, load_default=None, allow_none=True)
    decided_at = Moment(load_default=None, allow_none=True)

    @validates_schema
    def _reopening_says_nothing_else(self, data: dict[str, Any], **_options: object) -> None:
        if data["decision"] is None:
            errors = {name: ["Leave this out to reopen."] for name, value in data.items() if value is not None}
            if errors:
                raise ValidationError(errors)


class ApplicationAnswer(Answer):
    """One candidate for one job: the stage reached, the promise, the decision, whether the person was told."""

    id = fields.UUID(required=True)
    candidate_id = fields.UUID(required=True)
    job_id = fields.UUID(required=True)
    external_id = fields.String(required=True, allow_none=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    owner = fields.String(required=True, allow_none=True, attribute="owner_email")
    stage = fields.Enum(Stage, by_value=True, required=True)
    stage_since = fields.AwareDateTime(required=True)
    promised_on = fields.Date(required=True, allow_none=True)
    promise_by_hand = fields.Boolean(required=True)
    last_interview_at = fields.AwareDateTime(required=True, allow_none=True)
    decision = fields.Enum(Decision, by_value=True, required=True, allow_none=True)
    outcome_code = fields.String(required=True, allow_none=True)
    ats_reason = fields.String(required=True, allow_none=True, attribute="ats_reason_words")
    decided_by = fields.Enum(DecidedBy, by_value=True, required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    round = fields.Integer(required=True)
    told_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class FiltersQuery(Schema):
    """Which applications are wanted; what is left out does not narrow."""

    candidate_id = fields.UUID(load_default=None)
    job_id = fields.UUID(load_default=None)
    owner_id = fields.UUID(load_default=None)
    external_id = Line(load_default=None)
    stage = fields.Enum(Stage, by_value=True, load_default=None)
    decision = fields.Enum(Decision, by_value=True, load_default=None)
    open = fields.Boolean(load_default=None, metadata={"description": "Undecided ones, or decided ones."})
    waiting = fields.Boolean(load_default=False, metadata={"description": "Only people who are still to hear."})
    overdue = fields.Boolean(load_default=False, metadata={"description": "Only promises that ended before today."})
    q = Line(load_default=None, metadata={"description": "Words of the person's name, place and skills."})
    updated_since = Moment(load_default=None)


class ApplicationsQuery(FiltersQuery, WindowQuery):
    """The same, one page at a time."""


class View(enum.StrEnum):
    """What the page "Candidates" lists."""

    ALL = "all"
    WAITING = "waiting"
    OVERDUE = "overdue"
    PEOPLE = "people"


class CandidatesPageQuery(WindowQuery):
    """What the page "Candidates" lists and how it is narrowed; ``decision`` may be ``none``."""

    view = fields.Enum(View, by_value=True, load_default=View.ALL)
    q = Line(load_default=None)
    job_id = fields.UUID(load_default=None)
    stage = fields.Enum(Stage, by_value=True, load_default=None)
    decision = fields.String(load_default=None, validate=validate.OneOf(["none", *(each.value for each in Decision)]))
    owner_id = fields.UUID(load_default=None)


class FactsForm(Schema):
    """What a firm says about an application, from a page; the time is that of the firm's clock."""

    stage = fields.Enum(Stage, by_value=True, required=True, error_messages={"required": "Choose the stage."})
    external_id = Line(load_default=None)
    owner = Line(most=254, load_default=None)
    promised_on = Day(load_default=None)
    last_interview_at = LocalMoment(load_default=None)


class JobChoice(Schema):
    """Which of the firm's jobs a form is about."""

    job_id = fields.UUID(required=True, error_messages={"required": "Choose the job."})


class NewApplicationForm(FactsForm, JobChoice):
    """An application for one of the firm's jobs, which stands first on the page: the last base is read first."""


class ApplicationForm(FactsForm):
    """The facts, and the version that a change is based on."""

    seen = fields.AwareDateTime(load_default=None)


class DecisionForm(Schema):
    """What was decided, why and by whom."""

    decision = fields.Enum(
        Decision, by_value=True, required=True, error_messages={"required": "Choose what was decided."}
    )
    outcome_code = OutcomeCode(load_default=None)
    decided_by = fields.Enum(DecidedBy, by_value=True, load_default=None)


class ApplicationsAnswer(Answer):
    """A page of applications, newest first."""

    items = fields.List(fields.Nested(ApplicationAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class TellingAnswer(Schema):
    """The proof that the person was told: what, how, by which notice or contact, when, and whether it came back."""

    what = fields.Enum(News, by_value=True, required=True, attribute="telling.what")
    how = fields.Enum(Way, by_value=True, required=True, attribute="telling.how")
    source_id = fields.UUID(required=True, attribute="telling.source_id")
    told_at = fields.AwareDateTime(required=True, attribute="telling.told_at")
    undone_at = fields.AwareDateTime(required=True, allow_none=True, attribute="telling.undone_at")
    kept_until = fields.Date(required=True, allow_none=True)


class DutyAnswer(Schema):
    """A day by which a law wants the person to hear whether it is decided; ``heard`` since ``began_on``."""

    place = fields.String(required=True, attribute="place.code")
    began_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    heard = fields.Boolean(required=True, attribute="is_heard")


class StandingAnswer(Schema):
    """How an application stands under the policy of its place; days are dates of the firm."""

    place = fields.String(required=True, attribute="policy.jurisdiction.code")
    feedback_mode = fields.Enum(FeedbackMode, by_value=True, required=True, attribute="policy.feedback_mode")
    feedback_because = fields.String(required=True, attribute="policy.feedback_because")
    second_reader = fields.Boolean(required=True, attribute="policy.needs_second_reader")
    tell_by = fields.Date(required=True, allow_none=True)
    duty = fields.Nested(DutyAnswer, required=True, allow_none=True)
    tellings = fields.List(fields.Nested(TellingAnswer), required=True, attribute="told")
    file_until = fields.Date(required=True, allow_none=True)


def verdict_from(body: dict[str, Any]) -> Verdict | None:
    """Return the verdict of a ``DecisionBody``, or None to reopen."""
    return None if body["decision"] is None else Verdict(**body)


def filters_from(query: dict[str, Any]) -> Filters:
    """Return the filters of a ``CandidatesPageQuery``."""
    decision, view = query["decision"], query["view"]
    return Filters(
        q=query["q"],
        job_id=query["job_id"],
        owner_id=query["owner_id"],
        stage=query["stage"],
        open=True if decision == "none" else None,
        decision=Decision(decision) if decision not in {None, "none"} else None,
        waiting=view is View.WAITING,
        overdue=view is View.OVERDUE,
    )
