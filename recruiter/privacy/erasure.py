"""What happens to each table when a person is erased; a test compares this map with the tables."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.base import Base
from recruiter.errors import Conflict


class FileGoingIn(Conflict):
    """A file is being imported that may bring the person back."""

    code = "file_going_in"


@dataclass(frozen=True, slots=True)
class Erasing:
    """The person whose traces go."""

    firm_id: uuid.UUID
    candidate_id: uuid.UUID


Rule = Callable[[Session, Erasing], None]


def _kept(_why: str) -> Rule:
    return lambda _session, _person: None


def _by_service(_which: str) -> Rule:
    return lambda _session, _person: None


def _deleted(table: str, parent: str = "") -> Rule:
    return lambda session, person: _run(session, sa.delete(_table(table)), table, person, parent)


def _emptied(table: str, parent: str = "", **values: Any) -> Rule:
    return lambda session, person: _run(session, sa.update(_table(table)).values(values), table, person, parent)


def _revoked(session: Session, person: Erasing) -> None:
    pages = _table("feedback_pages")
    values = {"revoked_at": sa.func.coalesce(pages.c.revoked_at, sa.literal(clock.now(), pages.c.revoked_at.type))}
    _run(session, sa.update(pages).values(values | {"pool_choice": None}), "feedback_pages", person, "notices")


def _files_dropped(session: Session, person: Erasing) -> None:
    """Drop every file that is only kept: the person may stand in any of them. Raises ``FileGoingIn``."""
    runs = _table("import_runs")
    mine = runs.c.firm_id == person.firm_id
    session.execute(sa.update(runs).where(mine, runs.c.state == "checked").values(state="failed"))
    finished = runs.c.state.not_in(["waiting", "running"])
    session.execute(sa.update(runs).where(mine, finished).values(content=None))
    if session.scalar(sa.select(runs.c.id).where(mine, ~finished).limit(1)) is not None:
        raise FileGoingIn("A file is being imported, and this person may be in it. Try again when it is done.")


def has_new_file(session: Session, firm_id: uuid.UUID) -> bool:
    """Whether somebody is about to import a file of the last day, which every erasure drops."""
    runs = _table("import_runs")
    since = sa.literal(clock.now() - dt.timedelta(days=1), runs.c.created_at.type)
    waits = runs.c.state.in_(["checked", "waiting", "running"])
    found = sa.select(runs.c.id).where(runs.c.firm_id == firm_id, waits, runs.c.created_at > since)
    return session.scalar(found.limit(1)) is not None


def _reasons_dropped(session: Session, person: Erasing) -> None:
    """Drop the words of an ATS that nobody came with any more: what was said of one person may name them."""
    reasons, applications = _table("ats_reasons"), _table("applications")
    used = sa.exists().where(applications.c.firm_id == reasons.c.firm_id, applications.c.ats_reason_id == reasons.c.id)
    session.execute(sa.delete(reasons).where(reasons.c.firm_id == person.firm_id, ~used))


def _ids_dropped(session: Session, person: Erasing) -> None:
    """Take the ATS's ids out of the events; our own ids tell nobody who it was."""
    events = _table("webhook_events")
    mine = events.c.data["candidate_id"].as_string() == str(person.candidate_id)
    query = sa.select(events.c.id, events.c.data).where(events.c.firm_id == person.firm_id, mine)
    for key, data in session.execute(query).all():
        changed = sa.update(events).where(events.c.firm_id == person.firm_id, events.c.id == key)
        session.execute(changed.values(data=data | {"external_ids": {}}))


MAP: dict[str, Rule] = {
    "answers": _emptied("answers", "responses", text="", findings=[]),
    "api_keys": _kept("about another system"),
    "applications": _emptied("applications", external_id=None, ats_reason_id=None),
    "ats_reasons": _reasons_dropped,
    "attempts": _emptied("attempts", "messages", reply=None),
    "audit_entries": _kept("ids and codes only, and never altered"),
    "audit_seals": _kept("counts and digests"),
    "candidate_emails": _by_service("candidates"),
    "candidate_skills": _by_service("candidates"),
    "candidates": _by_service("candidates"),
    "clients": _kept("about companies"),
    "competency_lists": _kept("words about work"),
    "contacts": _deleted("contacts"),
    "desk_marks": _deleted("desk_marks"),
    "earlier_notes": _deleted("earlier_notes"),
    "feedback_pages": _revoked,
    "feedback_points": _emptied(
        "feedback_points",
        "notices",
        criterion="",
        text="",
        moment="",
        effect="",
        requirement="",
        suggestion="",
        aim="",
        resources=[],
        evidence=[],
    ),
    "firms": _kept("the tenant"),
    "finding_choices": _kept("counts by rule, tied to nobody"),
    "import_runs": _files_dropped,
    "inbound_mails": _by_service("inbox"),
    "installation_notes": _kept("about the installation"),
    "jobs": _kept("about roles"),
    "mail_stops": _kept("about the firm's own mail"),
    "mailboxes": _kept("numbers of the installation"),
    "member_invitations": _kept("about members"),
    "members": _kept("about members"),
    "memberships": _emptied("memberships", purpose="", evidence={}),
    "messages": _emptied(
        "messages",
        recipient="",
        recipient_name="",
        payload=None,
        problem_detail=None,
        sent_subject=None,
        sent_text=None,
        due_zone=None,
        due_local=None,
        not_before=None,
    ),
    "notices": _emptied(
        "notices", reason="", data={}, findings=[], problem_detail=None, reading_note="", late_reason="", asked_at=None
    ),
    "planned_erasures": _deleted("planned_erasures"),
    "policy_changes": _kept("about the firm and its clients"),
    "pool_invitations": _emptied("pool_invitations", data={}, findings=[]),
    "ratings": _kept("belongs to nobody"),
    "receipts": _kept("a hash and an id, for some days"),
    "reminders": _deleted("reminders"),
    "replaced_links": _kept("hashes of links that open nothing, tied to nobody"),
    "reply_drafts": _deleted("reply_drafts", "responses"),
    "requirements": _kept("about roles"),
    "resources": _kept("about guides and courses"),
    "responses": _emptied("responses", text=""),
    "scorecard_notes": _deleted("scorecard_notes", "scorecards"),
    "scorecards": _deleted("scorecards"),
    "search_documents": _by_service("candidates"),
    "sign_in_counters": _kept("hashes of members' addresses"),
    "suppressions": _by_service("outbox"),
    "tellings": _kept("when and how somebody was told, without a word of it: the proof that a law asks for"),
    "template_versions": _kept("texts without a person"),
    "templates": _kept("texts without a person"),
    "webhook_deliveries": _kept("ids and states only"),
    "webhook_endpoints": _kept("about another system"),
    "webhook_events": _ids_dropped,
    "webhook_tries": _kept("numbers only"),
}


def apply(session: Session, person: Erasing) -> None:
    """Follow the map for every table, what points at another row first."""
    for table in reversed(Base.metadata.sorted_tables):
        MAP[table.name](session, person)


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def _run(session: Session, change: Any, name: str, person: Erasing, parent: str = "") -> None:
    """Run the change on the person's rows of a table: those that name them, or whose parent does."""
    table = _table(name)
    if not parent:
        mine = table.c.candidate_id == person.candidate_id
    else:
        above = _table(parent)
        named = sa.select(above.c.id).where(
            above.c.firm_id == person.firm_id, above.c.candidate_id == person.candidate_id
        )
        mine = table.c[f"{parent.removesuffix('s')}_id"].in_(named)
    session.execute(change.where(table.c.firm_id == person.firm_id, mine))
