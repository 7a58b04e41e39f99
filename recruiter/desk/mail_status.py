"""How sending stands, in words for members: what waits, why, since when, and what to do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm
from recruiter.outbox import standing, stops
from recruiter.outbox.models import StopKind
from recruiter.outbox.standing import Wait
from recruiter.outbox.stops import Halt
from recruiter.web.jinja import moment

# What mail waits for, by the code of its problem: why, and what to do about it.
REASONS = {
    None: (
        "Nothing is handing mail over.",
        "The process that delivers is not running or is behind. Tell whoever looks after this installation.",
    ),
    "line_lost": ("The mail server does not answer.", "We keep trying. If it lasts, tell whoever looks after it."),
    "credentials": (
        "The mail server does not accept our password.",
        "Whoever looks after this installation can set the right one in RECRUITER_MAIL_URL.",
    ),
    "throttled": ("The mail server asks us to slow down.", "We do. There is nothing to do."),
    "greylisted": ("The recipient's server asks us to come back.", "We do, within the hour. There is nothing to do."),
    "mailbox_full": ("The recipient's mailbox is full.", "We try for three days. A call may be faster."),
    "temporary": ("The recipient's server takes no mail now.", "We try for three days. A call may be faster."),
    "slowed": ("Mail to this provider leaves one after the other.", "It has its turn soon. There is nothing to do."),
    "warming_up": (
        "A new sender begins with little mail a day, so that servers get to know it.",
        "It leaves tomorrow. There is nothing to do.",
    ),
    "maybe_twice": ("It may have arrived, and is sent once more.", "There is nothing to do."),
}
OTHER = ("Something is in its way.", "Open it in the Outbox to see what.")
REFUSED = (
    "Three mails in ten minutes were refused because of who sends them, so we stopped before it gets worse. "
    "Ask whoever looks after your domain for SPF, DKIM and DMARC; `recruiter doctor` checks them. "
    "When that is mended, a lead or an admin lets mail leave again."
)
PAUSED = "What you queue waits. Taking back works as always. A lead or an admin lets mail leave again."


@dataclass(frozen=True, slots=True)
class Line:
    """Mail that waits for one thing: how many, why, since when (UTC), what to do."""

    messages: int
    why: str
    since: dt.datetime
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole page; ``can_resume`` when it is this firm's own stop, which its leads and admins may end."""

    headline: str
    advice: str
    said: str
    lines: Sequence[Line]
    doubtful: int
    for_a_person: int
    is_stopped: bool
    can_resume: bool


def halted(session: Session, firm: Firm) -> str:
    """Return why nothing leaves, for the banner of every page, or nothing."""
    halt = stops.find(session, firm.id)
    return _halted(session, firm, halt) if halt is not None else ""


def delayed(session: Session, firm: Firm) -> str:
    """Return that mail does not leave though nothing stops it, or nothing."""
    found = standing.read(session, firm.id)
    return _delayed(found.since, firm) if found.halt is None and found.since is not None else ""


def read(session: Session, firm: Firm) -> Status:
    """Return how sending stands for the firm."""
    found = standing.read(session, firm.id)
    headline = "Mail is leaving."
    if found.halt is not None:
        headline = _halted(session, firm, found.halt)
    elif found.since is not None:
        headline = _delayed(found.since, firm)
    own = found.halt is not None and not found.halt.is_everybodys
    return Status(
        headline=headline,
        advice=_advice(found.halt),
        said=found.halt.detail if found.halt else "",
        lines=[_line(wait) for wait in found.waits],
        doubtful=found.doubtful,
        for_a_person=found.for_a_person,
        is_stopped=found.halt is not None,
        can_resume=own,
    )


def _halted(session: Session, firm: Firm, halt: Halt) -> str:
    since = moment(halt.since, firm.time_zone)
    if halt.is_everybodys:
        return f"Mail is paused for everybody since {since}. Nothing is lost."
    if halt.kind is StopKind.REFUSED:
        return f"Mail has been stopped since {since}: servers refuse it. Nothing is lost."
    by = f" by {accounts.get_member(session, firm.id, halt.by_id).name}" if halt.by_id else ""
    return f"Mail is paused since {since}{by}. Nothing is lost."


def _delayed(since: dt.datetime, firm: Firm) -> str:
    return f"Mail has not left since {moment(since, firm.time_zone)}. Nothing is lost; we keep trying."


def _advice(halt: Halt | None) -> str:
    if halt is None:
        return ""
    if halt.is_everybodys:
        return "Whoever looks after this installation paused it and lets it leave again. What you queue waits."
    return REFUSED if halt.kind is StopKind.REFUSED else PAUSED


def _line(wait: Wait) -> Line:
    why, todo = REASONS.get(wait.code, OTHER)
    return Line(wait.messages, why, wait.since, todo)
