"""One row of a file of scorecards: one note of an interviewer, and which application it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm
from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.candidates.schemas import Email
from recruiter.db.folding import fold, fold_address
from recruiter.errors import Invalid
from recruiter.imports.rows import A_DAY, code, load
from recruiter.jobs.models import Job
from recruiter.jobs.service import Role
from recruiter.scorecards import service as scorecards
from recruiter.scorecards.service import Card, Note
from recruiter.web.schemas import Day, Line, Prose

# What Greenhouse calls its ratings; no decision is no evidence.
RATINGS = {"definitely_not": "1", "no": "2", "mixed": "3", "yes": "4", "strong_yes": "5"}
NO_EVIDENCE = {"no_decision", "no_evidence", "ne"}
NO_APPLICATION = "We know no application of this person for this job. Import it first."
_A_RATING = "Use a number from 1 to 5, or leave it empty for no evidence."


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
    interviewed_on = Day(load_default=None, error_messages={"invalid": A_DAY})
    criterion = Line(most=120, required=True)
    rating = fields.Integer(
        load_default=None, validate=validate.Range(1, 5, error=_A_RATING), error_messages={"invalid": _A_RATING}
    )
    text = Prose(most=2000, load_default="")
    effect = Prose(most=1000, load_default="")
    shareable = fields.Boolean(load_default=False, error_messages={"invalid": "Use yes or no."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One note, as a row has it: whose application it is about, and the card with this note alone."""

    email: str | None
    candidate_external_id: str | None
    application_external_id: str | None
    role: Role
    card: Card

    @property
    def names(self) -> list[tuple[str, str]]:
        """By what it may be found again: whose it is, which conversation, and what was looked at."""
        person = fold_address(self.email or self.candidate_external_id or "")
        whose = (self.application_external_id, person, self.role.external_id, fold(self.role.title))
        conversation = (self.card.interviewer, self.card.moment, self.card.interviewed_on)
        return [("criterion", "\n".join(map(str, (*whose, *conversation, self.card.notes[0].criterion))))]

    @property
    def pointing(self) -> tuple[str | None, tuple[str, ...]]:
        """The ATS id and the address of its person."""
        return self.candidate_external_id, (self.email,) if self.email else ()

    @property
    def adds_person(self) -> bool:
        """No: a note is about an application that is there."""
        return False

    def take_in(self, session: Session, firm: Firm, actor: Actor) -> None:
        """Add the note to the card of its conversation."""
        scorecards.take_note(session, _application(session, firm, self), actor, self.card)


def read(cells: Mapping[str, str], _firm: Firm) -> Scored:
    """Return what the filled cells of a row say; raise ``Invalid`` with messages by field."""
    body: dict[str, Any] = dict(cells)
    if "rating" in body:
        word = code(body["rating"])
        body["rating"] = None if word in NO_EVIDENCE else RATINGS.get(word, word)
    values = load(ScorecardRow(), {name: value for name, value in body.items() if value is not None})
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


def _application(session: Session, firm: Firm, what: Scored) -> Application:
    """Find what a scorecard is about: the application of this ATS id, else the person's newest for the job."""
    found: Application | None
    if what.application_external_id:
        found = applications.find_by_external_id(session, firm.id, what.application_external_id)
    else:
        known = candidates.known(session, firm.id, *what.pointing)
        several = (each for person in known for each in applications.of_candidate(session, firm.id, person.id))
        found = next((each for each in several if _is_for(each.job, what.role)), None)
    if found is None:
        raise Invalid({"job": [NO_APPLICATION]})
    return found


def _is_for(job: Job, role: Role) -> bool:
    if role.external_id:
        return job.external_id == role.external_id
    return not role.title or job.title_folded == fold(role.title)
