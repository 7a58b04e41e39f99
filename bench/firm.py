"""A firm of the size that the figures are about, written in bulk; the same people at every run."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_security.utils import hash_password

from recruiter import clock
from recruiter.accounts import keys
from recruiter.accounts import service as accounts
from recruiter.accounts.models import Member, Role, Scope
from recruiter.accounts.service import AddMember, CreateFirm
from recruiter.applications.models import Application, DecidedBy, Decision, Stage
from recruiter.audit.service import SYSTEM
from recruiter.candidates.models import Candidate, CandidateEmail, CandidateSkill, SearchDocument
from recruiter.contacts.models import Contact
from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.jobs.models import Client, Job, Requirement
from recruiter.talent_pool.models import Basis, Membership
from recruiter.texts import service as texts

PEOPLE, JOBS, WAITING, POOL = 20_000, 60, 400, 5_000
BATCH = 2_000
PASSWORD = "a password for measuring only"  # noqa: S105 - of a firm that lives as long as the measurement

FIRST = (
    "Ada", "Amir", "Ana", "Ben", "Carla", "Chidi", "Dana", "Elif", "Farid", "Gita", "Hana", "Ivo", "Jun", "Kofi",
    "Lena", "Maya", "Nils", "Olu", "Priya", "Rosa", "Sam", "Tomas",
)  # fmt: skip
LAST = (
    "Abara", "Becker", "Costa", "Diaz", "Eriksen", "Ferreira", "Gupta", "Haddad", "Ito", "Jansen", "Kaya", "Lopez",
    "Mensah", "Novak", "Okafor", "Park", "Quist",
)  # fmt: skip
SKILLS = (
    "Python", "Go", "C++", "C#", ".NET", "PostgreSQL", "Kubernetes", "Terraform", "React", "Payroll", "IFRS", "SAP",
    "Forklift licence", "Cold chain", "Incident command", "German B2", "Procurement", "Tendering", "Excel", "SQL",
)  # fmt: skip
PLACES = ("Lisbon", "Porto", "Berlin", "Leeds", "Toronto", "Utrecht", "Lyon", "Austin")
TITLES = ("Platform engineer", "Payroll analyst", "Warehouse lead", "Data engineer", "Buyer", "Controller")


@dataclass(frozen=True, slots=True)
class Measured:
    """What the measurement needs to know of the firm."""

    email: str
    key: str
    candidates: Sequence[uuid.UUID]
    to_tell: Sequence[uuid.UUID]
    job: uuid.UUID


def build() -> Measured:
    """Make the firm in an empty database; takes some ten seconds."""
    chance = random.Random(7)
    firm = accounts.create_firm(
        CreateFirm(name="Harbour & Pine", slug="harbour", time_zone="Europe/Lisbon", seeds=(texts.seed_firm,))
    )
    command = AddMember(
        firm_id=firm.id,
        actor=SYSTEM,
        email="priya@harbour.example.com",
        name="Priya Nair",
        role=Role.ADMIN,
        password_hash=hash_password(PASSWORD),
    )
    member = accounts.add_member(command)
    key = keys.create_key(keys.CreateKey(firm_id=firm.id, name="bench", scopes=list(Scope), actor=SYSTEM))
    jobs = [new_id() for _ in range(JOBS)]
    people = [new_id() for _ in range(PEOPLE)]
    with transaction(firm.id) as session:
        writer = _Writer(session.connection(), firm.id)
        writer.put(Client, _clients())
        clients = [row["id"] for row in writer.last]
        writer.put(Job, _jobs(chance, jobs, clients, member))
        writer.put(Requirement, _requirements(chance, jobs))
        _people(writer, chance, people)
        writer.put(Application, _applications(chance, people, jobs, member))
        to_tell = [row["id"] for row in writer.last if row["decision"] is Decision.NOT_SELECTED and not row["told_at"]]
        writer.put(Membership, _memberships(chance, people))
        writer.put(Contact, _contacts(chance, people, member))
    return Measured(email=member.email, key=key.secret, candidates=people, to_tell=to_tell, job=jobs[0])


class _Writer:
    """Inserts rows of one firm in batches."""

    def __init__(self, connection: sa.Connection, firm_id: uuid.UUID) -> None:
        self.connection = connection
        self.firm_id = firm_id
        self.last: list[dict[str, Any]] = []

    def put(self, model: Any, rows: Iterator[dict[str, Any]]) -> None:
        keyed = "id" in model.__table__.columns
        self.last = [({"id": new_id()} if keyed else {}) | {"firm_id": self.firm_id} | row for row in rows]
        for start in range(0, len(self.last), BATCH):
            self.connection.execute(sa.insert(model), self.last[start : start + BATCH])


def _clients() -> Iterator[dict[str, Any]]:
    for number in range(20):
        yield {"name": f"Client {number}", "name_folded": f"client {number}", "updated_at": clock.now()}


def _jobs(chance: random.Random, jobs: list[uuid.UUID], clients: list[Any], member: Member) -> Iterator[dict[str, Any]]:
    for number, key in enumerate(jobs):
        yield {
            "id": key,
            "title": f"{TITLES[number % len(TITLES)]} {number}",
            "title_folded": f"{TITLES[number % len(TITLES)]} {number}".lower(),
            "client_id": chance.choice(clients),
            "owner_id": member.id,
            "location": chance.choice(PLACES),
            "updated_at": clock.now(),
            "created_at": clock.now() - dt.timedelta(days=number),
        }


def _requirements(chance: random.Random, jobs: list[uuid.UUID]) -> Iterator[dict[str, Any]]:
    for job in jobs:
        for position, skill in enumerate(chance.sample(SKILLS, 6)):
            yield {"job_id": job, "position": position, "text": skill, "must_have": position < 4}


def _people(writer: _Writer, chance: random.Random, people: list[uuid.UUID]) -> None:
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in people]
    places = [chance.choice(PLACES) for _ in people]
    skills = [chance.sample(SKILLS, 4) for _ in people]
    now = clock.now()
    writer.put(
        Candidate,
        (
            {
                "id": key,
                "name": name,
                "name_folded": name.lower(),
                "external_id": f"ats-{number}",
                "time_zone": "Europe/Lisbon",
                "location": place,
                "created_at": now - dt.timedelta(minutes=number),
                "updated_at": now,
            }
            for number, (key, name, place) in enumerate(zip(people, names, places, strict=True))
        ),
    )
    addresses = [f"person{number}@candidates.example.com" for number in range(len(people))]
    writer.put(
        CandidateEmail,
        (
            {"candidate_id": key, "address": address, "address_folded": address, "position": 0}
            for key, address in zip(people, addresses, strict=True)
        ),
    )
    writer.put(
        CandidateSkill,
        (
            {"candidate_id": key, "name": skill, "name_folded": skill.lower()}
            for key, known in zip(people, skills, strict=True)
            for skill in known
        ),
    )
    writer.put(
        SearchDocument,
        (
            {"candidate_id": key, "name": name.lower(), "words": " ".join([name, place, *known]).lower()}
            for key, name, place, known in zip(people, names, places, skills, strict=True)
        ),
    )


def _applications(
    chance: random.Random, people: list[uuid.UUID], jobs: list[uuid.UUID], member: Member
) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for number, person in enumerate(people):
        waiting = number < WAITING
        decided = now - dt.timedelta(days=chance.randint(1, 20) if waiting else chance.randint(30, 400))
        is_decided = not waiting or number % 4 > 0
        yield {
            "candidate_id": person,
            "job_id": chance.choice(jobs),
            "owner_id": member.id,
            "stage": chance.choice(list(Stage)[:5]),
            "stage_since": decided - dt.timedelta(days=10),
            "promised_on": (now + dt.timedelta(days=chance.randint(-8, 5))).date(),
            "decision": Decision.NOT_SELECTED if is_decided else None,
            "decided_by": DecidedBy.CLIENT if is_decided else None,
            "decided_at": decided if is_decided else None,
            "round": 1,
            "told_at": None if waiting else decided,
            "created_at": decided - dt.timedelta(days=20),
            "updated_at": decided,
        }


def _memberships(chance: random.Random, people: list[uuid.UUID]) -> Iterator[dict[str, Any]]:
    today = clock.now().date()
    for person in people[-POOL:]:
        starts = today - dt.timedelta(days=chance.randint(1, 300))
        yield {
            "candidate_id": person,
            "basis": Basis.CONSENT,
            "purpose": "roles like the one they applied for",
            "starts_on": starts,
            "ends_on": starts + dt.timedelta(days=365),
            "evidence": {"how": "feedback page"},
            "leave_token_hash": uuid.uuid4().hex,
        }


def _contacts(chance: random.Random, people: list[uuid.UUID], member: Member) -> Iterator[dict[str, Any]]:
    for person in people[::2]:
        yield {
            "candidate_id": person,
            "member_id": member.id,
            "kind": "call",
            "direction": "outbound",
            "outcome": "spoke",
            "happened_at": clock.now() - dt.timedelta(days=chance.randint(1, 300)),
            "note": "Open to a four-day week.",
        }
