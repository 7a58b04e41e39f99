"""What waits for somebody: the items of Today, the groups among them and the counts, as statements built once."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from recruiter.accounts.models import Member
from recruiter.applications import reasons, tellings
from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.contacts import queries as contacts
from recruiter.contacts.models import Contact, Reminder
from recruiter.db.base import UTC
from recruiter.db.parameters import FIRM, TODAY
from recruiter.desk import shown
from recruiter.desk.models import ItemKind
from recruiter.inbox import queries as inbox
from recruiter.jobs import queries as jobs
from recruiter.jobs.models import Client, Job
from recruiter.notices.models import Delivery, Notice, NoticeState
from recruiter.outbox import stops
from recruiter.policies import clocks
from recruiter.portal import queries as portal
from recruiter.portal.models import Response
from recruiter.talent_pool import queries as talent_pool
from recruiter.talent_pool.models import Membership

GROUPED_FROM = 3
MOST = 50  # rows of one kind
FIRST = 20  # of the people who wait for us: who has waited longest, and the next come up as these are told

_SOON = sa.bindparam("soon", type_=sa.Date())
# What an item may say of itself beside whom it is about, in the order of ``Waiting``.
_FACTS: dict[str, sa.types.TypeEngine[Any]] = {
    "job": sa.String(),
    "words": sa.String(),
    "code": sa.String(),
    "disagrees": sa.Boolean(),
    "since": UTC(),
    "day": sa.Date(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose day it is: firm, zone, date and moment (UTC), the member, and whether snoozed items are wanted instead."""

    firm_id: uuid.UUID
    zone: str
    today: dt.date
    now: dt.datetime
    snoozed: bool = False
    member_id: uuid.UUID | None = None

    @property
    def values(self) -> dict[str, object]:
        """What the statements of this module are given."""
        return {
            "firm_id": self.firm_id,
            "today": self.today,
            "now": self.now,
            "soon": self.today + talent_pool.SOON,
            **clocks.alarm_moments(self.zone, self.today),
            "member_id": self.member_id,
        }


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item; which facts it has depends on its kind.

    ``words`` are somebody's own, what is wrong or the decision; ``code`` is a stage, a kind of response, what became of
    the mail or the place whose law counts; ``since`` (UTC) is when it began to wait, ``day`` the promised, the due or
    the last day.
    """

    kind: str
    subject_id: uuid.UUID
    candidate_id: uuid.UUID
    name: str
    job: str | None
    words: str | None
    code: str | None
    disagrees: bool | None
    since: dt.datetime | None
    day: dt.date | None


@dataclass(frozen=True, slots=True)
class Group:
    """People who wait for the same words: one job and reason."""

    job_id: uuid.UUID
    outcome_code: str | None
    job: str
    people: int
    promised_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people should have heard a decision, or that it takes longer, and both together, each counted once.

    Beside them what the frame of every page tells: to how many people a notice waits to leave, how many mails have no
    place and when the first of them came in (UTC), how many people came with a reason that has no meaning yet, and
    whether anything keeps mail from leaving.
    """

    overdue: int
    missing: int
    late: int
    held: int
    strays: int
    first_stray_at: dt.datetime | None
    unmapped: int
    is_halted: bool


def items(session: Session, scope: Scope) -> dict[ItemKind, list[Waiting]]:
    """Return what waits by kind, the longest wait first; of each kind of late people only the first, without groups."""
    found: dict[ItemKind, list[Waiting]] = {kind: [] for kind in ItemKind}
    for row in session.execute(_items(snoozed=scope.snoozed), scope.values):
        found[ItemKind(row.kind)].append(Waiting(*row))
    for waiting in found.values():
        waiting.sort(key=_by_wait)  # a union promises no order
    return found


def groups(session: Session, scope: Scope) -> list[Group]:
    """Return the jobs and reasons for which three people or more should hear a decision, the longest wait first."""
    return [Group(*row) for row in session.execute(_groups(snoozed=scope.snoozed), scope.values)]


def next_in_group(session: Session, scope: Scope, job_id: uuid.UUID, outcome_code: str | None) -> Sequence[uuid.UUID]:
    """Return the applications that wait for this job and reason, the longest wait first; no reason is a reason too."""
    query = sa.select(Application.id).where(
        shown.is_overdue(snoozed=scope.snoozed), Application.job_id == job_id, shown.reason() == (outcome_code or "")
    )
    query = query.order_by(Application.promised_on, Application.id).limit(MOST)
    return session.scalars(query, scope.values).all()


def counts(session: Session, scope: Scope) -> Counts:
    """Return what is counted in this scope."""
    return Counts(*session.execute(_counts(snoozed=scope.snoozed), scope.values).one())


@cache
def _items(*, snoozed: bool) -> sa.CompoundSelect[*tuple[Any, ...]]:
    late = sa.tuple_(Application.job_id, shown.reason()).not_in(_grouped(snoozed=snoozed))
    return sa.union_all(
        _first(_late(ItemKind.OVERDUE).where(shown.is_overdue(snoozed=snoozed), late), Application.promised_on, FIRST),
        _first(_late(ItemKind.MISSING).where(shown.is_missing(snoozed=snoozed)), Application.promised_on, FIRST),
        *(_first(_duties(kind, snoozed=snoozed), Application.last_interview_at, MOST) for kind in shown.DUTIES),
        _first(_problems(snoozed=snoozed), Notice.updated_at, MOST),
        _first(_responses(snoozed=snoozed), Response.created_at, MOST),
        _first(_readings(snoozed=snoozed), Notice.asked_at, MOST),
        *_others(snoozed=snoozed),
    )


def _late(kind: ItemKind) -> sa.Select[*tuple[Any, ...]]:
    """Return the items of applications, without the condition."""
    facts = {"job": jobs.label(), "code": Application.stage, "day": Application.promised_on}
    return _with_job(_select(kind, Application, facts))


def _duties(kind: ItemKind, *, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the applications whose person has to hear by a day that a law sets, from one of its alarms on."""
    facts = {"job": jobs.label(), "words": Application.decision, "code": Job.region, "since": tellings.begins()}
    return _with_job(_select(kind, Application, facts)).where(shown.is_duty(kind, snoozed=snoozed))


def _problems(*, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the notices that did not leave or did not stay, and were not replaced."""
    newer = aliased(Notice)
    replaced = sa.select(newer.id).where(
        newer.firm_id == Notice.firm_id,
        newer.application_id == Notice.application_id,
        newer.created_at > Notice.created_at,
        newer.state != NoticeState.WITHDRAWN,
    )
    failed = sa.or_(Notice.state == NoticeState.FAILED, Notice.delivery.in_([Delivery.BOUNCED, Delivery.COMPLAINED]))
    facts = {"words": Notice.problem_detail, "code": Notice.delivery, "since": Notice.updated_at}
    return _select(ItemKind.PROBLEM, Notice, facts).where(
        Notice.firm_id == FIRM, failed, ~replaced.exists(), shown.shown(ItemKind.PROBLEM, Notice, snoozed=snoozed)
    )


def _responses(*, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    facts = {
        "job": jobs.label(),
        "words": Response.text,
        "code": Response.kind,
        "disagrees": Response.disagrees,
        "since": Response.created_at,
    }
    about = sa.and_(Application.firm_id == Response.firm_id, Application.id == Response.application_id)
    return _with_job(_select(ItemKind.RESPONSE, Response, facts).join(Application, about)).where(
        portal.is_unanswered(FIRM), shown.shown(ItemKind.RESPONSE, Response, snoozed=snoozed, wakes=False)
    )


def _readings(*, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    facts = {"job": jobs.label(), "words": Member.name, "since": Notice.asked_at}
    about = sa.and_(Application.firm_id == Notice.firm_id, Application.id == Notice.application_id)
    by = sa.and_(Member.firm_id == Notice.firm_id, Member.id == Notice.asked_by_id)
    query = _select(ItemKind.READING, Notice, facts).join(Application, about).join(Member, by)
    return _with_job(query).where(shown.awaits_reader(snoozed=snoozed))


def _others(*, snoozed: bool) -> list[sa.Select[*tuple[Any, ...]]]:
    """Return replies that were logged, reminders and consents; a reply is the message that would bring it back."""
    replies = _select(ItemKind.CONTACT, Contact, {"words": Contact.note, "since": Contact.happened_at})
    reminders = _select(ItemKind.REMINDER, Reminder, {"words": Reminder.note, "day": Reminder.due_on})
    consents = _select(ItemKind.CONSENT, Membership, {"day": Membership.ends_on, "since": talent_pool.asked_at()})
    return [
        replies.where(
            contacts.is_waiting_reply(FIRM), shown.shown(ItemKind.CONTACT, Contact, snoozed=snoozed, wakes=False)
        ),
        reminders.where(contacts.is_due(FIRM, TODAY), shown.shown(ItemKind.REMINDER, Reminder, snoozed=snoozed)),
        consents.where(
            talent_pool.is_ending(FIRM, TODAY, _SOON), shown.shown(ItemKind.CONSENT, Membership, snoozed=snoozed)
        ),
    ]


@cache
def _groups(*, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    people = sa.func.count(Application.candidate_id.distinct())
    since = sa.func.min(Application.promised_on, type_=sa.Date())
    query = sa.select(Application.job_id, Application.outcome_code, jobs.label(), people, since)
    return (
        _with_job(query.select_from(Application))
        .where(shown.is_overdue(snoozed=snoozed))
        .group_by(Application.job_id, Application.outcome_code, Job.title, Client.name)
        .having(people >= GROUPED_FROM)
        .order_by(since, Application.job_id, shown.reason())
        .limit(FIRST)
    )


def _grouped(*, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return job and reason of each group."""
    found = _groups(snoozed=snoozed).subquery()
    return sa.select(found.c.job_id, sa.func.coalesce(found.c.outcome_code, ""))


@cache
def _counts(*, snoozed: bool) -> sa.Select[*tuple[Any, ...]]:
    overdue, missing = shown.is_overdue(snoozed=snoozed), shown.is_missing(snoozed=snoozed)
    decided = sa.case((Application.decision.is_not(None), Application.candidate_id))
    undecided = sa.case((Application.decision.is_(None), Application.candidate_id))
    people = (decided, undecided, Application.candidate_id)
    held = sa.select(sa.func.count(Notice.candidate_id.distinct())).where(
        Notice.firm_id == FIRM, Notice.state.in_(shown.UNDER_WAY)
    )
    return sa.select(
        *(sa.func.count(column.distinct()) for column in people),
        held.scalar_subquery(),
        *inbox.unplaced_figures(FIRM),
        reasons.count_unmapped(FIRM).scalar_subquery(),
        stops.is_halted(FIRM),
    ).where(sa.or_(overdue, missing))


def _select(kind: ItemKind, model: Any, facts: Mapping[str, Any]) -> sa.Select[*tuple[Any, ...]]:
    person = sa.and_(Candidate.firm_id == model.firm_id, Candidate.id == model.candidate_id)
    columns = [
        (sa.type_coerce(facts[name], type_) if name in facts else sa.cast(sa.null(), type_)).label(name)
        for name, type_ in _FACTS.items()
    ]
    subject = (sa.literal_column(f"'{kind}'", sa.String()).label("kind"), model.id, model.candidate_id)
    name = sa.func.coalesce(Candidate.name, "").label("name")
    return sa.select(*subject, name, *columns).select_from(model).join(Candidate, person)


def _with_job(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    of_application = sa.and_(Job.firm_id == Application.firm_id, Job.id == Application.job_id)
    return query.join(Job, of_application).outerjoin(Client, jobs.with_client())


def _first(
    query: sa.Select[*tuple[Any, ...]], column: sa.orm.InstrumentedAttribute[Any], most: int
) -> sa.Select[*tuple[Any, ...]]:
    """Return the ``most`` that have waited longest; SQLite orders and limits only what stands in parentheses."""
    ordered = query.order_by(column, column.class_.id).limit(most).subquery()
    return sa.select(*ordered.c)


def _by_wait(waiting: Waiting) -> tuple[dt.date, dt.datetime, uuid.UUID]:
    return waiting.day or dt.date.min, waiting.since or dt.datetime.min.replace(tzinfo=dt.UTC), waiting.subject_id
