"""Everything said to and by one person, and what was decided about them, newest first."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter.applications.models import Decision, Stage
from recruiter.audit import queries as audit
from recruiter.audit.models import ActorKind, AuditEntry
from recruiter.candidates.models import Asked
from recruiter.contacts import queries as contacts
from recruiter.contacts.models import Contact, Direction
from recruiter.db.keyset import Window
from recruiter.notices.models import NoticeKind
from recruiter.portal import queries as portal
from recruiter.portal.models import Response
from recruiter.web.jinja import sentence

MOST = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; ``ours`` when we did it; ``text`` are words of a person. ``at`` is UTC."""

    at: dt.datetime
    title: str
    detail: str = ""
    text: str = ""
    ours: bool = True


# What the audit log says in words, its details at the braces. What is not here shows through rows of its own.
AUDIT_WORDS = {
    "candidate.added": "Added",
    "application.added": "Application added",
    "application.moved": "Moved to {}",
    "application.decided": "Decided: {}",
    "application.reopened": "Decision reopened",
    "scorecard.added": "Interview notes kept",
    "scorecard.removed": "Interview notes removed",
    "scorecard.note_corrected": "An interview note corrected",
    "scorecard.note_withdrawn": "An interview note withdrawn",
    "promise.moved": "New date promised: {}",
    "notice.queued": "Notice queued",
    "notice.withdrawn": "Notice taken back",
    "notice.sent": "The notice was sent",
    "notice.failed": "The notice did not leave",
    "notice.reading_asked": "A second reader was asked",
    "notice.released": "The second reader let it leave",
    "notice.sent_back": "The second reader sent it back",
    "message.doubt_send": "A mail that may have arrived is sent once more",
    "mail.sent_again": "A mail that could not leave is sent again",
    "message.doubt_leave": "A mail that may have arrived is left at that",
    "mail.bounced": "Our mail came back",
    "mail.complained": "Marked our mail as unwanted",
    "mail.suppressed": "Not written to any more at that address",
    "pool.joined": "Joined the talent pool",
    "pool.left": "Left the talent pool",
    "pool.invited": "Invited to a role",
    "address.suppressed": "Asked not to be written to",
    "address.lifted": "May be written to again",
    "candidate.hold_placed": "Put under a legal hold",
    "candidate.hold_lifted": "The legal hold was lifted",
    "application.file_cleared": "Interview notes and drafts of an application erased: its file had ended",
    "privacy.asked": "Asked about their data: {}",
    "notice.link_renewed": "A new link was sent",
    "pool.renewal_asked": "Asked whether they stay in the talent pool",
    "pool.renewal_sent": "The question about the talent pool was sent",
    "pool.renewal_failed": "The question about the talent pool did not leave",
    "pool.renewal_withdrawn": "The question about the talent pool was taken back",
    "pool.invitation_sent": "The invitation was sent",
    "pool.invitation_failed": "The invitation did not leave",
    "pool.invitation_withdrawn": "Invitation taken back",
}


# The same of a correction.
CORRECTION_WORDS = {"notice.queued": "Correction queued", "notice.sent": "The correction was sent"}


def of_candidate(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> list[Entry]:
    """Return the newest hundred entries about one person."""
    logged = contacts.contacts(session, firm_id, Window(MOST), candidate_id=candidate_id)
    entries = [
        *map(_contact, logged.items),
        *_responses(portal.of_candidate(session, firm_id, candidate_id)),
        *filter(None, map(_change, audit.about_candidate(session, firm_id, candidate_id))),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def _contact(contact: Contact) -> Entry:
    told = {"decision": "told the decision", "delay": "told that it takes longer"}.get(contact.told or "")
    detail = ", ".join(filter(None, (contact.outcome.label.lower(), told)))
    ours = contact.direction is Direction.OUTBOUND
    if not ours:
        detail = ", ".join(filter(None, ("from them", told)))
    return Entry(contact.happened_at, sentence(contact.kind), detail, contact.note, ours)


def _responses(found: Iterable[Response]) -> list[Entry]:
    entries = []
    for response in found:
        detail = "sees it differently" if response.disagrees else ""
        entries.append(Entry(response.created_at, sentence(response.kind.said), detail, response.text, ours=False))
        if response.answer is not None:
            outcome = response.answer.outcome.value if response.answer.outcome else ""
            entries.append(Entry(response.answer.created_at, "Answered", outcome, response.answer.text))
    return entries


def _change(entry: AuditEntry) -> Entry | None:
    words = CORRECTION_WORDS if entry.details.get("kind") == NoticeKind.CORRECTION else {}
    title = words.get(entry.action) or AUDIT_WORDS.get(entry.action)
    if title is None:
        return None
    ours = entry.actor_kind is not ActorKind.CANDIDATE
    return Entry(entry.created_at, title.format(_detail(entry.details)), ours=ours)


def _asked(value: str) -> str:
    return Asked(value).words.lower()


def _detail(details: dict[str, Any]) -> str:
    """Return what an entry's details say in words: a stage, a decision, a day."""
    words = {
        "stage": lambda stage: Stage(stage).label,
        "decision": lambda decision: Decision(decision).label,
        "promised_on": _day,
        "asked": _asked,
    }
    return ", ".join(words[name](details[name]) for name in words if details.get(name))


def _day(value: str) -> str:
    """Return an ISO day in words."""
    return f"{(day := dt.date.fromisoformat(value)):%A} {day.day} {day:%B}"
