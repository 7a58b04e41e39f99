"""Sample objects for the candidate's page."""

import datetime as dt
from types import SimpleNamespace as Of
from typing import Any

from tests.web.sample_desk import frame
from tests.web.sample_notice import MODELLING, STREAMING, letter, point


def page(**changes: Any) -> dict[str, Any]:
    strengths = [
        point("strength", "Data modelling", MODELLING),
        point(
            "strength",
            "Asking before building",
            (
                "You put three questions to the finance team before you proposed anything, and your plan "
                "answered all three."
            ),
        ),
    ]
    gaps = [
        point(
            "gap",
            "Streaming pipelines",
            STREAMING,
            suggestion="A small project with windowing and replay.",
            id=3,
            responses=[],
        ),
        point(
            "gap",
            "Leading on-call",
            (
                "The role leads incidents from the first alert to the review. You told us about joining "
                "two; we were listening for one you led."
            ),
            id=4,
            responses=[],
        ),
    ]
    sender = Of(name="Priya Nair", role="Recruiter, Harbour & Pine, Lisbon desk", phone="+351 21 000 00 00")
    of = {
        "letter": letter(strengths=strengths, gaps=gaps, sender=sender),
        "base": "/f/token",
        "preview": False,
        "open_until": dt.date(2026, 2, 18),
        "call_name": "Priya",
        "answer_by": dt.date(2025, 11, 25),
        "thanked": False,
        "questions": [],
        "can_call": True,
        "calls": [],
        "open_roles": [Of(title="Analytics Engineer", place="Lisbon"), Of(title="Data Engineer", place="remote")],
        "pool": Of(
            choice="",
            until=None,
            months=12,
            like="Data Engineer",
        ),
        "rating": Of(given=False),
        "updates": [],
        "came_back": None,
        "done": "",
        "errors": {},
        "values": {},
        "print_url": "/f/token?print=1",
        "printing": False,
    } | changes
    return {"firm": frame()["firm"], "page": Of(**of)}


def page_came_back() -> dict[str, Any]:
    asked = Of(
        id=1,
        text="Which incident tool does the team use?",
        said_on=dt.date(2025, 11, 19),
        answer="We use our own runbooks and one pager.",
        outcome="",
        answered_on=dt.date(2025, 11, 20),
    )
    back = page(
        thanked=True,
        questions=[asked],
        came_back=Of(
            kind="question",
            said_on=asked.said_on,
            section="section-ask",
            answer_by=None,
            answered_on=asked.answered_on,
        ),
        done="pool",
        pool=Of(choice="yes", until=dt.date(2026, 11, 20), months=12, like="Data Engineer"),
        rating=Of(given=True),
        updates=[
            Of(
                on=dt.date(2025, 11, 24),
                text="You led one of the two incidents. I had missed that.",
                earlier=Of(strengths=[], gaps=[point("gap", "Leading on-call", "You told us about joining two.")]),
            )
        ],
    )
    back["page"].letter.gaps[0].responses = [
        Of(
            id=2,
            text="I have run Kafka at home.",
            said_on=dt.date(2025, 11, 20),
            answer="",
            outcome="",
            answered_on=None,
        )
    ]
    return back


def page_errors() -> dict[str, Any]:
    return page(
        errors={
            "ask": "Enter your question",
            "pool": "Choose yes or no",
            "point-4": "Your response is 40 characters too long",
        },
        values={"point-4": "I led the May incident."},
    )


def closed(reason: str) -> Any:
    return lambda: {"firm": frame()["firm"], "closed": Of(reason=reason, on=dt.date(2026, 2, 18))}
