"""Reading applications; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Member
from recruiter.applications.models import HEARD_OTHERWISE, Application, Decision, Stage
from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Candidate
from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.db.parameters import FIRM
from recruiter.errors import NotFound
from recruiter.jobs.models import Job

# With the person's addresses, not their skills; and with the firm, which whoever reads one application asks for next.
WHOLE: tuple[ORMOption, ...] = (
    joinedload(Application.candidate).joinedload(Candidate.emails),
    joinedload(Application.candidate).lazyload(Candidate.skills),
    joinedload(Application.job),
    joinedload(Application.owner).joinedload(Member.firm),
    joinedload(Application.ats_reason),
)
PERSON: tuple[ORMOption, ...] = (joinedload(Application.candidate).lazyload(Candidate.skills),)
# A row of a list: no addresses, skills and requirements.
ROW: tuple[ORMOption, ...] = (
    joinedload(Application.candidate).lazyload(Candidate.emails),
    joinedload(Application.candidate).lazyload(Candidate.skills),
    joinedload(Application.job).lazyload(Job.requirements),
    joinedload(Application.owner),
    joinedload(Application.ats_reason),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which applications are wanted; what is left out does not narrow.

    ``open`` asks for undecided ones (or decided ones), ``waiting`` for people who are still to hear from us, and
    ``overdue`` for those of them whose promise ended before today, by the firm's clock. ``q`` are words of the
    person, ``updated_since`` is aware.
    """

    candidate_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    owner_id: uuid.UUID | None = None
    external_id: str | None = None
    stage: Stage | None = None
    decision: Decision | None = None
    open: bool | None = None
    waiting: bool = False
    overdue: bool = False
    q: str | None = None
    updated_since: dt.datetime | None = None


def get_application(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> Application:
    """Return the application with candidate, job and owner, or raise ``NotFound``."""
    return _one(session, _whole(), {"firm_id": firm_id, "application_id": application_id})


def get_for_update(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> Application:
    """Return the application as ``get_application`` and make others who change it wait; raise ``NotFound``."""
    return _one(session, _locked(), {"firm_id": firm_id, "application_id": application_id})


def hold_person(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> None:
    """Make others who change the application's person wait, such as who erases them.

    Who writes what names the person, and holds the application meanwhile, calls this first: all take the person and
    then the application, so that no two wait for each other.
    """
    named = sa.select(Application.candidate_id).where(Application.firm_id == firm_id, Application.id == application_id)
    mine = sa.select(Candidate.id).where(Candidate.firm_id == firm_id, Candidate.id == named.scalar_subquery())
    session.execute(mine.with_for_update(key_share=True))


def lock_all(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Application]:
    """Return these applications by id, each with its candidate, and make others who change them wait, in one order."""
    query = sa.select(Application).where(Application.firm_id == firm_id, Application.id.in_(ids)).options(*PERSON)
    locked = query.order_by(Application.id).with_for_update(of=Application)
    found = session.scalars(locked.execution_options(populate_existing=True))
    return {application.id: application for application in found}


def find_open(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, job_id: uuid.UUID) -> Application | None:
    """Return the undecided application of this person for this job."""
    query = sa.select(Application).where(
        Application.firm_id == firm_id,
        Application.candidate_id == candidate_id,
        Application.job_id == job_id,
        Application.decision.is_(None),
    )
    return session.scalars(query.options(*WHOLE)).unique().one_or_none()


def find_by_external_id(session: Session, firm_id: uuid.UUID, external_id: str) -> Application | None:
    """Return the application that the ATS knows by this id."""
    query = sa.select(Application).where(Application.firm_id == firm_id, Application.external_id == external_id)
    return session.scalars(query.options(*WHOLE)).unique().one_or_none()


def of_candidate(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Sequence[Application]:
    """Return a person's applications with job and owner as rows of a list, newest first."""
    query = sa.select(Application).where(Application.firm_id == firm_id, Application.candidate_id == candidate_id)
    newest = query.order_by(Application.created_at.desc(), Application.id.desc())
    return session.scalars(newest.options(*ROW)).all()


def page(session: Session, firm_id: uuid.UUID, filters: Filters, window: Window) -> Page[Application]:
    """Return applications with candidate, job and owner, newest first."""
    columns = [Application.created_at, Application.id]
    return keyset.page(session, _rows(session, firm_id, filters), columns, window, newest_first=True)


def page_by_promise(session: Session, firm_id: uuid.UUID, filters: Filters, window: Window) -> Page[Application]:
    """Return the same without those that hold no promise, the oldest promise first."""
    query = _rows(session, firm_id, filters).where(Application.promised_on.is_not(None))
    return keyset.page(session, query, [Application.promised_on, Application.id], window)


def count(session: Session, firm_id: uuid.UUID, filters: Filters) -> int:
    """Return how many applications the filters leave."""
    query = sa.select(sa.func.count()).select_from(Application).where(*_conditions(session, firm_id, filters))
    return session.scalars(query).one()


def is_waiting() -> sa.ColumnElement[bool]:
    """Return the condition that the person is still to hear from us; the same as ``Application.is_waiting``."""
    undecided = Application.decision.is_(None)
    to_tell = Application.decision.not_in([decision.value for decision in HEARD_OTHERWISE])
    return sa.and_(Application.told_at.is_(None), sa.or_(undecided, to_tell))


def _rows(session: Session, firm_id: uuid.UUID, filters: Filters) -> sa.Select[Application]:
    return sa.select(Application).where(*_conditions(session, firm_id, filters)).options(*ROW)


def _conditions(session: Session, firm_id: uuid.UUID, filters: Filters) -> list[sa.ColumnElement[bool]]:
    found = [Application.firm_id == firm_id, *_equal(filters), *_states(filters)]
    if filters.overdue:
        zone = accounts.get_firm(session, firm_id).time_zone
        found.append(Application.promised_on < clock.today(zone))
    if filters.q is not None:
        found.append(Application.candidate_id.in_(candidates.search(session, firm_id, filters.q)))
    if filters.updated_since is not None:
        found.append(Application.updated_at >= filters.updated_since)
    return found


def _equal(filters: Filters) -> list[sa.ColumnElement[bool]]:
    columns: tuple[tuple[InstrumentedAttribute[object], object], ...] = (
        (Application.candidate_id, filters.candidate_id),
        (Application.job_id, filters.job_id),
        (Application.owner_id, filters.owner_id),
        (Application.external_id, filters.external_id),
        (Application.stage, filters.stage),
        (Application.decision, filters.decision),
    )
    return [column == value for column, value in columns if value is not None]


def _states(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.open is not None:
        found.append(Application.decision.is_(None) if filters.open else Application.decision.is_not(None))
    if filters.waiting or filters.overdue:
        found.append(is_waiting())
    return found


@cache
def _whole() -> sa.Select[Application]:
    """Read one application; asked by everything about one, so it is built once, as is the next."""
    query = sa.select(Application).where(Application.firm_id == FIRM, Application.id == sa.bindparam("application_id"))
    return query.options(*WHOLE)


@cache
def _locked() -> sa.Select[Application]:
    return _whole().with_for_update(of=Application).execution_options(populate_existing=True)


def _one(session: Session, query: sa.Select[Application], which: dict[str, uuid.UUID]) -> Application:
    found = session.scalars(query, which).unique().one_or_none()
    if found is None:
        raise NotFound("There is no such application.")
    return found
