"""Sample objects for the recruiter's frame and for Today."""

import datetime as dt
from types import SimpleNamespace as Of
from typing import Any

from flask import flash

from recruiter import clock

ZONE = "Europe/Lisbon"


def frame() -> dict[str, Any]:
    return {
        "firm": Of(name="Harbour & Pine", is_sample=False, contact="Lisbon desk, +351 21 000 00 00", colour=""),
        "member": Of(name="Priya Nair", role_label="Recruiter", reads=True, writes=True),
        "nav": Of(overdue=16, waiting=18, held=[]),
        "halt": "",
        "zone": ZONE,
    }


def ago(**span: float) -> dt.datetime:
    return clock.now() - dt.timedelta(**span)


def _row(name: str, about: str, line: str, action: str, key: str = "", **more: Any) -> Of:
    row = {"count": None, "late": "", "waiting": "", "current": False, "url": "/today?item=1"} | more
    return Of(name=name, about=about, line=line, action=Of(label=action, url="/compose", key=key, post=False), **row)


def groups() -> list[Of]:
    late = [
        _row(
            "Maya Ferreira",
            "Data Engineer, Lumen Grid",
            "Reached final interview. We said “by Tuesday”.",
            "Write notice",
            "w",
            late="2 days late",
        ),
        _row(
            "Tomás Okafor",
            "Site Supervisor, Alder Build",
            "Reached phone screen. We said “by Wednesday”.",
            "Write notice",
            "w",
            late="1 day late",
        ),
        _row(
            "14 candidates",
            "Warehouse Lead, Brightwell Foods",
            "Role filled on Monday. We said “by Wednesday”.",
            "Write to all 14",
            count=14,
            late="1 day late",
        ),
    ]
    replies = [
        _row(
            "Aisha Rahman",
            "asked a question",
            "“Could you say more about the stakeholder exercise?”",
            "Reply",
            "r",
            waiting="21 h",
            current=True,
        ),
        _row(
            "Jonas Weber",
            "disagrees with a point",
            "“I did lead the migration. It is on page two of my CV.”",
            "Reply",
            "r",
            waiting="18 h",
        ),
        _row("Sofia Duarte", "would like a call", "Prefers mornings, Lisbon time.", "Log the call", "c", waiting="6 h"),
        _row(
            "Lin Chen",
            "said thanks and joined the pool",
            "“The part about my portfolio was useful. Thank you.”",
            "Mark done",
            "e",
            waiting="2 h",
        ),
    ]
    return [
        Of(
            key="overdue",
            title="Overdue notices",
            note="16 people past the date we gave",
            calm=False,
            rows=late,
        ),
        Of(key="replies", title="Replies waiting", note="oldest first", calm=True, rows=replies),
    ]


def item() -> Of:
    point = Of(
        title="Stakeholder plan",
        text="The plan listed what to deliver but not who decides. The role has to settle that with three sites.",
    )
    said = Of(
        label="Question",
        at=ago(hours=21),
        due=dt.date(2025, 11, 24),
        about=point,
        text=(
            "Thank you for being specific. Could you say more about the stakeholder exercise? I thought "
            "the plan I showed was what the brief asked for."
        ),
    )
    history = [
        Of(title="Asked a question", detail="on point 2", at=ago(hours=21), ours=False, text=""),
        Of(title="Joined the talent pool", detail="12 months", at=ago(hours=39), ours=False, text=""),
        Of(title="You sent the notice", detail="2 strengths, 2 gaps", at=ago(hours=42), ours=True, text=""),
        Of(title="ATS moved to Not selected", detail="", at=ago(hours=72), ours=False, text=""),
    ]
    return Of(
        person=Of(name="Aisha Rahman", call_name="Aisha", url="/candidates/1"),
        role="Operations Analyst, Brightwell Foods",
        tags=[Of(text="Final interview", kind="", symbol=""), Of(text="Pool to Nov 2026", kind="plum", symbol="")],
        said=said,
        text="",
        history=history,
        main=None,
        reply=Of(
            url="/reply",
            check_url="/check",
            typed=Of(
                text=(
                    "Good question, Aisha. The panel was looking for a named decision maker at each site. "
                    "Yours listed the tasks well, so adding an owner and a fallback per site would have "
                    "closed that gap."
                ),
                outcome=None,
                override_reason="",
                kept=(),
                error="",
                note_error="",
                problem="",
            ),
            is_begun=False,
            check=Of(findings=[], shown=[], label="Send reply", may_override=False, needs_approver=False),
            outcomes=[],
            correct_url="",
            note="",
            call_url="",
            reading=None,
        ),
        snooze_url="/snooze",
        done_url="/done",
    )


def today(**changes: Any) -> dict[str, Any]:
    splits = [("All", 25), ("Overdue", 16), ("Replies", 4), ("Calls", 2), ("Consent", 3), ("Snoozed", 5)]
    of = {
        "date": dt.date(2025, 11, 20),
        "headline": "16 people are waiting longer than we promised",
        "promise": Of(percent=91, goal=95, bars=[0.7, 0.8, 0.6, 0.95, 1, 0.8]),
        "held": [Of(to="Inês Prado", url="/notices/1", leaves_at=ago(minutes=-8), undo_url="/undo")],
        "splits": [
            Of(label=label, count=count, url=f"/today?split={label}", current=label == "All") for label, count in splits
        ],
        "groups": groups(),
        "empty": "",
        "strays": 2,
        "strays_until": None,
        "unmapped": 0,
        "is_first": False,
        "unset": "",
        "url": "/today",
        "is_open": False,
    } | changes
    return frame() | {"today": Of(**of), "item": item()}


def today_empty() -> dict[str, Any]:
    empty = today(
        groups=[],
        held=[],
        promise=None,
        headline="Nobody is waiting",
        empty="Next promise is Friday 21 November, for 3 people in Warehouse Lead.",
    )
    return empty | {"item": None}


def untouched() -> dict[str, Any]:
    fresh = today()
    for group in fresh["today"].groups:
        for row in group.rows:
            row.current = False
    return fresh | {"item": None}


def flashed() -> dict[str, Any]:
    flash("Done. 24 left.")
    return today()
