"""Maya Ferreira: interviewed for a job, waiting to hear; and a whole notice to her that nothing speaks against."""

import datetime as dt
from dataclasses import dataclass

from flask import Flask

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.db.session import transaction
from recruiter.jobs.models import Client, Job
from recruiter.texts import service as texts
from tests import build

STRENGTH = {
    "criterion": "Data modelling",
    "moment": "the exercise",
    "text": "Your redesign cut the nightly job from 40 to 6 minutes.",
    "effect": "We could see what you traded away.",
}
GAP = {
    "criterion": "Streaming pipelines",
    "moment": "the second call",
    "text": "The examples you gave were batch jobs.",
    "effect": "We could not see how you would handle late events.",
    "requirement": "Works with late and repeated events",
    "suggestion": "A small project with windowing and replay.",
}


@dataclass(frozen=True)
class Case:
    """One person's application with what surrounds it."""

    firm: Firm
    candidate: Candidate
    job: Job
    application: Application

    def body(self, **changes: object) -> dict[str, object]:
        """A whole notice that nothing speaks against, ready to leave at once."""
        return {
            "application_id": str(self.application.id),
            "kind": "rejection",
            "outcome_code": "CLO-OTHER",
            "reason": "The person chosen matched two needs of this role more closely.",
            "feedback": {"strengths": [STRENGTH], "gaps": [GAP]},
            "hold_minutes": 0,
            "timing": "now",
        } | changes

    def preview(self, **changes: object) -> dict[str, object]:
        """The same as a preview takes it."""
        return {name: value for name, value in self.body(**changes).items() if name not in {"hold_minutes", "timing"}}


def case(app: Flask, firm: Firm, *, seeded: bool = False, **application: object) -> Case:
    """One more person of the firm; the first of them brings the templates and the client."""
    with app.app_context():
        brought = {} if seeded else {"client": _brought(firm)}
        job = build.job(firm, requirements=("Works with late and repeated events", "Leads on-call"), **brought)
        candidate = build.candidate(firm, time_zone="Europe/Lisbon", external_id=None)
        interviewed = dt.datetime(2025, 11, 13, 14, tzinfo=dt.UTC)
        found = build.application(firm, candidate, job, last_interview_at=interviewed, **application)
    return Case(firm, candidate, job, found)


def _brought(firm: Firm) -> Client:
    with transaction(firm.id) as session:
        texts.seed_firm(session, firm.id)
    return Client(firm_id=firm.id, name="Lumen Grid", name_folded="lumen grid", updated_at=clock.now())
