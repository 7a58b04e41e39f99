"""Pages filled with sample objects, for looking at them and for checking every one of them in a browser."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace as Of
from typing import Any

from flask import Flask, render_template
from flask_wtf import CSRFProtect

from recruiter import clock
from recruiter.web import headers, jinja

ZONE = "Europe/Lisbon"
STATIC = Path(jinja.__file__).parent.parent / "static"


def make_app() -> Flask:
    """Return an application that serves each page of ``PAGES`` at ``/<name>``, with the product's headers."""
    app = Flask("gallery", template_folder=str(jinja.template_dir()), static_folder=str(STATIC))
    app.config |= {"SECRET_KEY": "gallery", "TESTING": True}
    CSRFProtect(app)
    jinja.init_app(app)
    headers.init_app(app, https=False)
    for name, (template, context) in PAGES.items():
        app.add_url_rule(f"/{name}", name, _view(template, context))
    return app


def _view(template: str, context: Any) -> Any:
    return lambda: render_template(template, **context())


def _ago(**span: float) -> dt.datetime:
    return clock.now() - dt.timedelta(**span)


def frame() -> dict[str, Any]:
    return {
        "firm": Of(name="Harbour & Pine", is_sample=False, contact="Lisbon desk, +351 21 000 00 00"),
        "member": Of(name="Priya Nair", role_label="Recruiter"),
        "nav": Of(overdue=16, waiting=18),
        "zone": ZONE,
    }


def _row(name: str, about: str, line: str, action: str, key: str = "", **more: Any) -> Of:
    row = {"count": None, "late": "", "call_at": None, "waiting": "", "current": False, "url": "/today?item=1"} | more
    return Of(name=name, about=about, line=line, action=Of(label=action, url="/compose", key=key, post=False), **row)


def groups() -> list[Of]:
    late = [
        _row("Maya Ferreira", "Data Engineer, Lumen Grid", "Reached final interview. We said “by Tuesday”.", "Write notice", "w", late="2 days late"),
        _row("Tomás Okafor", "Site Supervisor, Alder Build", "Reached phone screen. We said “by Wednesday”.", "Write notice", "w", late="1 day late"),
        _row("14 candidates", "Warehouse Lead, Brightwell Foods", "Role filled on Monday. We said “by Wednesday”.", "Write to all 14", count=14, late="1 day late"),
    ]
    replies = [
        _row("Aisha Rahman", "asked a question", "“Could you say more about the stakeholder exercise?”", "Reply", "r", waiting="21 h", current=True),
        _row("Jonas Weber", "disagrees with a point", "“I did lead the migration. It is on page two of my CV.”", "Reply", "r", waiting="18 h"),
        _row("Sofia Duarte", "would like a call", "Prefers mornings, Lisbon time.", "Log the call", "c", waiting="6 h"),
        _row("Lin Chen", "said thanks and joined the pool", "“The part about my portfolio was useful. Thank you.”", "Mark done", "e", waiting="2 h"),
    ]
    calls = [
        _row("Daniel Mbeki", "feedback call, 15 minutes", "Wants to go through the case study. Phone number on file.", "Open notes", call_at=_ago(hours=-1)),
        _row("Nadia Kowalski", "feedback call, 15 minutes", "Finalist for Payroll Manager, Alder Build.", "Open notes", call_at=_ago(hours=-5)),
    ]
    return [
        Of(key="overdue", title="Overdue notices", note="16 people past the date we gave", calm=False, rows=late, error=""),
        Of(key="replies", title="Replies waiting", note="oldest first", calm=True, rows=replies, error=""),
        Of(key="calls", title="Calls promised", note="", calm=True, rows=calls, error=""),
    ]


def item() -> Of:
    point = Of(title="Stakeholder plan", text="The plan listed what to deliver but not who decides. The role has to settle that with three sites.")
    said = Of(label="Question", at=_ago(hours=21), due=dt.date(2025, 11, 24), about=point, text="Thank you for being specific. Could you say more about the stakeholder exercise? I thought the plan I showed was what the brief asked for.")
    history = [
        Of(title="Asked a question", detail="on point 2", at=_ago(hours=21), ours=False, text=""),
        Of(title="Joined the talent pool", detail="12 months", at=_ago(hours=39), ours=False, text=""),
        Of(title="You sent the notice", detail="2 strengths, 2 gaps", at=_ago(hours=42), ours=True, text=""),
        Of(title="ATS moved to Not selected", detail="", at=_ago(hours=72), ours=False, text=""),
    ]
    return Of(
        person=Of(name="Aisha Rahman", call_name="Aisha", url="/candidates/1"),
        role="Operations Analyst, Brightwell Foods",
        tags=[Of(text="Final interview", kind="", symbol=""), Of(text="Pool to Nov 2026", kind="plum", symbol="")],
        said=said, text="", history=history, main=None,
        reply=Of(url="/reply", text="Good question, Aisha. The panel was looking for a named decision maker at each site. Yours listed the tasks well, so adding an owner and a fallback per site would have closed that gap.", error=""),
        snooze_url="/snooze", done_url="/done",
    )


def today(**changes: Any) -> dict[str, Any]:
    splits = [("All", 25), ("Overdue", 16), ("Replies", 4), ("Calls", 2), ("Consent", 3), ("Snoozed", 5)]
    of = {
        "date": dt.date(2025, 11, 20),
        "headline": "16 people are waiting longer than we promised",
        "promise": Of(percent=91, goal=95, bars=[0.7, 0.8, 0.6, 0.95, 1, 0.8]),
        "held": [Of(to="Inês Prado", url="/notices/1", leaves_at=_ago(minutes=-8), undo_url="/undo")],
        "splits": [Of(label=label, count=count, url=f"/today?split={label}", current=label == "All") for label, count in splits],
        "groups": groups(),
        "empty": "",
        "url": "/today",
        "is_open": False,
    } | changes
    return frame() | {"today": Of(**of), "item": item()}


def today_empty() -> dict[str, Any]:
    empty = today(groups=[], held=[], promise=None, headline="Nobody is waiting", empty="Next promise is Friday 21 November, for 3 people in Warehouse Lead.")
    return empty | {"item": None}


def point(kind: str, criterion: str, text: str, **more: Any) -> Of:
    given = {"moment": "", "effect": "", "requirement": "", "suggestion": "", "must_have": False, "findings": [], "errors": {}, "parts": [(text, "")]}
    return Of(kind=kind, criterion=criterion, text=text, **(given | more))


ON_CALL = "You came across as a bit young to lead on-call, and we would have liked more energy when you talked about the March incident."
MARKED = [("You came across as ", ""), ("a bit young", "stop"), (" to lead on-call, and we would have liked ", ""), ("more energy", "mild"), (" when you talked about the March incident.", "")]
FINDINGS = [
    Of(id="f1", key="f1", severity="block", words="a bit young", title="is about age.", advice="Say which experience the role needs and what you heard instead.", better="You told us about joining two; this role leads them"),
    Of(id="f2", key="f2", severity="warn", words="more energy", title="describes a person, not what happened.", advice="Maya cannot act on it. What was missing from the answer?", better=""),
]
MODELLING = "Your star-schema redesign in the exercise cut the nightly job from 40 to 6 minutes, and you explained what you traded away to get there."
STREAMING = "The role works with late and repeated events every day. The examples you gave were batch jobs, so we could not see how you would handle that."


def points() -> list[Of]:
    return [
        point("strength", "Data modelling", MODELLING),
        point("gap", "Streaming pipelines", STREAMING, suggestion="A small project with windowing and replay.", must_have=True),
        point("gap", "Leading on-call", ON_CALL, parts=MARKED, findings=FINDINGS),
    ]


def letter(**changes: Any) -> Of:
    of = {
        "date": dt.date(2025, 11, 20),
        "title": "Your application for",
        "role": "Data Engineer at Lumen Grid",
        "greeting": "Hello Maya,",
        "opening": [
            "We will not be taking your application further. The person chosen matched two needs of this role more closely: streaming pipelines and leading on-call.",
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
        "kind": "rejection", "title": "Notice to Maya Ferreira", "person": Of(name="Maya Ferreira", call_name="Maya"),
        "about": "Data Engineer, Lumen Grid. Reached final interview, 13 Nov", "back": Of(label="Today", url="/today"),
        "late": "2 days late", "saved": "Draft saved 10:47", "queue": Of(position=1, count=3, previous_url="", next_url="/compose"),
        "errors": [], "problem": "",
        "outcome_codes": [("closer_match", "Another candidate matched more needs"), ("role_filled", "Role filled internally")], "outcome_code": "closer_match",
        "templates": [("final-en", "After final interview, English")], "template": "final-en",
        "reason": reason, "reason_error": "", "reason_findings": [], "promised_on": "", "promised_on_error": "",
        "has_points": True, "points": points(), "criteria": ["Data modelling", "Streaming pipelines", "Leading on-call"],
        "offers": [Of(name="offer_pool", title="Talent pool", text="Invite for 12 months. Maya decides.", checked=True), Of(name="offer_call", title="15-minute call", text="Maya can ask for one.", checked=True), Of(name="offer_rating", title="Rate this", text="One question, at the end of the page.", checked=True)],
        "preview": Of(mode="page", letter=letter(), subject="", html="", text=""),
        "tally": Of(stop=1, consider=1, fine=9, first_stop="f1", first_consider="f2"),
        "main_label": "Fix 1 problem to send", "timings": [("humane", "Today 14:30, Lisbon (Maya’s time)"), ("now", "Now, after the hold")], "timing": "humane",
        "url": "/compose", "preview_url": "/compose/preview",
    } | changes
    return frame() | {"compose": Of(**of)}


def page(**changes: Any) -> dict[str, Any]:
    strengths = [point("strength", "Data modelling", MODELLING), point("strength", "Asking before building", "You put three questions to the finance team before you proposed anything, and your plan answered all three.")]
    gaps = [
        point("gap", "Streaming pipelines", STREAMING, suggestion="A small project with windowing and replay.", id=3, responses=[]),
        point("gap", "Leading on-call", "The role leads incidents from the first alert to the review. You told us about joining two; we were listening for one you led.", id=4, responses=[]),
    ]
    sender = Of(name="Priya Nair", role="Recruiter, Harbour & Pine, Lisbon desk", phone="+351 21 000 00 00")
    of = {
        "letter": letter(strengths=strengths, gaps=gaps, sender=sender), "base": "/f/token", "preview": False,
        "open_until": dt.date(2026, 2, 18), "call_name": "Priya", "answer_by": dt.date(2025, 11, 25), "can_respond": True,
        "can_thank": True, "thanked": False, "can_ask": True, "questions": [], "can_call": True, "calls": [],
        "open_roles": [Of(title="Analytics Engineer", place="Lisbon"), Of(title="Data Engineer", place="remote")],
        "pool": Of(choice="", until=None, months=12, purpose="data engineering in Lisbon or remote", deletes_on=dt.date(2026, 5, 20)),
        "rating": Of(given=False), "updated": None, "done": "", "errors": {}, "values": {},
        "data_url": "/f/token/data", "print_url": "/f/token?print=1", "printing": False,
    } | changes
    return {"firm": frame()["firm"], "zone": ZONE, "page": Of(**of)}


def page_came_back() -> dict[str, Any]:
    asked = Of(id=1, text="Which incident tool does the team use?", said_on=dt.date(2025, 11, 19), answer="We use our own runbooks and one pager.", answered_on=dt.date(2025, 11, 20))
    back = page(thanked=True, questions=[asked], done="pool", pool=Of(choice="yes", until=dt.date(2026, 11, 20), months=12, purpose="", deletes_on=dt.date(2026, 5, 20)), rating=Of(given=True), updated=Of(on=dt.date(2025, 11, 24), text="the point on on-call was reworded."))
    back["page"].letter.gaps[0].responses = [Of(id=2, text="I have run Kafka at home.", said_on=dt.date(2025, 11, 20), answer="", answered_on=None)]
    return back


def page_errors() -> dict[str, Any]:
    return page(errors={"ask": "Enter your question", "pool": "Choose yes or no", "point-4": "Your response is 40 characters too long"}, values={"point-4": "I led the May incident."})


def closed(reason: str) -> Any:
    return lambda: {"firm": frame()["firm"], "closed": Of(reason=reason, on=dt.date(2026, 2, 18))}


PAGES: dict[str, tuple[str, Any]] = {
    "today": ("pages/desk/today.html", today),
    "today-item": ("pages/desk/today.html", lambda: today(is_open=True)),
    "today-empty": ("pages/desk/today.html", today_empty),
    "today-fragment": ("pages/desk/_pane.html", today),
    "compose": ("pages/notices/compose.html", compose),
    "compose-errors": ("pages/notices/compose.html", lambda: compose(problem="We could not queue this notice. Nothing was sent.", errors=[("points-2-text", "Enter what you saw for Leading on-call")])),
    "compose-update": ("pages/notices/compose.html", lambda: compose(kind="update", has_points=False, points=[], offers=[], promised_on="2025-12-01")),
    "compose-email": ("pages/notices/compose.html", lambda: compose(preview=Of(mode="text", letter=None, subject="Your application", html="", text="Hello Maya,\n\nWe will not be…"))),
    "preview": ("pages/notices/_preview.html", compose),
    "f/letter": ("candidate/letter.html", page),
    "f/preview": ("candidate/letter.html", lambda: page(preview=True)),
    "f/print": ("candidate/letter.html", lambda: page(printing=True)),
    "f/came-back": ("candidate/letter.html", page_came_back),
    "f/errors": ("candidate/letter.html", page_errors),
    "f/expired": ("candidate/closed.html", closed("expired")),
    "f/withdrawn": ("candidate/closed.html", closed("withdrawn")),
    "f/erased": ("candidate/closed.html", closed("erased")),
    "f/gone": ("layouts/error.html", lambda: {"title": "This has ended", "detail": "Reply to the email it came with."}),
    "error": ("layouts/error.html", lambda: {"title": "This is not here", "detail": "It may have been erased or merged.", "reference": "H7K2"}),
}

FRAGMENTS = {"today-fragment", "preview"}
