"""From what waits to the rows of Today: who, what about, how long, and the one thing to do."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from recruiter import clock
from recruiter.applications.models import Stage
from recruiter.desk.models import ItemKind
from recruiter.desk.waiting import Group, Scope, Waiting
from recruiter.notices.models import Delivery
from recruiter.outbox.replies import explained
from recruiter.policies import clocks, jurisdictions, promises
from recruiter.portal.models import ResponseKind
from recruiter.web.jinja import day as in_words
from recruiter.web.jinja import plural

_NOT_HAD: dict[str | None, str] = {
    Delivery.BOUNCED: "did not get the notice: it came back",
    Delivery.COMPLAINED: "marked the notice as unwanted",
}


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do: its words, where it is done, the key that presses it, and whether it posts."""

    label: str
    url: str
    key: str = ""
    post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the list; of ``late``, ``call_at`` and ``waiting_since`` (UTC) at most one is there."""

    kind: ItemKind
    subject_id: uuid.UUID
    candidate_id: uuid.UUID
    name: str
    about: str
    line: str
    action: Action
    late: str = ""
    waiting_since: dt.datetime | None = None
    count: int | None = None
    url: str = ""

    @property
    def key(self) -> str:
        """The item's name in an address."""
        return f"{self.kind}-{self.subject_id}"


def overdue(scope: Scope, found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of people who should have heard a decision."""
    return [_late(scope, each, ItemKind.OVERDUE, Action("Write notice", _compose(each), "w")) for each in found]


def missing(scope: Scope, found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of people who should have heard, and about whom nothing is decided."""
    return [
        _late(scope, each, ItemKind.MISSING, Action("Say it takes longer", _compose(each, kind="update"), "w"))
        for each in found
    ]


def duties(scope: Scope, found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of people who by a law's day have to hear whether it is decided; those of the last alarm first.

    No decision yet is an answer too, so what is undecided leads to an update.
    """
    return [_duty(scope, each) for each in found]


def grouped(scope: Scope, groups: Sequence[Group]) -> list[Row]:
    """Return a row for each group of three people or more; its action opens them one by one."""
    rows = []
    for group in groups:
        address = url_for("desk.next_person", job_id=group.job_id, code=group.outcome_code)
        rows.append(
            Row(
                kind=ItemKind.OVERDUE,
                subject_id=group.job_id,
                candidate_id=group.job_id,
                name=f"{group.people} candidates",
                count=group.people,
                about=group.job,
                line=_promised(scope, group.promised_on),
                late=_late_words(scope, group.promised_on),
                url=url_for("applications.candidate_list", job_id=group.job_id, view="overdue"),
                action=Action(f"Write to all {group.people}", address, "w"),
            )
        )
    return rows


def responses(found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of what came through feedback pages; thanks need no answer."""
    rows = []
    for response in found:
        key, kind = f"{ItemKind.RESPONSE}-{response.subject_id}", ResponseKind(response.code or "")
        reply = Action("Reply", url_for("desk.show", item=key), "r")
        done = Action("Mark done", url_for("desk.done", item=key), "e", post=True)
        rows.append(
            _row(
                response,
                ItemKind.RESPONSE,
                about="disagrees with a point" if response.disagrees else kind.said,
                line=f"“{response.words}”" if response.words else response.job,
                waiting_since=response.since,
                action=done if kind is ResponseKind.THANKS else reply,
            )
        )
    return rows


def replies(found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of replies that were logged; the answer is a contact of its own."""
    return [
        _row(
            contact,
            ItemKind.CONTACT,
            about="wrote to you",
            line=f"“{contact.words}”" if contact.words else "No note was kept.",
            waiting_since=contact.since,
            action=_log_contact(contact),
        )
        for contact in found
    ]


def reminders(scope: Scope, found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of next steps whose day has come."""
    return [
        _row(
            reminder,
            ItemKind.REMINDER,
            about="you wanted to get in touch",
            line=reminder.words or "No note was kept.",
            late=_late_words(scope, reminder.day),
            action=_log_contact(reminder),
        )
        for reminder in found
    ]


def consents(found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of people whose yes to the talent pool ends soon."""
    return [
        _row(
            membership,
            ItemKind.CONSENT,
            about="leaves the talent pool",
            line=f"Consent ends on {in_words(_named(membership.day))}."
            + (" They were asked whether they stay." if membership.since else ""),
            action=Action("Open", url_for("record.show", candidate_id=membership.candidate_id))
            if membership.since
            else Action("Ask to stay", url_for("talent_pool.question", membership_id=membership.subject_id)),
        )
        for membership in found
    ]


def readings(found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of notices that somebody else wrote and that wait to be read."""
    return [
        _row(
            notice,
            ItemKind.READING,
            about=notice.job or "",
            line=f"{notice.words} asks for a second reader.",
            waiting_since=notice.since,
            action=Action("Read it", url_for("second_reader.show", notice_id=notice.subject_id), "w"),
        )
        for notice in found
    ]


def problems(found: Sequence[Waiting]) -> list[Row]:
    """Return the rows of notices that did not leave."""
    return [
        _row(
            notice,
            ItemKind.PROBLEM,
            about=_NOT_HAD.get(notice.code, "did not get the notice"),
            line=explained(None, notice.words).words,
            waiting_since=notice.since,
            action=Action("See why", url_for("notices.show", notice_id=notice.subject_id), "w"),
        )
        for notice in found
    ]


def _late(scope: Scope, found: Waiting, kind: ItemKind, action: Action) -> Row:
    return _row(
        found,
        kind,
        about=found.job,
        line=f"{Stage(found.code or '').reached}. {_promised(scope, found.day)}",
        late=_late_words(scope, found.day),
        action=action,
    )


def _duty(scope: Scope, found: Waiting) -> Row:
    place = jurisdictions.find(found.code)
    assert place.clock is not None, "what waits for a law has its clock"  # noqa: S101
    assert found.since is not None, "a clock has begun"  # noqa: S101
    began = clock.local_date(found.since, scope.zone)
    ends, day = clocks.last_day(place.clock, began), (scope.today - began).days
    write = Action("Write notice", _compose(found), "w")
    update = Action("Say it takes longer", _compose(found, kind="update"), "w")
    return _row(
        found,
        ItemKind(found.kind),
        about=found.job,
        line=f"By {in_words(ends)}, decided or not. The law of {place.name}.",
        late=f"day {day} of {place.clock.days}"
        if ends >= scope.today
        else f"{plural((scope.today - ends).days, 'day')} past it",
        action=write if found.words else update,
    )


def _row(found: Waiting, kind: ItemKind, **facts: Any) -> Row:
    return Row(kind=kind, subject_id=found.subject_id, candidate_id=found.candidate_id, name=found.name, **facts)


def _log_contact(found: Waiting) -> Action:
    return Action("Log contact", url_for("contacts.contact_form", candidate_id=found.candidate_id), "c")


def _compose(found: Waiting, **values: Any) -> str:
    return url_for("notices.new", application=found.subject_id, **values)


def _promised(scope: Scope, day: dt.date | None) -> str:
    """Return which day we named; one of the last six is known by its weekday."""
    day = _named(day)
    is_near = scope.today - day < dt.timedelta(days=7)
    return f"We said “by {day:%A}”." if is_near else f"We said “by {in_words(day)}”."


def _named(day: dt.date | None) -> dt.date:
    assert day is not None, "what waits for a day has one"  # noqa: S101
    return day


def _late_words(scope: Scope, day: dt.date | None) -> str:
    days = promises.days_late(day, scope.today)
    return f"{plural(days, 'day')} late" if days else ""
