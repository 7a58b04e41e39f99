"""What waits for somebody: each kind of item as one query that leaves out what was marked done or snoozed."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from recruiter.applications import queries as applications
from recruiter.applications.models import Application, Decision
from recruiter.candidates.models import Candidate
from recruiter.contacts.models import Contact, Direction
from recruiter.desk.models import DeskMark, ItemKind
from recruiter.notices.models import OUTCOME_KINDS, Delivery, Notice, NoticeKind, NoticeState
from recruiter.outbox.models import Message, MessageState
from recruiter.portal.models import Response

GROUPED_FROM = 3
MOST = 50  # rows of one kind; the counts still count everybody
FIRST = 20  # of the people who wait for us: who has waited longest, and the next come up as these are told

_TO_TELL = (Decision.NOT_SELECTED, Decision.ROLE_CLOSED)
_UNDER_WAY = (NoticeState.HELD, NoticeState.LEAVING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose day it is: the firm, its date, the moment (UTC), and whether the snoozed items are wanted instead."""

    firm_id: uuid.UUID
    today: dt.date
    now: dt.datetime
    snoozed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """People who wait for the same words: one job and reason."""

    job_id: uuid.UUID
    outcome_code: str | None
    people: int
    promised_on: dt.date | None


@cache
def _aliases() -> tuple[type[DeskMark], type[Response], type[Contact]]:
    """Make the aliases of ``marked`` once: SQLAlchemy works out the columns of each anew."""
    return aliased(DeskMark), aliased(Response), aliased(Contact)


def marked(
    scope: Scope, kind: ItemKind, subject: InstrumentedAttribute[uuid.UUID], *, wakes: bool = True
) -> sa.ColumnElement[bool]:
    """Return the condition that an item is shown in this scope: not put away, or put away until later.

    With ``wakes`` a message from the person after the mark brings the item back.
    """
    mark, response, contact = _aliases()
    found = sa.select(mark.id).where(mark.firm_id == scope.firm_id, mark.kind == kind, mark.subject_id == subject)
    if wakes:
        wrote = sa.select(response.id).where(
            response.firm_id == scope.firm_id,
            response.candidate_id == mark.candidate_id,
            response.created_at > mark.marked_at,
        )
        replied = sa.select(contact.id).where(
            contact.firm_id == scope.firm_id,
            contact.candidate_id == mark.candidate_id,
            contact.direction == Direction.INBOUND,
            contact.happened_at > mark.marked_at,
        )
        found = found.where(~wrote.exists(), ~replied.exists())
    if scope.snoozed:
        return found.where(mark.snoozed_until > scope.now).exists()
    return ~found.where(sa.or_(mark.snoozed_until.is_(None), mark.snoozed_until > scope.now)).exists()


def overdue(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition of applications whose person should have heard a decision and for whom nothing is queued."""
    return sa.and_(
        _late(scope),
        Application.decision.in_(_TO_TELL),
        ~_notice_under_way(tuple(OUTCOME_KINDS)),
        marked(scope, ItemKind.OVERDUE, Application.id),
    )


def missing(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition of applications past their promise without a decision, and without an update queued."""
    return sa.and_(
        _late(scope),
        Application.decision.is_(None),
        ~_notice_under_way((NoticeKind.UPDATE,)),
        marked(scope, ItemKind.MISSING, Application.id),
    )


def count_people(session: Session, condition: sa.ColumnElement[bool]) -> int:
    """Return how many people have an application under this condition."""
    query = sa.select(sa.func.count(Application.candidate_id.distinct())).where(condition)
    return session.scalars(query).one()


def rows(session: Session, condition: sa.ColumnElement[bool], most: int = FIRST) -> Sequence[Application]:
    """Return applications with candidate and job, the longest wait first, at most so many."""
    query = sa.select(Application).where(condition).options(*applications.ROW)
    return session.scalars(query.order_by(Application.promised_on, Application.id).limit(most)).all()


def groups(session: Session, condition: sa.ColumnElement[bool]) -> list[Group]:
    """Return the jobs and reasons for which three people or more wait, the longest wait first."""
    people = sa.func.count(Application.candidate_id.distinct())
    since = sa.func.min(Application.promised_on, type_=sa.Date())
    query = (
        sa.select(Application.job_id, Application.outcome_code, people, since)
        .where(condition)
        .group_by(Application.job_id, Application.outcome_code)
        .having(people >= GROUPED_FROM)
        .order_by(since, Application.job_id)
        .limit(FIRST)
    )
    return [Group(*row) for row in session.execute(query)]


def in_groups(groups: Collection[tuple[uuid.UUID, str | None]]) -> sa.ColumnElement[bool]:
    """Return the condition of these jobs and reasons; a reason that is missing is a reason of its own."""
    group = sa.tuple_(Application.job_id, sa.func.coalesce(Application.outcome_code, ""))
    return group.in_([(job_id, outcome_code or "") for job_id, outcome_code in groups])


def problems(session: Session, scope: Scope) -> Sequence[Notice]:
    """Return notices that did not leave or did not stay, and were not replaced, with candidate, oldest first."""
    newer = aliased(Notice)
    replaced = sa.select(newer.id).where(
        newer.firm_id == Notice.firm_id,
        newer.application_id == Notice.application_id,
        newer.created_at > Notice.created_at,
        newer.state != NoticeState.WITHDRAWN,
    )
    return session.scalars(
        sa.select(Notice)
        .where(
            Notice.firm_id == scope.firm_id,
            sa.or_(Notice.state == NoticeState.FAILED, Notice.delivery.in_([Delivery.BOUNCED, Delivery.COMPLAINED])),
            ~replaced.exists(),
            marked(scope, ItemKind.PROBLEM, Notice.id),
        )
        .options(_person(Notice.candidate))
        .order_by(Notice.updated_at, Notice.id)
        .limit(MOST)
    ).all()


def held(session: Session, firm_id: uuid.UUID, member_id: uuid.UUID) -> Sequence[Notice]:
    """Return the notices that this member queued and that have not left, the last queued first, at most five."""
    return session.scalars(
        sa.select(Notice)
        .where(Notice.firm_id == firm_id, Notice.state == NoticeState.HELD, Notice.created_by_id == member_id)
        .options(_person(Notice.candidate))
        .order_by(Notice.queued_at.desc(), Notice.id.desc())
        .limit(5)
    ).all()


def count_held(session: Session, firm_id: uuid.UUID) -> int:
    """Return how many people have a notice that waits to leave."""
    query = sa.select(sa.func.count(Notice.candidate_id.distinct()))
    return session.scalars(query.where(Notice.firm_id == firm_id, Notice.state.in_(_UNDER_WAY))).one()


def next_promise(session: Session, scope: Scope) -> tuple[dt.date | None, int] | None:
    """Return the next day on which somebody should hear, and how many people; None when nobody waits."""
    people = sa.func.count(Application.candidate_id.distinct())
    found = session.execute(
        sa.select(Application.promised_on, people)
        .where(Application.firm_id == scope.firm_id, applications.is_waiting(), Application.promised_on >= scope.today)
        .group_by(Application.promised_on)
        .order_by(Application.promised_on)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def has_people(session: Session, firm_id: uuid.UUID) -> bool:
    """Whether the firm ever had a person, erased ones too."""
    return session.scalar(sa.select(Candidate.id).where(Candidate.firm_id == firm_id).limit(1)) is not None


def told_between(
    session: Session, firm_id: uuid.UUID, months: Sequence[tuple[dt.datetime, dt.datetime]]
) -> list[tuple[int, int]]:
    """Return for each span of time how many people heard, and how many of them by the promised day.

    The spans follow each other, the oldest first.
    """
    month = sa.case(*((Application.told_at < ends, number) for number, (_, ends) in enumerate(months)))
    in_time = sa.func.count(sa.case((Application.told_in_time.is_(True), 1)))
    within = sa.and_(Application.told_at >= months[0][0], Application.told_at < months[-1][1])
    query = sa.select(month, sa.func.count(), in_time).where(Application.firm_id == firm_id, within)
    told = {number: (heard, kept) for number, heard, kept in session.execute(query.group_by(month))}
    return [told.get(number, (0, 0)) for number in range(len(months))]


def _late(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(
        Application.firm_id == scope.firm_id, applications.is_waiting(), Application.promised_on < scope.today
    )


def _notice_under_way(kinds: tuple[NoticeKind, ...]) -> sa.Exists:
    return (
        sa.select(Notice.id)
        .where(
            Notice.firm_id == Application.firm_id,
            Notice.application_id == Application.id,
            Notice.round == Application.round,
            Notice.kind.in_(kinds),
            Notice.state.in_(_UNDER_WAY),
        )
        .exists()
    )


def _person(attribute: InstrumentedAttribute[Candidate]) -> sa.orm.interfaces.ORMOption:
    person = joinedload(attribute)
    return person.options(sa.orm.lazyload(Candidate.emails), sa.orm.lazyload(Candidate.skills))


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


def count_messages(session: Session, condition: sa.ColumnElement[bool]) -> tuple[int, int]:
    """Return how many messages there are, and to how many people."""
    query = sa.select(sa.func.count(), sa.func.count(Message.candidate_id.distinct()))
    found = session.execute(query.select_from(Message).where(condition)).one()
    return found[0], found[1]


def names(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what these people are called; somebody erased has no name."""
    found = session.execute(
        sa.select(Candidate.id, Candidate.name).where(Candidate.firm_id == firm_id, Candidate.id.in_(ids))
    )
    return {row.id: row.name or "" for row in found}
