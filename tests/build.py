"""One builder for each kind of row, every argument with a default; a test names only what it is about."""

import datetime as dt
import itertools
import uuid
from typing import Any

import sqlalchemy as sa

from recruiter import clock
from recruiter.accounts.models import Firm, Member, Role
from recruiter.applications.models import Application, Stage
from recruiter.candidates.models import Candidate, CandidateEmail
from recruiter.db.base import new_id
from recruiter.db.folding import fold
from recruiter.db.session import transaction
from recruiter.jobs.models import Job, Requirement

_numbers = itertools.count(1)


def firm(name: str = "Harbour & Pine", **values: Any) -> Firm:
    number = next(_numbers)
    row = Firm(id=new_id(), name=name, slug=values.pop("slug", f"firm-{number}"), time_zone="Europe/Lisbon")
    return _keep(row, row.id, values)


def member(firm: Firm, name: str = "Priya Nair", role: Role = Role.ADMIN, **values: Any) -> Member:
    email = values.pop("email", f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@agency.example.com")
    row = Member(id=new_id(), firm_id=firm.id, name=name, email=email, role=role, fs_uniquifier=uuid.uuid4().hex)
    return _keep(row, firm.id, values)


def candidate(firm: Firm, name: str = "Maya Ferreira", email: str | None = None, **values: Any) -> Candidate:
    address = email or f"maya{next(_numbers)}@example.com"
    row = Candidate(id=new_id(), firm_id=firm.id, name=name, name_folded=fold(name), updated_at=clock.now())
    row.emails = [CandidateEmail(firm_id=firm.id, address=address, address_folded=address.casefold(), position=0)]
    row.skills = []
    return _keep(row, firm.id, values)


def without_addresses(candidate: Candidate) -> None:
    with transaction(candidate.firm_id) as session:
        session.execute(sa.delete(CandidateEmail).where(CandidateEmail.candidate_id == candidate.id))


def job(firm: Firm, title: str = "Data Engineer", requirements: tuple[str, ...] = (), **values: Any) -> Job:
    row = Job(id=new_id(), firm_id=firm.id, title=title, title_folded=fold(title), updated_at=clock.now())
    row.requirements = [
        Requirement(firm_id=firm.id, position=position, text=text) for position, text in enumerate(requirements)
    ]
    return _keep(row, firm.id, values)


def application(firm: Firm, candidate: Candidate, job: Job, stage: Stage = Stage.FINAL, **values: Any) -> Application:
    now = clock.now()
    row = Application(
        id=new_id(),
        firm_id=firm.id,
        candidate_id=candidate.id,
        job_id=job.id,
        stage=stage,
        stage_since=now,
        promised_on=now.date() + dt.timedelta(days=3),
        updated_at=now,
    )
    return _keep(row, firm.id, values)


def _keep(row: Any, firm_id: uuid.UUID, values: dict[str, Any]) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    with transaction(firm_id) as session:
        session.add(row)
    return row
