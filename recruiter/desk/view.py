"""What ``templates/pages/desk/today.html`` shows: the list as it is narrowed, the row in hand, the held notices."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from recruiter import clock
from recruiter.desk.items import Action, Row
from recruiter.desk.queries import HeldNotice
from recruiter.desk.today import Day, Kept, Section
from recruiter.inbox import service as inbox
from recruiter.web.jinja import waited

SNOOZED = "snoozed"
SOON = dt.timedelta(days=14)
SPLITS = {
    "overdue": ("Overdue", ("overdue", "missing")),
    "duties": ("By law", ("duties",)),
    "replies": ("Replies", ("replies",)),
    "reminders": ("Reminders", ("reminders",)),
    "consent": ("Consent", ("consent",)),
    "problems": ("Problems", ("problems",)),
}
_SHOWN = ("name", "count", "about", "line", "late")  # of a row, as it is


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address chose: a part of the list, and whether it names an item."""

    split: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to narrow a list; on Today the count is people, in the Outbox messages."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A notice that waits to leave (UTC), with its Undo."""

    to: str
    url: str
    leaves_at: dt.datetime
    undo_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One part of the list, with its rows as they are drawn."""

    key: str
    title: str
    note: str
    calm: bool
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The whole page but the item in hand."""

    date: dt.date
    headline: str
    promise: Kept | None
    held: Sequence[Held]
    splits: Sequence[Tab]
    groups: Sequence[Group]
    empty: str
    strays: int
    strays_until: dt.datetime | None
    unmapped: int
    is_first: bool
    unset: str
    url: str
    is_open: bool


def narrowed(day: Day, split: str) -> Sequence[Section]:
    """Return the parts of the list that a split shows; all of them for one that is not known."""
    if split not in SPLITS:
        return day.sections
    return [section for section in day.sections if section.key in SPLITS[split][1]]


def in_hand(sections: Sequence[Section], key: str | None) -> Row | None:
    """Return the row that the address names, else the first that is about one person."""
    rows = [row for section in sections for row in section.rows if row.count is None]
    named = [row for row in rows if row.key == key]
    return next(iter(named or rows), None)


def of_day(day: Day, sections: Sequence[Section], held: Sequence[HeldNotice], row: Row | None, choice: Choice) -> View:
    """Return what the page shows of these parts of the day."""
    return View(
        date=day.date,
        headline=day.headline,
        promise=day.kept,
        held=waiting_to_leave(held),
        splits=_tabs(day, choice.split),
        groups=[_group(section, row, choice.split) for section in sections],
        empty="Nothing is snoozed." if choice.split == SNOOZED else day.empty,
        strays=day.counts.strays,
        strays_until=_put_away_soon(day.counts.first_stray_at),
        unmapped=day.counts.unmapped,
        is_first=day.is_first and choice.split != SNOOZED,
        unset=" and ".join(day.unset),
        url=_url(choice.split),
        is_open=choice.is_open,
    )


def _put_away_soon(first_stray_at: dt.datetime | None) -> dt.datetime | None:
    """When the first mail without a place is put away by itself (UTC), once that is near."""
    if first_stray_at is None or inbox.kept_until(first_stray_at) > clock.now() + SOON:
        return None
    return inbox.kept_until(first_stray_at)


def waiting_to_leave(held: Sequence[HeldNotice]) -> list[Held]:
    """Return the held notices as the strip shows them, each with its Undo."""
    return [
        Held(
            notice.name,
            url_for("notices.show", notice_id=notice.id),
            notice.leaves_at,
            url_for("notices.withdraw", notice_id=notice.id),
        )
        for notice in held
    ]


def _tabs(day: Day, chosen: str) -> list[Tab]:
    people = {section.key: section.people for section in day.sections}
    tabs = [Tab("All", url_for("desk.show"), chosen not in {*SPLITS, SNOOZED}, sum(people.values()))]
    for split, (label, keys) in SPLITS.items():
        count = sum(people.get(key, 0) for key in keys)
        if count or split == chosen:
            tabs.append(Tab(label, _url(split), split == chosen, count))
    return [*tabs, Tab("Snoozed", _url(SNOOZED), chosen == SNOOZED)]


def _bring_back(key: str) -> Action:
    return Action("Bring back", url_for("desk.bring_back", item=key), post=True)


def _group(section: Section, current: Row | None, split: str) -> Group:
    rows = [
        {
            **{name: getattr(row, name) for name in _SHOWN},
            "url": row.url or _url(split, item=row.key),
            "current": current is not None and row.key == current.key,
            "waiting": waited(row.waiting_since) if row.waiting_since else "",
            "action": _bring_back(row.key) if split == SNOOZED else row.action,
        }
        for row in section.rows
    ]
    return Group(key=section.key, title=section.title, note=section.note, calm=section.calm, rows=rows)


def _url(split: str, item: str | None = None) -> str:
    return url_for("desk.show", split=split or None, item=item)
