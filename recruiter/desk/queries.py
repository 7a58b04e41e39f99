"""Reading what the desk shows beside what waits: held notices, promises that were kept, messages."""

import datetime as dt
import itertools
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from recruiter.applications import queries as applications
from recruiter.applications.models import Application, Stage
from recruiter.candidates.models import Candidate
from recruiter.db.base import UTC
from recruiter.db.parameters import FIRM, TODAY
from recruiter.jobs import queries as jobs
from recruiter.jobs.models import Client, Job
from recruiter.notices.models import Notice, NoticeState
from recruiter.outbox import replays
from recruiter.outbox.models import Message, MessageState
from recruiter.talent_pool import queries as talent_pool
from recruiter.talent_pool.models import Membership

MOST = 50


@dataclass(frozen=True, slots=True)
class About:
    """What is shown beside the name of the person of an item: where they are, how far they came, and the pool."""

    location: str | None
    stage: Stage | None
    job: str | None
    pool_until: dt.date | None


def about(
    session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, application_id: uuid.UUID | None, today: dt.date
) -> About:
    """Return what is shown of a person who is there, with this application, else with the newest.

    ``today`` is the firm's day, on which the membership stands.
    """
    values = {"firm_id": firm_id, "candidate_id": candidate_id, "application_id": application_id, "today": today}
    return About(*session.execute(_about(newest=application_id is None), values).one())


@cache
def _about(*, newest: bool) -> sa.Select[*tuple[Any, ...]]:
    candidate_id = sa.bindparam("candidate_id", type_=sa.Uuid())
    other = aliased(Application)
    last = sa.select(other.id).where(other.firm_id == FIRM, other.candidate_id == candidate_id)
    last = last.order_by(other.created_at.desc(), other.id.desc()).limit(1)
    wanted = last.scalar_subquery() if newest else sa.bindparam("application_id", type_=sa.Uuid())
    in_pool = sa.select(Membership.ends_on).where(
        talent_pool.is_current(FIRM, TODAY), Membership.candidate_id == candidate_id
    )
    return (
        sa.select(Candidate.location, Application.stage, jobs.label(), in_pool.limit(1).scalar_subquery())
        .select_from(Candidate)
        .outerjoin(Application, sa.and_(Application.firm_id == Candidate.firm_id, Application.id == wanted))
        .outerjoin(Job, sa.and_(Job.firm_id == Application.firm_id, Job.id == Application.job_id))
        .outerjoin(Client, jobs.with_client())
        .where(Candidate.firm_id == FIRM, Candidate.id == candidate_id)
    )


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """A notice that waits to leave (UTC), and to whom."""

    id: uuid.UUID
    name: str
    leaves_at: dt.datetime


def held(session: Session, firm_id: uuid.UUID, member_id: uuid.UUID) -> list[HeldNotice]:
    """Return the notices that this member queued and that have not left, the last queued first, at most five."""
    found = session.execute(_held(), {"firm_id": firm_id, "member_id": member_id})
    return [HeldNotice(*row) for row in found]


@cache
def _held() -> sa.Select[*tuple[Any, ...]]:
    to = sa.and_(Candidate.firm_id == Notice.firm_id, Candidate.id == Notice.candidate_id)
    return (
        sa.select(Notice.id, sa.func.coalesce(Candidate.name, ""), Notice.leaves_at)
        .join(Candidate, to)
        .where(Notice.firm_id == FIRM, Notice.state == NoticeState.HELD, Notice.leaves_at.is_not(None))
        .where(Notice.created_by_id == sa.bindparam("member_id", type_=sa.Uuid()))
        .order_by(Notice.queued_at.desc(), Notice.id.desc())
        .limit(5)
    )


def next_promise(session: Session, firm_id: uuid.UUID, today: dt.date) -> tuple[dt.date | None, int] | None:
    """Return the next day from ``today`` on which somebody should hear, and how many people; None for nobody."""
    people = sa.func.count(Application.candidate_id.distinct())
    found = session.execute(
        sa.select(Application.promised_on, people)
        .where(Application.firm_id == firm_id, applications.is_waiting(), Application.promised_on >= today)
        .group_by(Application.promised_on)
        .order_by(Application.promised_on)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def has_people(session: Session, firm_id: uuid.UUID) -> bool:
    """Whether the firm ever had a person, erased ones too."""
    return session.scalar(sa.select(Candidate.id).where(Candidate.firm_id == firm_id).limit(1)) is not None


def told_between(session: Session, firm_id: uuid.UUID, moments: Sequence[dt.datetime]) -> list[tuple[int, int]]:
    """Return for each span between two moments how many people heard, and how many of them by the promised day."""
    values = {f"moment_{number}": moment for number, moment in enumerate(moments)}
    spans = session.execute(_told(len(moments) - 1), {"firm_id": firm_id, **values})
    return [(heard, kept) for _, heard, kept in sorted(spans)]


@cache
def _told(spans: int) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Count each span by itself: an index has them in this order, and grouping costs three times as much."""
    moments = [sa.bindparam(f"moment_{number}", type_=UTC()) for number in range(spans + 1)]
    in_time = sa.func.count(sa.case((Application.told_in_time.is_(True), 1)))
    return sa.union_all(
        *(
            sa.select(sa.literal_column(str(number), sa.Integer()), sa.func.count(), in_time).where(
                Application.firm_id == FIRM, Application.told_at >= begins, Application.told_at < ends
            )
            for number, (begins, ends) in enumerate(itertools.pairwise(moments))
        )
    )


def newest_notices(
    session: Session, firm_id: uuid.UUID, application_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Notice]:
    """Return the newest notice of each of these applications, drafts included."""
    found = session.scalars(
        sa.select(Notice)
        .where(Notice.firm_id == firm_id, Notice.application_id.in_(application_ids))
        .order_by(Notice.created_at, Notice.id)
    )
    return {notice.application_id: notice for notice in found}


def messages_in(
    firm_id: uuid.UUID, states: Collection[MessageState], since: dt.datetime | None = None
) -> sa.ColumnElement[bool]:
    """Return the condition of messages to candidates in these states, accepted ``since`` a moment if it is given."""
    found = sa.and_(Message.firm_id == firm_id, Message.candidate_id.is_not(None), Message.state.in_(states))
    return sa.and_(found, Message.accepted_at >= since) if since else found


def messages(session: Session, condition: sa.ColumnElement[bool], *, waits: bool) -> Sequence[Message]:
    """Return the first fifty messages: what ``waits`` by when it leaves, what ended the latest first."""
    order = Message.due_at if waits else sa.func.coalesce(Message.accepted_at, Message.due_at).desc()
    return session.scalars(sa.select(Message).where(condition).order_by(order, Message.id).limit(MOST)).all()


def count_by_reason(session: Session, condition: sa.ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    """Return by reason how many messages ended for it, and how many of them may be sent again."""
    able = sa.func.count(sa.case((replays.is_replayable(), 1)))
    ended_for = replays.reason().label("ended_for")
    query = sa.select(ended_for, sa.func.count(), able).where(condition).group_by(ended_for)
    return {reason: (messages, again) for reason, messages, again in session.execute(query)}


def count_messages(session: Session, condition: sa.ColumnElement[bool]) -> tuple[int, int]:
    """Return how many messages there are, and to how many people."""
    query = sa.select(sa.func.count(), sa.func.count(Message.candidate_id.distinct()))
    found = session.execute(query.select_from(Message).where(condition)).one()
    return found[0], found[1]
