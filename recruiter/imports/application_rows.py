"""One row of a file of applications: the person and the job by what people call them, read by the API's own schemas."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import fields
from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm
from recruiter.applications import service as applications
from recruiter.applications.models import Application, DecidedBy, Decision
from recruiter.applications.schemas import FactsBody, OutcomeCode
from recruiter.applications.service import AddApplication, Facts, Verdict
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidate_queries
from recruiter.candidates import service as candidates
from recruiter.candidates.models import Candidate
from recruiter.candidates.schemas import Email
from recruiter.candidates.service import Person
from recruiter.errors import Invalid
from recruiter.imports.rows import A_DAY, NOBODY, code, load
from recruiter.jobs import queries as job_queries
from recruiter.jobs import service as jobs
from recruiter.jobs.models import Job
from recruiter.jobs.service import Role
from recruiter.web.schemas import Day, Line, Moment

NOON = dt.time(12)
STAGES = {"applied": "application", "new": "application", "interview": "client_interview", "phone_screen": "screening"}
DECISIONS = {"rejected": "not_selected", "withdrawn": "withdrew", "placed": "hired", "closed": "role_closed"}
NO_JOB = "We know no job of this ATS id. Add its title to the row."
_A_MOMENT = "Use a real date such as 2026-11-24, or with a time: 2026-11-24 10:30."


class ApplicationRow(FactsBody):
    """An application as a file has it: the person and the job by what people call them."""

    name = Line(load_default=None)
    email = Email(load_default=None)
    candidate_external_id = Line(load_default=None)
    job = Line(load_default=None)
    job_external_id = Line(load_default=None)
    client = Line(load_default=None)
    promised_on = Day(load_default=None, error_messages={"invalid": A_DAY})
    decision = fields.Enum(Decision, by_value=True, load_default=None)
    outcome_code = OutcomeCode(load_default=None)
    ats_reason = Line(load_default=None)
    decided_by = fields.Enum(DecidedBy, by_value=True, load_default=None)
    decided_at = Moment(load_default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """An application, as a row has it."""

    name: str | None
    email: str | None
    candidate_external_id: str | None
    role: Role
    facts: Facts
    verdict: Verdict | None

    @property
    def names(self) -> list[tuple[str, str]]:
        """By what it may be found again: the ATS id, if it has one."""
        return [("external_id", self.facts.external_id)] if self.facts.external_id else []

    @property
    def pointing(self) -> tuple[str | None, tuple[str, ...]]:
        """The ATS id and the address of its person."""
        return self.candidate_external_id, (self.email,) if self.email else ()

    @property
    def adds_person(self) -> bool:
        """Whether it has name and address of its person."""
        return bool(self.name and self.email)

    def take_in(self, session: Session, firm: Firm, actor: Actor) -> None:
        """Add the application with its person and job, or decide one that is known."""
        candidate, job = _candidate(session, firm, actor, self), _job(session, firm, actor, self.role)
        application, _ = applications.take_in(
            session,
            AddApplication(firm_id=firm.id, actor=actor, candidate_id=candidate.id, job_id=job.id, facts=self.facts),
        )
        if self.verdict is not None and _says_more(application, self.verdict):
            applications.decide(session, application, actor, self.verdict)


def read(cells: Mapping[str, str], firm: Firm) -> Applied:
    """Return what the filled cells of a row say, times by the firm's clock; raise ``Invalid`` by field."""
    zone = ZoneInfo(firm.time_zone)
    body: dict[str, Any] = dict(cells)
    for name, known in (("stage", STAGES), ("decision", DECISIONS), ("decided_by", {})):
        if name in body:
            word = code(body[name])
            body[name] = known.get(word, word)
    for name in {"last_interview_at", "decided_at"} & body.keys():
        body[name] = _moment(name, body[name], zone)
    values = load(ApplicationRow(), body)
    _check_whole(values)
    facts = {name: values[name] for name in Facts.__slots__}
    verdict = {name: values[name] for name in Verdict.__slots__}
    return Applied(
        name=values["name"],
        email=values["email"],
        candidate_external_id=values["candidate_external_id"],
        role=Role(title=values["job"] or "", external_id=values["job_external_id"], client_name=values["client"]),
        facts=Facts(**facts),
        verdict=Verdict(**verdict) if values["decision"] else None,
    )


def _says_more(application: Application, verdict: Verdict) -> bool:
    """Whether a row decides, or names the reason of a decision that has none and was not told."""
    gives_reason = bool(verdict.ats_reason) and application.outcome_code is None and application.told_at is None
    return application.decision is not verdict.decision or gives_reason


def _check_whole(values: dict[str, Any]) -> None:
    if not (values["email"] or values["candidate_external_id"]):
        raise Invalid({"email": ["Enter an email address."]})
    if not (values["job"] or values["job_external_id"]):
        raise Invalid({"job": ["Enter the job's title or ATS id."]})


def _moment(field: str, text: str, zone: ZoneInfo) -> str:
    """Return a date, or a date and time of the firm's clock, as a moment; a date alone is its noon."""
    try:
        local = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid({field: [_A_MOMENT]}) from error
    if len(text) == len("2026-11-24"):
        local = dt.datetime.combine(local, NOON)
    return (local if local.tzinfo else local.replace(tzinfo=zone)).isoformat()


def _candidate(session: Session, firm: Firm, actor: Actor, what: Applied) -> Candidate:
    """Find the person of an application, or take them in when the row says enough."""
    external_id, addresses = what.pointing
    known = candidate_queries.known(session, firm.id, external_id, addresses)
    if len(known) == 1:
        return known[0]
    if not known and not what.adds_person:
        raise Invalid({"email": [NOBODY]})
    person = Person(name=what.name or "", emails=addresses, external_id=external_id)
    return candidates.take_in(session, firm.id, actor, person)[0]


def _job(session: Session, firm: Firm, actor: Actor, role: Role) -> Job:
    """Find the job of an application, or add it when the row has a title."""
    found = job_queries.find_by_external_id(session, firm.id, role.external_id) if role.external_id else None
    if found is None and role.title:
        found = job_queries.find_by_title(session, firm.id, role.title, role.client_name)
    if found is None and not role.title:
        raise Invalid({"job_external_id": [NO_JOB]})
    return found or jobs.take_in_job(session, firm.id, actor, role)[0]
