"""What one row of a file says, read by the API's own schemas, and taking it in."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm
from recruiter.applications import queries as application_queries
from recruiter.applications import service as applications
from recruiter.applications.models import Application, DecidedBy, Decision
from recruiter.applications.schemas import FactsBody, OutcomeCode
from recruiter.applications.service import AddApplication, Facts, Verdict
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidate_queries
from recruiter.candidates import service as candidates
from recruiter.candidates.models import Candidate
from recruiter.candidates.schemas import CandidateBody, Email, person_from
from recruiter.candidates.service import Person
from recruiter.db.folding import fold, fold_address, words
from recruiter.errors import Invalid
from recruiter.imports.models import ImportKind
from recruiter.jobs import queries as job_queries
from recruiter.jobs import service as jobs
from recruiter.jobs.models import Job
from recruiter.jobs.service import Role
from recruiter.scorecards import service as scorecards
from recruiter.scorecards.service import Card, Note
from recruiter.web.schemas import Day, Line, Moment, Prose

NOON = dt.time(12)
STAGES = {"applied": "application", "new": "application", "interview": "client_interview", "phone_screen": "screening"}
DECISIONS = {"rejected": "not_selected", "withdrawn": "withdrew", "placed": "hired", "closed": "role_closed"}
NOBODY = "We know no candidate of this address or ATS id. Add name and address to the row."
NO_JOB = "We know no job of this ATS id. Add its title to the row."
# What Greenhouse calls its ratings; no decision is no evidence.
RATINGS = {"definitely_not": "1", "no": "2", "mixed": "3", "yes": "4", "strong_yes": "5"}
NO_EVIDENCE = {"no_decision", "no_evidence", "ne"}
NO_APPLICATION = "We know no application of this person for this job. Import it first."
_A_RATING = "Use a number from 1 to 5, or leave it empty for no evidence."
_A_DAY = "Use a real date such as 2026-11-24."
_A_MOMENT = "Use a real date such as 2026-11-24, or with a time: 2026-11-24 10:30."


class ApplicationRow(FactsBody):
    """An application as a file has it: the person and the job by what people call them."""

    name = Line(load_default=None)
    email = Email(load_default=None)
    candidate_external_id = Line(load_default=None)
    job = Line(load_default=None)
    job_external_id = Line(load_default=None)
    client = Line(load_default=None)
    promised_on = Day(load_default=None, error_messages={"invalid": _A_DAY})
    decision = fields.Enum(Decision, by_value=True, load_default=None)
    outcome_code = OutcomeCode(load_default=None)
    ats_reason = Line(load_default=None)
    decided_by = fields.Enum(DecidedBy, by_value=True, load_default=None)
    decided_at = Moment(load_default=None)


class ScorecardRow(Schema):
    """One note of a scorecard as a file has it."""

    email = Email(load_default=None)
    candidate_external_id = Line(load_default=None)
    application_external_id = Line(load_default=None)
    job = Line(load_default=None)
    job_external_id = Line(load_default=None)
    interviewer = Line(required=True)
    interviewer_role = Line(load_default="")
    moment = Line(most=120, load_default="")
    interviewed_on = Day(load_default=None, error_messages={"invalid": _A_DAY})
    criterion = Line(most=120, required=True)
    rating = fields.Integer(
        load_default=None, validate=validate.Range(1, 5, error=_A_RATING), error_messages={"invalid": _A_RATING}
    )
    text = Prose(most=2000, load_default="")
    effect = Prose(most=1000, load_default="")
    shareable = fields.Boolean(load_default=False, error_messages={"invalid": "Use yes or no."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a row says of an application."""

    name: str | None
    email: str | None
    candidate_external_id: str | None
    role: Role
    facts: Facts
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One note of a scorecard: whose application it is about, and the card with this note alone."""

    email: str | None
    candidate_external_id: str | None
    application_external_id: str | None
    role: Role
    card: Card


Said = Person | Applied | Scored


def said(kind: ImportKind, cells: Mapping[str, str], firm: Firm) -> Said:
    """Return what the filled cells of a row say; raise ``Invalid`` with messages by field."""
    if kind is ImportKind.SCORECARDS:
        return _scored(cells)
    return _person(cells) if kind is ImportKind.CANDIDATES else _applied(cells, ZoneInfo(firm.time_zone))


def names(what: Said) -> list[tuple[str, str]]:
    """Return by what a row may be found again, each with the field it stands in; two rows must not share one."""
    if isinstance(what, Scored):
        return [("criterion", _same_note(what))]
    ids = what.facts.external_id if isinstance(what, Applied) else what.external_id
    addresses = [] if isinstance(what, Applied) else [("email", fold_address(each)) for each in what.emails]
    return addresses + ([("external_id", ids)] if ids else [])


def pointing(what: Said) -> tuple[str | None, tuple[str, ...]]:
    """Return the ATS id and the addresses by which a row names its person."""
    if isinstance(what, Person):
        return what.external_id, what.emails
    return what.candidate_external_id, (what.email,) if what.email else ()


def adds_person(what: Said | None) -> bool:
    """Whether the row says enough of its person for them to be taken in when nobody knows them."""
    return isinstance(what, Person) or (isinstance(what, Applied) and bool(what.name and what.email))


def knows_job(session: Session, firm: Firm, external_id: str) -> bool:
    """Whether the firm has a job that the ATS knows by this id."""
    return job_queries.find_by_external_id(session, firm.id, external_id) is not None


def take_in(session: Session, firm: Firm, actor: Actor, what: Said) -> None:
    """Take the row in; raise a ``DomainError`` when it cannot be."""
    if isinstance(what, Person):
        candidates.take_in(session, firm.id, actor, what)
        return
    if isinstance(what, Scored):
        scorecards.take_note(session, _application(session, firm, what), actor, what.card)
        return
    candidate, job = _candidate(session, firm, actor, what), _job(session, firm, actor, what.role)
    application, _ = applications.take_in(
        session,
        AddApplication(firm_id=firm.id, actor=actor, candidate_id=candidate.id, job_id=job.id, facts=what.facts),
    )
    if what.verdict is not None and _says_more(application, what.verdict):
        applications.decide(session, application, actor, what.verdict)


def _says_more(application: Application, verdict: Verdict) -> bool:
    """Whether a row decides, or names the reason of a decision that has none and was not told."""
    gives_reason = bool(verdict.ats_reason) and application.outcome_code is None and application.told_at is None
    return application.decision is not verdict.decision or gives_reason


def _person(cells: Mapping[str, str]) -> Person:
    body: dict[str, Any] = {name: cell for name, cell in cells.items() if name not in {"first_name", "last_name"}}
    parts = [cells[part] for part in ("first_name", "last_name") if part in cells]
    if parts:
        body.setdefault("name", " ".join(parts))
    for name in {"emails", "skills"} & body.keys():
        body[name] = [part.strip() for part in re.split(r"[;,\n]", body[name]) if part.strip()]
    return person_from(_load(CandidateBody(), body))


def _applied(cells: Mapping[str, str], zone: ZoneInfo) -> Applied:
    body: dict[str, Any] = dict(cells)
    for name, known in (("stage", STAGES), ("decision", DECISIONS), ("decided_by", {})):
        if name in body:
            word = "_".join(words(body[name].replace("_", " ")))
            body[name] = known.get(word, word)
    for name in {"last_interview_at", "decided_at"} & body.keys():
        body[name] = _moment(name, body[name], zone)
    values = _load(ApplicationRow(), body)
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


def _scored(cells: Mapping[str, str]) -> Scored:
    body: dict[str, Any] = dict(cells)
    if "rating" in body:
        word = "_".join(words(body["rating"].replace("_", " ")))
        body["rating"] = None if word in NO_EVIDENCE else RATINGS.get(word, word)
    values = _load(ScorecardRow(), {name: value for name, value in body.items() if value is not None})
    if not (values["email"] or values["candidate_external_id"] or values["application_external_id"]):
        raise Invalid({"email": ["Enter an email address, or the ATS id of the application."]})
    note = Note(
        criterion=values["criterion"],
        rating=values["rating"],
        text=values["text"],
        effect=values["effect"],
        is_shareable=values["shareable"],
    )
    about = ("interviewer", "interviewer_role", "moment", "interviewed_on")
    return Scored(
        email=values["email"],
        candidate_external_id=values["candidate_external_id"],
        application_external_id=values["application_external_id"],
        role=Role(title=values["job"] or "", external_id=values["job_external_id"]),
        card=Card(**{name: values[name] for name in about}, notes=(note,)),
    )


def _same_note(what: Scored) -> str:
    """Return what two rows of a file may not share: whose it is, which conversation, and what was looked at."""
    card, person = what.card, what.email or what.candidate_external_id or ""
    about = (what.application_external_id, fold_address(person), what.role.external_id, fold(what.role.title))
    return "\n".join(map(str, (*about, card.interviewer, card.moment, card.interviewed_on, card.notes[0].criterion)))


def _application(session: Session, firm: Firm, what: Scored) -> Application:
    """Find what a scorecard is about: the application of this ATS id, else the person's newest for the job."""
    found: Application | None
    if what.application_external_id:
        found = application_queries.find_by_external_id(session, firm.id, what.application_external_id)
    else:
        known = candidate_queries.known(session, firm.id, *pointing(what))
        several = (each for person in known for each in application_queries.of_candidate(session, firm.id, person.id))
        found = next((each for each in several if _is_for(each.job, what.role)), None)
    if found is None:
        raise Invalid({"job": [NO_APPLICATION]})
    return found


def _is_for(job: Job, role: Role) -> bool:
    if role.external_id:
        return job.external_id == role.external_id
    return not role.title or job.title_folded == fold(role.title)


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


def _load(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        raise Invalid({**error.messages_dict}) from error
    return loaded


def _candidate(session: Session, firm: Firm, actor: Actor, what: Applied) -> Candidate:
    """Find the person of an application, or take them in when the row says enough."""
    external_id, addresses = pointing(what)
    known = candidate_queries.known(session, firm.id, external_id, addresses)
    if len(known) == 1:
        return known[0]
    if not known and not adds_person(what):
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
