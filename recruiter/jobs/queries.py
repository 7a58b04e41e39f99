"""Reading clients and jobs; each query names the firm."""

import enum
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, lazyload

from recruiter.db import keyset
from recruiter.db.folding import fold
from recruiter.db.keyset import Page, Window
from recruiter.errors import NotFound
from recruiter.jobs.models import Client, Job


class JobState(enum.StrEnum):
    """Whether a job still takes candidates."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which jobs are wanted; what is left out does not narrow. ``q`` is a part of the title or the client's name."""

    q: str | None = None
    client_id: uuid.UUID | None = None
    external_id: str | None = None
    state: JobState | None = None


def get_client(session: Session, firm_id: uuid.UUID, client_id: uuid.UUID) -> Client:
    """Return the client, or raise ``NotFound``."""
    return _client(session, firm_id, sa.select(Client).where(Client.id == client_id))


def get_client_for_update(session: Session, firm_id: uuid.UUID, client_id: uuid.UUID) -> Client:
    """Return the client and make others who change it wait; raise ``NotFound``."""
    query = sa.select(Client).where(Client.id == client_id).with_for_update()
    return _client(session, firm_id, query.execution_options(populate_existing=True))


def find_client(session: Session, firm_id: uuid.UUID, name_folded: str) -> Client | None:
    """Return the client of this folded name."""
    return session.scalar(sa.select(Client).where(Client.firm_id == firm_id, Client.name_folded == name_folded))


def clients(session: Session, firm_id: uuid.UUID, name_folded: str | None, window: Window) -> Page[Client]:
    """Return clients, newest first; with ``name_folded`` the one of that name."""
    query = sa.select(Client).where(Client.firm_id == firm_id)
    if name_folded is not None:
        query = query.where(Client.name_folded == name_folded)
    return keyset.page(session, query, [Client.created_at, Client.id], window, newest_first=True)


def all_clients(session: Session, firm_id: uuid.UUID) -> Sequence[Client]:
    """Return every client by name, for a list to choose from."""
    return session.scalars(sa.select(Client).where(Client.firm_id == firm_id).order_by(Client.name_folded)).all()


def choices(session: Session, firm_id: uuid.UUID, chosen: uuid.UUID | None = None) -> list[tuple[uuid.UUID, str]]:
    """Return the jobs of a select, by title with the client: those that are open, and the one that is chosen."""
    query = sa.select(Job.id, label()).outerjoin(Client, with_client())
    query = query.where(Job.firm_id == firm_id, sa.or_(Job.closed_at.is_(None), Job.id == chosen))
    found = session.execute(query.order_by(Job.closed_at.is_not(None), Job.title, Job.id))
    return [(job_id, words) for job_id, words in found]


def label() -> sa.ColumnElement[str]:
    """Return the title of a job with its client, the same as ``Job.label``; for queries that ``with_client``."""
    return Job.title + sa.func.coalesce(sa.literal(", ") + Client.name, "")


def with_client() -> sa.ColumnElement[bool]:
    """Return the condition under which an outer join finds a job's client."""
    return sa.and_(Client.firm_id == Job.firm_id, Client.id == Job.client_id)


def get_job(session: Session, firm_id: uuid.UUID, job_id: uuid.UUID) -> Job:
    """Return the job with client and requirements, or raise ``NotFound``."""
    return _one(session, firm_id, sa.select(Job).where(Job.id == job_id))


def closed(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these jobs are not open any more."""
    query = sa.select(Job.id).where(Job.firm_id == firm_id, Job.id.in_(ids), Job.closed_at.is_not(None))
    return set(session.scalars(query))


def get_for_update(session: Session, firm_id: uuid.UUID, job_id: uuid.UUID) -> Job:
    """Return the job and make others who change it wait; raise ``NotFound``."""
    query = sa.select(Job).where(Job.id == job_id).with_for_update(of=Job)
    return _one(session, firm_id, query.execution_options(populate_existing=True))


def find_by_external_id(session: Session, firm_id: uuid.UUID, external_id: str) -> Job | None:
    """Return the job that the ATS knows by this id."""
    return session.scalar(sa.select(Job).where(Job.firm_id == firm_id, Job.external_id == external_id))


def find_by_title(session: Session, firm_id: uuid.UUID, title: str, client: str | None) -> Job | None:
    """Return the job of this title and, when given, of the client of this name: an open one first, then the newest."""
    query = sa.select(Job).where(Job.firm_id == firm_id, Job.title_folded == fold(title))
    if client is not None:
        of_client = sa.select(Client.id).where(Client.firm_id == firm_id, Client.name_folded == fold(client))
        query = query.where(Job.client_id.in_(of_client))
    return session.scalar(query.order_by(Job.closed_at.is_not(None), Job.created_at.desc()).limit(1))


def open_jobs(session: Session, firm_id: uuid.UUID) -> Sequence[Job]:
    """Return every job that is open with its client, by title, for a list to choose from."""
    query = sa.select(Job).where(Job.firm_id == firm_id, Job.closed_at.is_(None)).options(lazyload(Job.requirements))
    return session.scalars(query.order_by(Job.title, Job.id)).all()


def page(session: Session, firm_id: uuid.UUID, filters: Filters, window: Window) -> Page[Job]:
    """Return jobs with client and requirements, newest first."""
    query = sa.select(Job).where(Job.firm_id == firm_id, *_conditions(firm_id, filters))
    return keyset.page(session, query, [Job.created_at, Job.id], window, newest_first=True)


def _conditions(firm_id: uuid.UUID, filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.q is not None:
        of_client = sa.select(Client.id).where(Client.firm_id == firm_id, _contains(Client.name_folded, filters.q))
        found.append(sa.or_(_contains(Job.title_folded, filters.q), Job.client_id.in_(of_client)))
    if filters.client_id is not None:
        found.append(Job.client_id == filters.client_id)
    if filters.external_id is not None:
        found.append(Job.external_id == filters.external_id)
    if filters.state is not None:
        found.append(Job.closed_at.is_(None) if filters.state is JobState.OPEN else Job.closed_at.is_not(None))
    return found


def _contains(column: InstrumentedAttribute[str], q: str) -> sa.ColumnElement[bool]:
    return column.contains(fold(q), autoescape=True)


def _one(session: Session, firm_id: uuid.UUID, query: sa.Select[Job]) -> Job:
    found = session.scalar(query.where(Job.firm_id == firm_id))
    if found is None:
        raise NotFound("There is no such job.")
    return found


def _client(session: Session, firm_id: uuid.UUID, query: sa.Select[Client]) -> Client:
    found = session.scalar(query.where(Client.firm_id == firm_id))
    if found is None:
        raise NotFound("There is no such client.")
    return found
