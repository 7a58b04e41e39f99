"""What the page of the talent pool shows: the list as people read it, and how it was made."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.applications.models import Application
from recruiter.applications.outcomes import label_for
from recruiter.db.keyset import Page, Window
from recruiter.feedback.models import FeedbackPoint, PointKind
from recruiter.jobs import queries as jobs
from recruiter.jobs.models import Job
from recruiter.outbox.models import Message
from recruiter.talent_pool import headline, matching, queries, search, vocabulary
from recruiter.talent_pool.invitations import REST
from recruiter.talent_pool.matching import Tally, was_told
from recruiter.talent_pool.models import Membership, PoolInvitation
from recruiter.talent_pool.search import Condition, Filters, Found
from recruiter.talent_pool.vocabulary import Question, Requirement

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; ``needs`` are the must-haves that are ticked, None for all of them."""

    filters: Filters
    job_id: uuid.UUID | None = None
    needs: frozenset[uuid.UUID] | None = None
    everybody: bool = False
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One person: the match, what came of the latest application, and why they cannot be invited, if so."""

    found: Found
    latest: Application | None = None
    stage: str = ""
    outcome: str = ""
    quote: str = ""
    written_at: dt.datetime | None = None
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """One must-have beside the list, and how many of the people shown have it.

    ``rest`` is set on the rarest, when nobody has all: how many have every other.
    """

    requirement: Requirement
    ticked: bool
    people: int
    rest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What ``templates/pages/talent_pool/pool.html`` shows."""

    asked: Asked
    total: int
    jobs: Sequence[Job]
    job: Job | None = None
    headline: Sequence[str] = ()
    cards: Sequence[Card] = ()
    next_cursor: str | None = None
    needs: Sequence[Need] = ()
    written: int = 0
    applied: int = 0

    @property
    def roles(self) -> list[tuple[uuid.UUID, str]]:
        """The roles to choose from, each with its client; the one that was asked for is among them, closed or not."""
        offered = {job.id: job for job in (*self.jobs, *([self.job] if self.job else []))}
        return [(job.id, job.label) for job in offered.values()]


def read(session: Session, firm: Firm, asked: Asked) -> Sheet:
    """Read the list. Raises ``NotFound`` for a job of another firm, ``Invalid`` for a cursor of another list."""
    today = clock.today(firm.time_zone)
    sheet = Sheet(
        asked=asked, total=queries.count_current(session, firm.id, today), jobs=jobs.open_jobs(session, firm.id)
    )
    wanted = search.conditions(session, firm.id, today, asked.filters)
    if asked.job_id is not None:
        return _for_job(session, sheet, jobs.get_job(session, firm.id, asked.job_id), wanted)
    page = search.members(session, firm.id, wanted, Window(MOST, asked.cursor))
    narrowed = asked.filters != Filters()
    people = queries.count_members(session, wanted) if narrowed else sheet.total
    return dataclasses.replace(
        sheet,
        headline=headline.of_list(sheet.total, people, narrowed=narrowed),
        cards=_cards(session, firm.id, page, None),
        next_cursor=page.next_cursor,
    )


def _for_job(session: Session, sheet: Sheet, job: Job, wanted: Sequence[Condition]) -> Sheet:
    asked = sheet.asked
    lately = Membership.candidate_id.in_(
        sa.select(PoolInvitation.candidate_id).where(queries.written_since(job.firm_id, clock.now() - REST))
    )
    applied = Membership.candidate_id.in_(
        sa.select(Application.candidate_id).where(Application.firm_id == job.firm_id, Application.job_id == job.id)
    )
    shown = wanted if asked.everybody else [*wanted, ~lately, ~applied]
    whole = vocabulary.ask(session, job)
    ticked = frozenset(each.id for each in whole.must_haves) if asked.needs is None else asked.needs
    question = dataclasses.replace(
        whole, requirements=tuple(each for each in whole.requirements if not each.must_have or each.id in ticked)
    )
    page, asked_for = search.matches(session, question, shown, Window(MOST, asked.cursor))
    every = asked_for if question == whole else matching.look(session, whole, shown, Window(0))[1]
    return dataclasses.replace(
        sheet,
        job=job,
        headline=headline.of_match(asked_for, len(question.must_haves)),
        cards=_cards(session, job.firm_id, page, job),
        next_cursor=page.next_cursor,
        needs=_needs(whole, ticked, every),
        written=queries.count_members(session, [*wanted, lately]),
        applied=queries.count_members(session, [*wanted, applied, ~lately]),
    )


def _needs(question: Question, ticked: frozenset[uuid.UUID], tallies: Sequence[Tally]) -> list[Need]:
    """Return each must-have with how many have it; where nobody has all, the rarest tells how many have the others."""
    everything = (1 << len(question.must_haves)) - 1
    has = [sum(tally.people for tally in tallies if tally.mask >> bit & 1) for bit in range(len(question.must_haves))]
    nobody_has_all = not any(tally.mask == everything for tally in tallies)
    rarest = has.index(min(has)) if len(has) > 1 and nobody_has_all else None
    rest = sum(tally.people for tally in tallies if rarest is not None and tally.mask == everything ^ 1 << rarest)
    return [
        Need(each, each.id in ticked, has[bit], rest if bit == rarest and rest else None)
        for bit, each in enumerate(question.must_haves)
    ]


def _cards(session: Session, firm_id: uuid.UUID, page: Page[Found], job: Job | None) -> list[Card]:
    people = [found.membership.candidate_id for found in page.items]
    latest = _latest(session, firm_id, people)
    quotes = _quotes(session, firm_id, people)
    written = _written(session, firm_id, people)
    return [
        _card(found, latest.get(person, []), job, quote=quotes.get(person, ""), written_at=written.get(person))
        for found, person in zip(page.items, people, strict=True)
    ]


def _card(
    found: Found, applications: Sequence[Application], job: Job | None, *, quote: str, written_at: dt.datetime | None
) -> Card:
    applied = job is not None and any(application.job_id == job.id for application in applications)
    if not applications:
        return Card(found=found, quote=quote, written_at=written_at, applied=applied)
    latest = applications[0]
    return Card(
        found=found,
        latest=latest,
        stage=latest.stage.before_job,
        outcome=label_for(latest.outcome_code) or (latest.decision.label if latest.decision else "Not decided yet"),
        quote=quote,
        written_at=written_at,
        applied=applied,
    )


def _latest(session: Session, firm_id: uuid.UUID, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Application]]:
    """Return each person's applications with their job, the newest first."""
    query = (
        sa.select(Application)
        .options(joinedload(Application.job).lazyload(Job.requirements))
        .where(Application.firm_id == firm_id, Application.candidate_id.in_(people))
        .order_by(Application.created_at.desc(), Application.id.desc())
    )
    found: dict[uuid.UUID, list[Application]] = {}
    for application in session.scalars(query):
        found.setdefault(application.candidate_id, []).append(application)
    return found


def _quotes(session: Session, firm_id: uuid.UUID, people: Sequence[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    """Return what each person was last told that stood out."""
    query = (
        sa.select(Message.candidate_id, FeedbackPoint.text)
        .join(FeedbackPoint, was_told())
        .where(FeedbackPoint.firm_id == firm_id, FeedbackPoint.kind == PointKind.STRENGTH)
        .where(Message.candidate_id.in_(people))
        .order_by(Message.accepted_at, FeedbackPoint.position.desc())
    )
    return dict(session.execute(query).all())


def _written(session: Session, firm_id: uuid.UUID, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, dt.datetime]:
    """Return when each person had an invitation so lately that they get no other, or when it will leave."""
    query = sa.select(PoolInvitation).where(
        queries.written_since(firm_id, clock.now() - REST), PoolInvitation.candidate_id.in_(people)
    )
    return {each.candidate_id: each.sent_at or each.leaves_at for each in session.scalars(query)}
