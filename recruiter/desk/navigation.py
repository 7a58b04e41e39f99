"""What the frame shows on every page: the counts beside the places (people, never rows), and the way to undo."""

from typing import Any

from flask import Flask, g

from recruiter.accounts import auth
from recruiter.db.session import reading
from recruiter.desk import mail_status, queries, today, view


def init_app(app: Flask) -> None:
    """Give every page of a signed-in member what its frame shows; registered after the frame that it completes."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    who: auth.Caller | None = g.get("caller")
    if who is None or who.member is None:
        return {}
    with reading(who.firm_id) as session:
        return {
            "halt": mail_status.halted(session, who.member.firm),
            "nav": {
                "overdue": today.people_overdue(session, who.member.firm),
                "waiting": queries.count_held(session, who.firm_id),
                "held": view.waiting_to_leave(queries.held(session, who.firm_id, who.member.id))[:1],
            },
        }
