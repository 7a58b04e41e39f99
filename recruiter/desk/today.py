"""Today: who is waiting longer than we promised, what came back, and what comes next."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.contacts import queries as contacts
from recruiter.contacts.models import Contact, Reminder
from recruiter.desk import items, queries
from recruiter.desk.items import Row
from recruiter.desk.models import ItemKind
from recruiter.desk.queries import Scope
from recruiter.inbox import queries as inbox
from recruiter.jobs import queries as jobs
from recruiter.portal import queries as portal
from recruiter.portal.models import Response
from recruiter.talent_pool import queries as talent_pool
from recruiter.talent_pool.models import Membership

GOAL = 95  # percent of people who should hear by the promised day
MONTHS = 6
FIRST_DAY = "Your day shows up here once there are people. Import candidates from a file, or add one."


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the list. ``people`` counts everybody, also those beyond the rows that are shown."""

    key: str
    title: str
    note: str
    rows: Sequence[Row]
    people: int
    calm: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """How many percent heard in time this month, and the shares of the last months, oldest first, 0 to 1."""

    percent: int
    bars: Sequence[float]
    goal: int = GOAL


@dataclass(frozen=True, slots=True)
class Day:
    """Everything on Today for one firm.

    ``is_first`` until it has people; ``unset`` are words for what an admin has yet to say about the firm before the
    first letter.
    """

    date: dt.date
    headline: str
    empty: str
    sections: Sequence[Section]
    kept: Kept | None
    strays: int = 0
    is_first: bool = False
    unset: Sequence[str] = ()


def scope_of(firm: Firm, *, snoozed: bool = False) -> Scope:
    """Return the firm's day at this moment."""
    return Scope(firm_id=firm.id, today=clock.today(firm.time_zone), now=clock.now(), snoozed=snoozed)


def read(session: Session, firm: Firm, *, snoozed: bool = False) -> Day:
    """Read the day; with ``snoozed`` what was put away until later instead."""
    scope = scope_of(firm, snoozed=snoozed)
    sections = [
        _overdue(session, scope),
        _missing(session, scope),
        _problems(session, scope),
        _replies(session, scope),
        _reminders(session, scope),
        _consents(session, scope),
    ]
    shown = [section for section in sections if section.rows]
    strays = inbox.count_unplaced(session, firm.id)
    is_first = not shown and not queries.has_people(session, firm.id)
    return Day(
        date=scope.today,
        headline=_headline(shown),
        empty=FIRST_DAY if is_first else _empty(session, scope),
        sections=shown,
        kept=_kept(session, firm),
        strays=strays,
        is_first=is_first,
        unset=_unset(firm) if is_first else (),
    )


def people_overdue(session: Session, firm: Firm) -> int:
    """Return how many people are past the date we gave, as the badge beside Today says it."""
    scope = scope_of(firm)
    late = sa.or_(queries.overdue(scope), queries.missing(scope))
    return queries.count_people(session, late)


def _overdue(session: Session, scope: Scope) -> Section:
    condition = queries.overdue(scope)
    groups = queries.groups(session, condition)
    alone = sa.and_(condition, ~queries.in_groups([(group.job_id, group.outcome_code) for group in groups]))
    titles = jobs.labels(session, scope.firm_id, [group.job_id for group in groups])
    rows = [*items.overdue(scope, queries.rows(session, alone)), *items.grouped(scope, groups, titles)]
    people = queries.count_people(session, condition)
    note = f"{_people(people)} past the date we gave"
    return Section("overdue", "Overdue notices", note, rows, people, calm=False)


def _missing(session: Session, scope: Scope) -> Section:
    condition = queries.missing(scope)
    rows = items.missing(scope, queries.rows(session, condition))
    return Section(
        "missing",
        "Decision missing",
        "the date has passed and nothing is decided",
        rows,
        queries.count_people(session, condition),
    )


def _problems(session: Session, scope: Scope) -> Section:
    rows = items.problems(queries.problems(session, scope))
    return Section("problems", "Did not arrive", "somebody has to look", rows, _count(rows))


def _replies(session: Session, scope: Scope) -> Section:
    shown = queries.marked(scope, ItemKind.RESPONSE, Response.id, wakes=False)
    written = portal.unanswered(scope.firm_id).where(shown).limit(queries.MOST)
    unmarked = queries.marked(scope, ItemKind.CONTACT, Contact.id, wakes=False)
    rows = [
        *items.responses(session.scalars(written).all()),
        *items.replies(contacts.replies_waiting(session, scope.firm_id, unmarked)),
    ]
    rows.sort(key=lambda row: row.waiting_since or scope.now)
    return Section("replies", "Replies waiting", "oldest first", rows, _count(rows))


def _reminders(session: Session, scope: Scope) -> Section:
    unmarked = queries.marked(scope, ItemKind.REMINDER, Reminder.id)
    rows = items.reminders(scope, contacts.reminders_due(session, scope.firm_id, scope.today, unmarked))
    return Section("reminders", "Reminders", "", rows, _count(rows))


def _consents(session: Session, scope: Scope) -> Section:
    unmarked = queries.marked(scope, ItemKind.CONSENT, Membership.id)
    rows = items.consents(talent_pool.consent_ending(session, scope.firm_id, scope.today, unmarked))
    return Section("consent", "Consent ending", "within 14 days", rows, _count(rows))


def _headline(sections: Sequence[Section]) -> str:
    people = {section.key: section.people for section in sections}
    late = people.get("overdue", 0) + people.get("missing", 0)
    if late:
        return f"{_people(late)} {'is' if late == 1 else 'are'} waiting longer than we promised"
    asked = people.get("replies", 0)
    if asked:
        return "1 person is waiting for an answer" if asked == 1 else f"{asked} people are waiting for an answer"
    return "Nobody is waiting"


def _empty(session: Session, scope: Scope) -> str:
    day, people = queries.next_promise(session, scope) or (None, 0)
    if day is None:
        return "Nobody is waiting. Your day shows up here as soon as somebody does."
    return f"Nobody is waiting. The next promise is {day:%A} {day.day} {day:%B}, for {_people(people)}."


def _unset(firm: Firm) -> list[str]:
    """Return what the firm was made without: UTC is where nobody chose a zone."""
    known = {"the time zone": firm.time_zone != "UTC", "the postal address": bool(firm.postal_address)}
    return [words for words, is_set in known.items() if not is_set]


def _kept(session: Session, firm: Firm) -> Kept | None:
    zone = ZoneInfo(firm.time_zone)
    first = clock.today(firm.time_zone).replace(day=1)
    starts = [_months_before(first, back) for back in range(MONTHS - 1, -2, -1)]
    moments = [dt.datetime.combine(start, dt.time(), zone) for start in starts]
    told = queries.told_between(session, firm.id, list(itertools.pairwise(moments)))
    shares = [kept / heard if heard else 0.0 for heard, kept in told]
    return Kept(round(100 * shares[-1]), shares) if told[-1][0] else None


def _months_before(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def _count(rows: Sequence[Row]) -> int:
    return len({row.candidate_id for row in rows})


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
