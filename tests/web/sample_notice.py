"""Sample objects for the composer and its preview."""

from types import SimpleNamespace as Of
from typing import Any

from tests.web.sample_desk import frame


def point(kind: str, criterion: str, text: str, **more: Any) -> Of:
    given = {
        "moment": "",
        "effect": "",
        "requirement": "",
        "need": "",
        "suggestion": "",
        "aim": "",
        "resources": [],
        "source": "",
        "confidence": "",
        "evidence": "",
        "from_panel": False,
        "links": [],
        "must_have": False,
        "findings": [],
        "errors": {},
        "parts": [(text, "")],
    }
    return Of(kind=kind, criterion=criterion, text=text, **(given | more))


ON_CALL = (
    "You came across as a bit young to lead on-call, and we would have liked more energy when you talked "
    "about the March incident."
)
MARKED = [
    ("You came across as ", ""),
    ("a bit young", "stop"),
    (" to lead on-call, and we would have liked ", ""),
    ("more energy", "mild"),
    (" when you talked about the March incident.", ""),
]
FINDINGS = [
    Of(
        id="f1",
        key="f1",
        severity="block",
        words="a bit young",
        title="is about age.",
        advice="Say which experience the role needs and what you heard instead.",
        better="You told us about joining two; this role leads them",
        is_open=True,
    ),
    Of(
        id="f2",
        key="f2",
        severity="warn",
        words="more energy",
        title="describes a person, not what happened.",
        advice="Maya cannot act on it. What was missing from the answer?",
        better="",
        is_open=True,
    ),
]
MODELLING = (
    "Your star-schema redesign in the exercise cut the nightly job from 40 to 6 minutes, and you "
    "explained what you traded away to get there."
)
STREAMING = (
    "The role works with late and repeated events every day. The examples you gave were batch jobs, so we "
    "could not see how you would handle that."
)


def points() -> list[Of]:
    return [
        point("strength", "Data modelling", MODELLING),
        point(
            "gap",
            "Streaming pipelines",
            STREAMING,
            suggestion="A small project with windowing and replay.",
            must_have=True,
        ),
        point("gap", "Leading on-call", ON_CALL, parts=MARKED, findings=FINDINGS),
    ]


def letter(**changes: Any) -> Of:
    of = {
        "frame": Of(
            language="en",
            direction="ltr",
            date="Thursday 20 November 2025",
            title="Your application for",
            title_end="",
            strengths="What stood out",
            gaps="What would have made the difference",
            needs="The role needs",
            try_next="To try next",
            asks="A question for you",
            from_panel="From the interview panel",
        ),
        "role": "Data Engineer at Lumen Grid",
        "greeting": "Hello Maya,",
        "opening": [
            (
                "We will not be taking your application further. The person chosen matched two needs of "
                "this role more closely: streaming pipelines and leading on-call."
            ),
            "You gave us three conversations and a careful exercise. Thank you. Here is what we saw.",
        ],
        "strengths": [point("strength", "Data modelling", MODELLING)],
        "gaps": points()[1:],
        "closing": ["If any of this does not match how you remember it, tell me. I read every answer."],
        "sender": Of(name="Priya Nair", role="Recruiter, Harbour & Pine, Lisbon desk", phone=""),
    } | changes
    return Of(**of)


def compose(**changes: Any) -> dict[str, Any]:
    reason = "The person chosen matched two needs of this role more closely: streaming pipelines and leading on-call."
    of = {
        "kind": "rejection",
        "title": "Notice to Maya Ferreira",
        "person": Of(name="Maya Ferreira", call_name="Maya"),
        "about": "Data Engineer, Lumen Grid. Reached the final interview, 13 Nov",
        "back": Of(label="Today", url="/today"),
        "late": "2 days late",
        "saved": "Draft saved 10:47",
        "queue": Of(position=1, count=3, previous_url="", next_url="/compose"),
        "errors": [],
        "problem": "",
        "outcome_codes": [
            ("closer_match", "Another candidate matched more needs"),
            ("role_filled", "Role filled internally"),
        ],
        "outcome_code": "closer_match",
        "templates": [("final-en", "After final interview, English")],
        "template": "final-en",
        "reason": reason,
        "reason_error": "",
        "has_reason": True,
        "contexts": [],
        "library": [],
        "panel": [],
        "sources": [("recruiter", "You or a colleague"), ("panel_summary", "The panel together")],
        "confidences": [("one_source", "One person"), ("several_sources", "Several people")],
        "panel_url": "/compose",
        "override_error": "",
        "override_reason": "",
        "context_error": "",
        "mode_note": "",
        "points_note": "Say what you saw, then what the role needs.",
        "reader_note": "",
        "reading_url": "",
        "reason_findings": [],
        "promised_on": "",
        "promised_on_error": "",
        "has_points": True,
        "points": points(),
        "criteria": [("Data modelling", "This job"), ("Leading others", "Any job")],
        "offers": [
            Of(name="offer_pool", title="Talent pool", text="Invite for 12 months. Maya decides.", checked=True),
            Of(name="offer_call", title="15-minute call", text="Maya can ask for one.", checked=True),
            Of(name="offer_rating", title="Rate this", text="One question, at the end of the page.", checked=True),
        ],
        "preview": Of(mode="page", letter=letter(), subject="", html="", text=""),
        "tally": Of(stop=1, consider=1, fine=9, first_stop="f1", first_consider="f2"),
        "main_label": "Fix 1 problem to send",
        "override_changed": False,
        "may_override": False,
        "needs_approver": False,
        "later": {
            "send_at": "",
            "zone": "Europe/Lisbon",
            "late_reason": "",
            "hears_by": None,
            "send_at_error": "",
            "late_reason_error": "",
        },
        "shown": [],
        "timings": [("humane", "Today 14:30, Lisbon (Maya's time)"), ("now", "Now, after the hold")],
        "timing": "humane",
        "coded": "closer_match",
        "general_findings": [],
        "kept": [],
        "seen": "2025-11-20T10:47:00+00:00",
        "discard_url": "/compose",
        "is_filled": False,
        "url": "/compose",
        "preview_url": "/compose/preview",
    } | changes
    return frame() | {"compose": Of(**of)}


def checked() -> dict[str, Any]:
    """The composer once more, after the words were replaced."""
    fine = Of(stop=0, consider=0, fine=11, first_stop="", first_consider="")
    clean = [*points()[:2], point("gap", "Leading on-call", "You told us about joining two; this role leads them.")]
    return compose(points=clean, tally=fine, main_label="Queue notice")
