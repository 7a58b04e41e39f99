"""Keeping clients and jobs: clients found again by name, jobs by the ATS's id."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db import conflicts, locks, receipts
from recruiter.db.folding import fold
from recruiter.db.session import transaction
from recruiter.errors import Conflict, Invalid
from recruiter.jobs import queries
from recruiter.jobs.models import Client, Job, Requirement
from recruiter.policies import regions


class Taken(Conflict):
    """Another client has this name, or another job this ATS id."""

    code = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClient:
    """A company the firm recruits for, perhaps one it knows."""

    firm_id: uuid.UUID
    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people a client employs, None when nobody knows, and on which day; today, when that is left out."""

    people: int | None
    on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeClient:
    """What the firm now knows about a client; ``seen`` is the ``updated_at`` that the change is based on.

    ``heads`` is how many people the client employs; None leaves what is known.
    """

    firm_id: uuid.UUID
    actor: Actor
    client_id: uuid.UUID
    name: str
    heads: Headcount | None = None
    seen: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something a role needs; ``id`` is that of the requirement it replaces, so that references to it hold."""

    text: str
    must_have: bool = True
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a firm knows about a job. ``country`` is ISO 3166-1 alpha-2, ``region`` ISO 3166-2; ``needs`` in order."""

    title: str
    client_name: str | None = None
    client_disclosed: bool = True
    country: str | None = None
    region: str | None = None
    location: str | None = None
    advertised: bool = False
    external_id: str | None = None
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddJob:
    """A role to fill."""

    firm_id: uuid.UUID
    actor: Actor
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeJob:
    """What the firm now knows about a job; ``seen`` is the ``updated_at`` that the change is based on."""

    firm_id: uuid.UUID
    actor: Actor
    job_id: uuid.UUID
    role: Role
    seen: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseJob:
    """The job takes no more candidates, or takes them again."""

    firm_id: uuid.UUID
    actor: Actor
    job_id: uuid.UUID
    closed: bool


def add_client(command: AddClient) -> tuple[Client, bool]:
    """Take the client in; return it, and whether it is new. A client is found again by its name."""
    with transaction(command.firm_id) as session:
        client, created = take_in_client(session, command.firm_id, command.actor, command.name)
        receipts.finish(session, command.firm_id, client.id, status=201 if created else 200)
    return client, created


def take_in_client(session: Session, firm_id: uuid.UUID, actor: Actor, name: str) -> tuple[Client, bool]:
    """Find the client of this name, or add it; composed, otherwise as ``add_client``."""
    folded = fold(name)
    locks.hold(session, firm_id, f"client {folded}")
    client = queries.find_client(session, firm_id, folded)
    if client is not None:
        return client, False
    client = Client(firm_id=firm_id, name=name, name_folded=folded, updated_at=clock.now())
    with conflicts.named(session, {"uq_clients_firm_id_name_folded": Taken("Another client has this name.")}):
        session.add(client)
    audit.record(session, firm_id, actor, Change(action="client.added", subject_id=client.id))
    return client, True


def change_client(command: ChangeClient) -> Client:
    """Write what the firm now knows. Raises ``NotFound``, ``Stale``, ``Taken``, or ``Invalid`` for a day to come."""
    with transaction(command.firm_id) as session:
        client = queries.get_client_for_update(session, command.firm_id, command.client_id)
        conflicts.refuse_stale(client, command.seen)
        before = _facts_of(client)
        action = "client.changed" if client.name == command.name else "client.renamed"
        with conflicts.named(session, {"uq_clients_firm_id_name_folded": Taken("Another client has this name.")}):
            client.name, client.name_folded = command.name, fold(command.name)
            if command.heads is not None:
                _count_heads(session, client, command.heads)
            if _facts_of(client) == before:
                return client
            client.updated_at = clock.now()
        audit.record(session, command.firm_id, command.actor, Change(action=action, subject_id=client.id))
    return client


def _facts_of(client: Client) -> tuple[str, int | None, dt.date | None]:
    return client.name, client.headcount, client.headcount_on


def _count_heads(session: Session, client: Client, heads: Headcount) -> None:
    today = clock.today(accounts.get_firm(session, client.firm_id).time_zone)
    if heads.on is not None and heads.on > today:
        raise Invalid({"headcount_on": ["This day is still to come."]})
    client.headcount = heads.people
    client.headcount_on = (heads.on or today) if heads.people is not None else None


def role_of(job: Job) -> Role:
    """Return what the firm knows about a job."""
    return Role(
        title=job.title,
        client_name=job.client.name if job.client else None,
        client_disclosed=job.client_disclosed,
        country=job.country,
        region=job.region,
        location=job.location,
        advertised=job.advertised,
        external_id=job.external_id,
        needs=tuple(Need(need.text, need.must_have, need.id) for need in job.requirements),
    )


def add_job(command: AddJob) -> tuple[Job, bool]:
    """Add the job; return it, and whether it is new. A job of the same ATS id is found again and stays as it is."""
    with transaction(command.firm_id) as session:
        job, created = take_in_job(session, command.firm_id, command.actor, command.role)
        receipts.finish(session, command.firm_id, job.id, status=201 if created else 200)
    return job, created


def take_in_job(session: Session, firm_id: uuid.UUID, actor: Actor, role: Role) -> tuple[Job, bool]:
    """Find the job of this ATS id, or add it; composed, otherwise as ``add_job``. Raises ``Invalid`` for a region."""
    if role.external_id is not None:
        locks.hold(session, firm_id, f"job {role.external_id}")
        known = queries.find_by_external_id(session, firm_id, role.external_id)
        if known is not None:
            return known, False
    job = Job(firm_id=firm_id, owner_id=actor.member_id, requirements=[])
    _write(session, actor, job, role)
    audit.record(session, firm_id, actor, Change(action="job.added", subject_id=job.id))
    return job, True


def change_job(command: ChangeJob) -> Job:
    """Write what the firm now knows. Raises ``NotFound``, ``Stale``, ``Taken``, or ``Invalid`` for a strange need."""
    with transaction(command.firm_id) as session:
        job = queries.get_for_update(session, command.firm_id, command.job_id)
        conflicts.refuse_stale(job, command.seen)
        if command.role != role_of(job):
            _write(session, command.actor, job, command.role)
            audit.record(session, command.firm_id, command.actor, Change(action="job.changed", subject_id=job.id))
    return job


def close(command: CloseJob) -> Job:
    """Close or reopen the job; doing so twice changes nothing. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        job = queries.get_for_update(session, command.firm_id, command.job_id)
        if (job.closed_at is not None) != command.closed:
            job.updated_at = clock.now()
            job.closed_at = job.updated_at if command.closed else None
            action = "job.closed" if command.closed else "job.reopened"
            audit.record(session, command.firm_id, command.actor, Change(action=action, subject_id=job.id))
        receipts.finish(session, command.firm_id, job.id, status=200)
    return job


def _write(session: Session, actor: Actor, job: Job, role: Role) -> None:
    client = take_in_client(session, job.firm_id, actor, role.client_name)[0] if role.client_name else None
    with conflicts.named(session, {"uq_jobs_firm_id_external_id": Taken("Another job has this ATS id.")}):
        job.title, job.title_folded = role.title, fold(role.title)
        # By its key: no client would also empty the firm, which is part of the key to the client.
        job.client_id = client.id if client else None
        job.client_disclosed = role.client_disclosed
        job.country, job.region = _where(role)
        job.location = role.location
        job.advertised = role.advertised
        job.external_id = role.external_id
        job.updated_at = clock.now()
        session.add(job)
    session.refresh(job, ["client"])
    _write_needs(session, job, role.needs)


def _where(role: Role) -> tuple[str | None, str | None]:
    """Return country and region; a region tells its country. Raises ``Invalid`` where the two do not fit."""
    if role.region is None:
        return role.country, None
    if not regions.is_region(role.region, role.country):
        raise Invalid({"region": ["Choose a region of the same country."]})
    return role.region[:2], role.region


def _write_needs(session: Session, job: Job, needs: Sequence[Need]) -> None:
    """Replace the requirements; one that is named by its id is kept and may have another text and place."""
    kept = {requirement.id: requirement for requirement in job.requirements}
    rows = [kept.pop(need.id, None) if need.id else Requirement(firm_id=job.firm_id) for need in needs]
    strange = {index: {"id": ["This job has no such requirement."]} for index, row in enumerate(rows) if row is None}
    if strange:
        raise Invalid({"requirements": strange})
    for requirement in job.requirements:
        requirement.position = -1 - requirement.position  # out of the way: two may change places
    session.flush()
    job.requirements = [row for row in rows if row is not None]
    for position, (row, need) in enumerate(zip(job.requirements, needs, strict=True)):
        row.position, row.text, row.must_have = position, need.text, need.must_have
    session.flush()
