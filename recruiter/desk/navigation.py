"""The counts beside the places of the side bar; people, never rows."""

from typing import Any

from flask import Flask, g

from recruiter.accounts import auth
from recruiter.db.session import reading
from recruiter.desk import queries, today


def init_app(app: Flask) -> None:
    """Give every page of a signed-in member its counts; registered after the frame that it completes."""
    app.context_processor(_counts)


def _counts() -> dict[str, Any]:
    who: auth.Caller | None = g.get("caller")
    if who is None or who.member is None:
        return {}
    with reading(who.firm_id) as session:
        return {
            "nav": {
                "overdue": today.people_overdue(session, who.member.firm),
                "waiting": queries.count_held(session, who.firm_id),
            }
        }
