"""Reading whose file is in use, whose has ended, and what is planned; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from recruiter.applications.models import Application, Decision
from recruiter.candidates.models import Candidate
from recruiter.db import keyset
from recruiter.db.base import UTC
from recruiter.db.keyset import Page, Window
from recruiter.jobs.models import Job
from recruiter.notices.models import Notice, NoticeState
from recruiter.outbox.models import Message, MessageState
from recruiter.privacy.models import PlannedErasure
from recruiter.scorecards.models import Scorecard
from recruiter.talent_pool.models import Membership

# Of a mail in doubt a worker may still hear that it was taken, and then keep its words.
LEAVING = (MessageState.SENDING, MessageState.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be erased one day; ``stays`` while something of theirs goes on, ``last_at`` is aware."""

    id: uuid.UUID
    country: str | None
    last_at: dt.datetime
    stays: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """An application that was decided, with the place of its job, and whether notes or drafts lie by it."""

    id: uuid.UUID
    candidate_id: uuid.UUID
    client_id: uuid.UUID | None
    place: str | None
    decided_at: dt.datetime
    has_file: bool


def people(
    session: Session, firm_id: uuid.UUID, limit: int, *, after: uuid.UUID | None = None, only: uuid.UUID | None = None
) -> list[Person]:
    """Return who was not erased and is under no legal hold, in the order of their ids."""
    query = sa.select(
        Candidate.id,
        Candidate.country,
        Candidate.created_at,
        Candidate.last_contact_at,
        _stays().label("stays"),
    ).where(Candidate.firm_id == firm_id, Candidate.erased_at.is_(None), Candidate.legal_hold.is_(None))
    if after is not None:
        query = query.where(Candidate.id > after)
    if only is not None:
        query = query.where(Candidate.id == only)
    rows = session.execute(query.order_by(Candidate.id).limit(limit)).all()
    left = _left_at(session, firm_id, [row.id for row in rows])
    return [
        Person(
            row.id, row.country, max(filter(None, (row.created_at, row.last_contact_at, left.get(row.id)))), row.stays
        )
        for row in rows
    ]


def ended(session: Session, firm_id: uuid.UUID, people: Collection[uuid.UUID]) -> list[Ended]:
    """Return the applications of these people that were decided otherwise than by hiring them."""
    place = sa.func.coalesce(Job.region, Job.country)
    query = (
        sa.select(
            Application.id,
            Application.candidate_id,
            Job.client_id,
            place,
            sa.type_coerce(Application.decided_at, UTC()),
            _has_file(),
        )
        .join(Job, sa.and_(Job.firm_id == Application.firm_id, Job.id == Application.job_id))
        .where(
            Application.firm_id == firm_id,
            Application.candidate_id.in_(people),
            Application.decision.is_not(None),
            Application.decision != Decision.HIRED,
        )
    )
    return [Ended(*row) for row in session.execute(query)]


def planned_of(session: Session, firm_id: uuid.UUID, people: Collection[uuid.UUID]) -> Sequence[PlannedErasure]:
    """Return what is planned about these people."""
    query = sa.select(PlannedErasure).where(PlannedErasure.firm_id == firm_id, PlannedErasure.candidate_id.in_(people))
    return session.scalars(query).all()


def planned(session: Session, firm_id: uuid.UUID, window: Window) -> Page[PlannedErasure]:
    """Return what is planned and still to be, with person and job, the first to go first."""
    query = _still_planned(firm_id).options(
        joinedload(PlannedErasure.candidate), joinedload(PlannedErasure.application).joinedload(Application.job)
    )
    return keyset.page(session, query, [PlannedErasure.ends_on, PlannedErasure.id], window)


def count_planned(session: Session, firm_id: uuid.UUID) -> int:
    """Return how long that list is."""
    return session.scalar(sa.select(sa.func.count()).select_from(_still_planned(firm_id).subquery())) or 0


def held(session: Session, firm_id: uuid.UUID) -> Sequence[Candidate]:
    """Return who is under a legal hold, by name."""
    query = sa.select(Candidate).where(Candidate.firm_id == firm_id, Candidate.legal_hold.is_not(None))
    return session.scalars(query.order_by(Candidate.name_folded, Candidate.id)).all()


def due(
    session: Session, firm_id: uuid.UUID, ended: dt.date, listed: dt.date, asked: Collection[uuid.UUID], limit: int
) -> Sequence[PlannedErasure]:
    """Return what ended before the day ``ended`` and was listed by ``listed``, the longest over first.

    Those who ``asked`` about their data are answered first, and mail that is being handed over is waited for.
    """
    query = _still_planned(firm_id).where(
        PlannedErasure.ends_on < ended,
        PlannedErasure.listed_on <= listed,
        PlannedErasure.candidate_id.not_in(asked),
        ~sa.exists().where(
            Message.firm_id == firm_id,
            Message.candidate_id == PlannedErasure.candidate_id,
            Message.state.in_(LEAVING),
        ),
    )
    return session.scalars(query.order_by(PlannedErasure.ends_on, PlannedErasure.id).limit(limit)).all()


def _still_planned(firm_id: uuid.UUID) -> sa.Select[PlannedErasure]:
    """The list of this morning, without whom something came up for since."""
    return (
        sa.select(PlannedErasure)
        .join(
            Candidate,
            sa.and_(Candidate.firm_id == PlannedErasure.firm_id, Candidate.id == PlannedErasure.candidate_id),
        )
        .where(
            PlannedErasure.firm_id == firm_id,
            Candidate.legal_hold.is_(None),
            sa.or_(PlannedErasure.application_id.is_not(None), ~_stays()),
        )
    )


def _stays() -> sa.ColumnElement[bool]:
    """Whether an application goes on or ended with a job, or the person agreed to be kept."""
    return sa.or_(
        sa.exists().where(
            Application.firm_id == Candidate.firm_id,
            Application.candidate_id == Candidate.id,
            sa.or_(Application.decision.is_(None), Application.decision == Decision.HIRED),
        ),
        sa.exists().where(
            Membership.firm_id == Candidate.firm_id,
            Membership.candidate_id == Candidate.id,
            Membership.left_at.is_(None),
        ),
    )


def _left_at(session: Session, firm_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.datetime]:
    """Return when those of these people left the talent pool who ever did."""
    query = sa.select(Membership.candidate_id, sa.type_coerce(sa.func.max(Membership.left_at), UTC())).where(
        Membership.firm_id == firm_id, Membership.candidate_id.in_(people), Membership.left_at.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Membership.candidate_id))}


def _has_file() -> sa.ColumnElement[bool]:
    cards = sa.exists().where(Scorecard.firm_id == Application.firm_id, Scorecard.application_id == Application.id)
    return sa.or_(cards, sa.exists().where(is_draft_of(Application.firm_id, Application.id)))


def is_draft_of(
    firm_id: uuid.UUID | InstrumentedAttribute[uuid.UUID],
    application_id: uuid.UUID | InstrumentedAttribute[uuid.UUID],
) -> sa.ColumnElement[bool]:
    """Return the condition that a notice is a draft about this application."""
    return sa.and_(
        Notice.firm_id == firm_id, Notice.application_id == application_id, Notice.state == NoticeState.DRAFT
    )
