"""The item in hand: who it is about, what was said, and where the work is done."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts.models import Firm, Member
from recruiter.desk import queries, reply_view, timeline
from recruiter.desk.items import Row
from recruiter.desk.models import ItemKind
from recruiter.desk.queries import About
from recruiter.desk.reply_view import Reply, Typed
from recruiter.desk.timeline import Entry
from recruiter.notices import queries as notices
from recruiter.notices import versions
from recruiter.policies import promises
from recruiter.portal import queries as portal
from recruiter.portal.models import Response, ResponseKind
from recruiter.texts.variables import first_name
from recruiter.web.jinja import sentence

RECENT = 5
_OF_APPLICATION = frozenset({ItemKind.OVERDUE, ItemKind.MISSING, ItemKind.DUTY, ItemKind.DUTY_ENDS})


@dataclass(frozen=True, slots=True)
class Person:
    """Whose item it is."""

    name: str
    call_name: str
    url: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A small fact beside the name."""

    text: str
    kind: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """The feedback point that a response is about."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """The person's own words, when they came (UTC) and by which day we answer."""

    label: str
    at: dt.datetime
    due: dt.date | None
    text: str
    about: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What ``templates/pages/desk/_pane.html`` shows."""

    person: Person
    role: str
    tags: Sequence[Tag]
    said: Said | None
    text: str
    history: Sequence[Entry]
    reply: Reply | None
    main: Any
    snooze_url: str
    done_url: str


def read(session: Session, member: Member, row: Row, typed: Typed | None = None) -> Item:
    """Return the item of a row; ``typed`` is an answer that was not sent and is shown again."""
    firm = member.firm
    response = portal.get(session, firm.id, row.subject_id) if row.kind is ItemKind.RESPONSE else None
    application_id = response.application_id if response is not None else None
    if row.kind in _OF_APPLICATION:
        application_id = row.subject_id
    about = queries.about(session, firm.id, row.candidate_id, application_id, clock.today(firm.time_zone))
    answerable = response is not None and response.kind is not ResponseKind.THANKS
    return Item(
        person=_person(row),
        role=about.job or about.location or "",
        tags=_tags(about),
        said=_said(session, firm, response) if response is not None and answerable else None,
        text="" if answerable else row.line,
        history=_history(session, firm, row, response),
        reply=reply_view.read(session, member, row, response, typed) if response is not None and answerable else None,
        main=None if answerable or row.action.post else row.action,
        snooze_url=url_for("desk.snooze", item=row.key),
        done_url=_done_url(row),
    )


def _history(session: Session, firm: Firm, row: Row, response: Response | None) -> list[Entry]:
    """Return what happened last; the words in hand stand above it already, and are not said twice."""
    recent = timeline.of_candidate(session, firm.id, row.candidate_id)[:RECENT]
    said = response.text if response is not None else None
    return [replace(entry, text="") if entry.text == said else entry for entry in recent]


def _done_url(row: Row) -> str:
    """A reminder is done everywhere; any other item is only put away from Today."""
    if row.kind is ItemKind.REMINDER:
        return url_for("contacts.finish", reminder_id=row.subject_id)
    return url_for("desk.done", item=row.key)


def _person(row: Row) -> Person:
    name = row.name or "Erased"
    return Person(name, first_name(name), url_for("record.show", candidate_id=row.candidate_id))


def _tags(about: About) -> list[Tag]:
    tags = [Tag(about.stage.label)] if about.stage else []
    if about.pool_until is not None:
        tags.append(Tag(f"Pool to {about.pool_until:%b %Y}", kind="plum"))
    return tags


def _said(session: Session, firm: Firm, response: Response) -> Said:
    came_on = clock.local_date(response.created_at, firm.time_zone)
    due = promises.answered_by(came_on, firm.place)
    return Said(
        sentence(response.kind.said), response.created_at, due, response.text, _point(session, firm.id, response)
    )


def _point(session: Session, firm_id: uuid.UUID, response: Response) -> Point | None:
    if response.point_id is None:
        return None
    notice = notices.get_notice(session, firm_id, response.notice_id)
    point = versions.wording(versions.read(session, firm_id, notice), response.point_id)
    return Point(point.criterion, point.text)
