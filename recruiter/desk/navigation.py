"""What the frame shows on every page: the counts beside the places (people, never rows), and the way to undo."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, g
from sqlalchemy.orm import Session

from recruiter.accounts import auth
from recruiter.accounts.models import Member
from recruiter.db.session import reading
from recruiter.desk import mail_status, queries, today, view, waiting
from recruiter.desk.queries import HeldNotice
from recruiter.desk.waiting import Counts


def init_app(app: Flask) -> None:
    """Give every page of a signed-in member what its frame shows; registered after the frame that it completes."""
    app.context_processor(_frame)


def remember(session: Session, member: Member, counts: Counts, held: Sequence[HeldNotice]) -> None:
    """Make the frame of this answer of what its page has read anyway: ``counts`` of what is not snoozed."""
    g.frame = _read(session, member, counts, held)


def _frame() -> dict[str, Any]:
    who: auth.Caller | None = g.get("caller")
    if who is None or who.member is None:
        return {}
    if "frame" not in g:
        with reading(who.firm_id) as session:
            counts = waiting.counts(session, today.scope_of(who.member.firm))
            remember(session, who.member, counts, queries.held(session, who.firm_id, who.member.id))
    frame: dict[str, Any] = g.frame
    return frame


def _read(session: Session, member: Member, counts: Counts, held: Sequence[HeldNotice]) -> dict[str, Any]:
    return {
        "halt": mail_status.halted(session, member.firm) if counts.is_halted else "",
        "nav": {"overdue": counts.late, "waiting": counts.held, "held": view.waiting_to_leave(held)[:1]},
    }
