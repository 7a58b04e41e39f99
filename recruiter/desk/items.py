"""From what waits to the rows of Today: who, what about, how long, and the one thing to do."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from recruiter.applications.models import Application
from recruiter.contacts.models import Contact, Reminder
from recruiter.desk.models import ItemKind
from recruiter.desk.queries import Group, Scope
from recruiter.notices.models import Delivery, Notice
from recruiter.policies import promises
from recruiter.portal.models import Response, ResponseKind
from recruiter.talent_pool.models import Membership

_NOT_HAD: dict[Delivery | None, str] = {
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


def overdue(scope: Scope, applications: Sequence[Application]) -> list[Row]:
    """Return the rows of people who should have heard a decision."""
    return [_late(scope, row, ItemKind.OVERDUE, Action("Write notice", _compose(row), "w")) for row in applications]


def missing(scope: Scope, applications: Sequence[Application]) -> list[Row]:
    """Return the rows of people who should have heard, and about whom nothing is decided."""
    return [
        _late(scope, row, ItemKind.MISSING, Action("Say it takes longer", _compose(row, kind="update"), "w"))
        for row in applications
    ]


def grouped(scope: Scope, groups: Sequence[Group], titles: dict[uuid.UUID, str]) -> list[Row]:
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
                about=titles[group.job_id],
                line=_promised(scope, group.promised_on),
                late=_late_words(scope, group.promised_on),
                url=url_for("applications.candidate_list", job_id=group.job_id, view="overdue"),
                action=Action(f"Write to all {group.people}", address, "w"),
            )
        )
    return rows


def responses(found: Sequence[Response]) -> list[Row]:
    """Return the rows of what came through feedback pages; thanks need no answer."""
    rows = []
    for response in found:
        key = f"{ItemKind.RESPONSE}-{response.id}"
        reply = Action("Reply", url_for("desk.show", item=key), "r")
        done = Action("Mark done", url_for("desk.done", item=key), "e", post=True)
        rows.append(
            Row(
                kind=ItemKind.RESPONSE,
                subject_id=response.id,
                candidate_id=response.candidate_id,
                name=response.candidate.name or "",
                about="disagrees with a point" if response.disagrees else response.kind.said,
                line=f"“{response.text}”" if response.text else response.application.job.label,
                waiting_since=response.created_at,
                action=done if response.kind is ResponseKind.THANKS else reply,
            )
        )
    return rows


def replies(found: Sequence[Contact]) -> list[Row]:
    """Return the rows of replies that were logged; the answer is a contact of its own."""
    return [
        Row(
            kind=ItemKind.CONTACT,
            subject_id=contact.id,
            candidate_id=contact.candidate_id,
            name=contact.candidate.name or "",
            about="wrote to you",
            line=f"“{contact.note}”" if contact.note else "No note was kept.",
            waiting_since=contact.happened_at,
            action=Action("Log contact", url_for("contacts.contact_form", candidate_id=contact.candidate_id), "c"),
        )
        for contact in found
    ]


def reminders(scope: Scope, found: Sequence[Reminder]) -> list[Row]:
    """Return the rows of next steps whose day has come."""
    return [
        Row(
            kind=ItemKind.REMINDER,
            subject_id=reminder.id,
            candidate_id=reminder.candidate_id,
            name=reminder.candidate.name or "",
            about="you wanted to get in touch",
            line=reminder.note or "No note was kept.",
            late=_late_words(scope, reminder.due_on),
            action=Action("Log contact", url_for("contacts.contact_form", candidate_id=reminder.candidate_id), "c"),
        )
        for reminder in found
    ]


def consents(found: Sequence[Membership]) -> list[Row]:
    """Return the rows of people whose yes to the talent pool ends soon."""
    return [
        Row(
            kind=ItemKind.CONSENT,
            subject_id=membership.id,
            candidate_id=membership.candidate_id,
            name=membership.candidate.name or "",
            about="leaves the talent pool",
            line=f"Consent ends on {membership.ends_on:%A} {membership.ends_on.day} {membership.ends_on:%B}.",
            action=Action("Open", url_for("places.show_record", candidate_id=membership.candidate_id)),
        )
        for membership in found
    ]


def problems(found: Sequence[Notice]) -> list[Row]:
    """Return the rows of notices that did not leave."""
    return [
        Row(
            kind=ItemKind.PROBLEM,
            subject_id=notice.id,
            candidate_id=notice.candidate_id,
            name=notice.candidate.name or "",
            about=_NOT_HAD.get(notice.delivery, "did not get the notice"),
            line=notice.problem_detail or "",
            waiting_since=notice.updated_at,
            action=Action("See why", url_for("notices.show", notice_id=notice.id), "w"),
        )
        for notice in found
    ]


def _late(scope: Scope, row: Application, kind: ItemKind, action: Action) -> Row:
    return Row(
        kind=kind,
        subject_id=row.id,
        candidate_id=row.candidate_id,
        name=row.candidate.name or "",
        about=row.job.label,
        line=f"{row.stage.reached}. {_promised(scope, row.promised_on)}",
        late=_late_words(scope, row.promised_on),
        action=action,
    )


def _compose(application: Application, **values: Any) -> str:
    return url_for("notices.new", application=application.id, **values)


def _promised(scope: Scope, day: dt.date | None) -> str:
    """Return which day we named; one of the last six is known by its weekday."""
    assert day is not None, "who is late was promised a day"  # noqa: S101
    is_near = scope.today - day < dt.timedelta(days=7)
    return f"We said “by {day:%A}”." if is_near else f"We said “by {day:%A} {day.day} {day:%B}”."


def _late_words(scope: Scope, day: dt.date | None) -> str:
    days = promises.days_late(day, scope.today)
    return f"{days} day{'' if days == 1 else 's'} late" if days else ""
