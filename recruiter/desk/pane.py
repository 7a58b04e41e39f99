"""The item in hand: who it is about, what was said, and where the work is done."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm
from recruiter.applications import queries as applications
from recruiter.desk import queries, timeline
from recruiter.desk.items import Row
from recruiter.desk.models import ItemKind
from recruiter.desk.queries import About
from recruiter.desk.timeline import Entry
from recruiter.notices import queries as notices
from recruiter.notices import rulings, versions
from recruiter.policies import promises
from recruiter.policies.values import FeedbackMode
from recruiter.portal import queries as portal
from recruiter.portal.models import AnswerOutcome, ReplyDraft, Response, ResponseKind
from recruiter.texts.variables import first_name
from recruiter.web.jinja import sentence

RECENT = 5
_KEPT_OUT = {
    FeedbackMode.VERBAL_ONLY: "Points are told by call, not in writing.",
    FeedbackMode.NEUTRAL: (
        "Give no reasons. You can say: “I cannot go into reasons. That is the same for every application of this kind.”"
    ),
}
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


@dataclass(frozen=True, slots=True)
class Reply:
    """The form to answer, with what was typed and what is wrong with it.

    ``outcomes`` (value and label) are what may come of a side that was given on a point; ``correct_url`` is where the
    point is put right. ``note`` is what policy keeps out of it, with ``call_url`` for what may be told there;
    ``reading`` how it stands with its second reader.
    """

    url: str
    text: str = ""
    error: str = ""
    outcome: str | None = None
    outcomes: Sequence[tuple[str, str]] = ()
    correct_url: str = ""
    may_override: bool = False
    note: str = ""
    call_url: str = ""
    reading: "Reading | None" = None
    note_error: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply that waits for its second reader, or came back with a note; ``seen`` names what was read of it."""

    text: str
    by: str
    by_id: uuid.UUID
    waits: bool
    note: str
    seen: str
    outcome: str
    override_reason: str
    release_url: str
    return_url: str


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


def read(session: Session, firm: Firm, row: Row, typed: Reply | None = None) -> Item:
    """Return the item of a row; ``typed`` is an answer that was refused and is shown again."""
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
        reply=_reply(session, firm, row, response, typed) if response is not None and answerable else None,
        main=None if answerable or row.action.post else row.action,
        snooze_url=url_for("desk.snooze", item=row.key),
        done_url=_done_url(row),
    )


def _reply(session: Session, firm: Firm, row: Row, response: Response, typed: Reply | None) -> Reply:
    draft = portal.find_draft(session, firm.id, response.id)
    reply = typed or Reply(url_for("desk.reply", item=row.key))
    if draft is not None:
        reading = _reading(session, firm, row, draft)
        reply = replace(reply, reading=reading, text=reply.text or draft.text, outcome=reply.outcome or reading.outcome)
    application = applications.get_application(session, firm.id, response.application_id)
    ruling = rulings.today(session, firm.id, [application])[application.id]
    if not ruling.writes_points:
        call_url = url_for("places.call_script", application_id=application.id) if ruling.gives_reasons else ""
        reply = replace(reply, note=f"{_KEPT_OUT[ruling.mode]} {ruling.because}", call_url=call_url)
    if response.kind is not ResponseKind.POINT:
        return reply
    outcomes = [(outcome.value, outcome.label) for outcome in AnswerOutcome]
    chosen = reply.outcome or (AnswerOutcome.NOTED.value if response.disagrees else None)
    correct_url = url_for("notices.show", notice_id=response.notice_id)
    return replace(reply, outcomes=outcomes, outcome=chosen, correct_url=correct_url)


def _reading(session: Session, firm: Firm, row: Row, draft: ReplyDraft) -> Reading:
    return Reading(
        text=draft.text,
        by=accounts.get_member(session, firm.id, draft.member_id).name,
        by_id=draft.member_id,
        waits=draft.asked_at is not None,
        note=draft.reading_note,
        seen=draft.updated_at.isoformat(),
        outcome=draft.outcome.value if draft.outcome else "",
        override_reason=draft.override_reason,
        release_url=url_for("desk.release_reply", item=row.key),
        return_url=url_for("desk.return_reply", item=row.key),
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
    return Person(name, first_name(name), url_for("places.show_record", candidate_id=row.candidate_id))


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
