"""Today: who is waiting longer than we promised, what came back, and what comes next."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.desk import items, queries, waiting
from recruiter.desk.items import Row
from recruiter.desk.models import ItemKind
from recruiter.desk.waiting import Counts, Scope, Waiting
from recruiter.policies.values import Span
from recruiter.web.jinja import plural

GOAL = 95  # percent of people who should hear by the promised day
MONTHS = 6
FIRST_DAY = "Your day shows up here once there are people."


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

    ``empty`` are the words of a list without a row. ``is_first`` until the firm has people; ``unset`` are words for
    what an admin has yet to say about it before the first letter.
    """

    date: dt.date
    headline: str
    empty: str
    sections: Sequence[Section]
    kept: Kept | None
    counts: Counts
    is_first: bool = False
    unset: Sequence[str] = ()


def scope_of(firm: Firm, *, snoozed: bool = False, member_id: uuid.UUID | None = None) -> Scope:
    """Return the firm's day at this moment, as this member has it."""
    zone, now = firm.time_zone, clock.now()
    return Scope(firm_id=firm.id, zone=zone, today=clock.today(zone), now=now, snoozed=snoozed, member_id=member_id)


def read(session: Session, firm: Firm, *, member_id: uuid.UUID | None = None) -> Day:
    """Read the day as this member has it."""
    scope = scope_of(firm, member_id=member_id)
    counts = waiting.counts(session, scope)
    shown = _sections(session, scope, counts)
    is_first = not shown and not queries.has_people(session, firm.id)
    return Day(
        date=scope.today,
        headline=_headline(shown),
        empty="" if shown else _empty(session, scope, is_first=is_first),
        sections=shown,
        kept=_kept(session, firm),
        counts=counts,
        is_first=is_first,
        unset=_unset(firm) if is_first else (),
    )


def snoozed(session: Session, firm: Firm, member_id: uuid.UUID) -> list[Section]:
    """Return the parts of what was put away until later, as this member has it."""
    scope = scope_of(firm, snoozed=True, member_id=member_id)
    return _sections(session, scope, waiting.counts(session, scope))


def _sections(session: Session, scope: Scope, counts: Counts) -> list[Section]:
    """Return the parts of the list that have somebody in them."""
    found = waiting.items(session, scope)
    replies = [*items.responses(found[ItemKind.RESPONSE]), *items.replies(found[ItemKind.CONTACT])]
    replies.sort(key=lambda row: row.waiting_since or scope.now)
    sections = [
        _overdue(session, scope, found[ItemKind.OVERDUE], counts.overdue),
        Section(
            "missing",
            "Decision missing",
            "the date has passed and nothing is decided",
            items.missing(scope, found[ItemKind.MISSING]),
            counts.missing,
        ),
        _section("duties", "A law sets the day", "whether it is decided or not", items.duties(scope, _by_law(found))),
        _section("problems", "Did not arrive", "somebody has to look", items.problems(found[ItemKind.PROBLEM])),
        _section("readings", "To read before it leaves", "oldest first", items.readings(found[ItemKind.READING])),
        _section("replies", "Replies waiting", "oldest first", replies),
        _section("reminders", "Reminders", "", items.reminders(scope, found[ItemKind.REMINDER])),
        _section("consent", "Consent ending", "within 14 days", items.consents(found[ItemKind.CONSENT])),
    ]
    return [section for section in sections if section.rows]


def _by_law(found: Mapping[ItemKind, Sequence[Waiting]]) -> list[Waiting]:
    """Return what is at the last alarm first."""
    return [*found[ItemKind.DUTY_ENDS], *found[ItemKind.DUTY]]


def _overdue(session: Session, scope: Scope, alone: Sequence[Waiting], people: int) -> Section:
    groups = waiting.groups(session, scope) if people >= waiting.GROUPED_FROM else []
    rows = [*items.overdue(scope, alone), *items.grouped(scope, groups)]
    note = f"{plural(people, 'person', 'people')} past the date we gave"
    return Section("overdue", "Overdue notices", note, rows, people, calm=False)


def _section(key: str, title: str, note: str, rows: Sequence[Row]) -> Section:
    """Return a part of the list that shows everybody it counts."""
    return Section(key, title, note, rows, len({row.candidate_id for row in rows}))


def _headline(sections: Sequence[Section]) -> str:
    people = {section.key: section.people for section in sections}
    late = people.get("overdue", 0) + people.get("missing", 0)
    if late:
        return f"{plural(late, 'person is', 'people are')} waiting longer than we promised"
    due = people.get("duties", 0)
    if due:
        return f"{plural(due, 'person has', 'people have')} to hear by a day that a law sets"
    asked = people.get("replies", 0)
    if asked:
        return f"{plural(asked, 'person is', 'people are')} waiting for an answer"
    return "Nobody is waiting"


def _empty(session: Session, scope: Scope, *, is_first: bool) -> str:
    if is_first:
        return FIRST_DAY
    day, people = queries.next_promise(session, scope.firm_id, scope.today) or (None, 0)
    if day is None:
        return "Nobody is waiting. Your day shows up here as soon as somebody does."
    return (
        f"Nobody is waiting. The next promise is {day:%A} {day.day} {day:%B}, for {plural(people, 'person', 'people')}."
    )


def _unset(firm: Firm) -> list[str]:
    """Return what the firm was made without: UTC is where nobody chose a zone."""
    known = {"the time zone": firm.time_zone != "UTC", "the postal address": bool(firm.postal_address)}
    return [words for words, is_set in known.items() if not is_set]


def _kept(session: Session, firm: Firm) -> Kept | None:
    first = clock.today(firm.time_zone).replace(day=1)
    begin = Span(months=MONTHS - 1).before(first)
    starts = [Span(months=ahead).after(begin) for ahead in range(MONTHS + 1)]
    moments = [clock.begins(start, firm.time_zone) for start in starts]
    told = queries.told_between(session, firm.id, moments)
    shares = [kept / heard if heard else 0.0 for heard, kept in told]
    return Kept(round(100 * shares[-1]), shares) if told[-1][0] else None
