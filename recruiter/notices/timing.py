"""When a notice leaves: after its hold, not before it was asked to, in an hour that suits who reads it."""

import datetime as dt
from dataclasses import dataclass

from recruiter import clock
from recruiter.applications import standing
from recruiter.checker.document import Finding, Severity
from recruiter.errors import Invalid
from recruiter.notices.facts import Case, Reader
from recruiter.notices.models import OUTCOME_KINDS, NoticeKind
from recruiter.outbox.service import TimeOfDay
from recruiter.policies import promises, windows

FURTHEST = dt.timedelta(days=366)
HUMANE, NOW = "humane", "now"
_PROMISED = "The person was promised to hear by {:%-d %B %Y}."
_LIMIT = "Policy asks to tell this decision by {:%-d %B %Y}."
_INSTEAD = "Choose a moment before, send an update that says it takes longer, or say why it is later."


@dataclass(frozen=True, slots=True)
class Timing:
    """``hold_minutes`` None takes the firm's hold; ``mode`` "now" skips only the window; ``send_at`` is aware.

    ``late_reason`` is why it is planned for later than the person is to hear. ``is_by_clock`` says that ``send_at`` is
    what a clock shows where the person lives, not a moment.
    """

    hold_minutes: int | None = None
    mode: str = HUMANE
    send_at: dt.datetime | None = None
    late_reason: str = ""
    is_by_clock: bool = False


def leaves_at(case: Reader, timing: Timing) -> dt.datetime:
    """Return the first humane moment at or after the end of the hold and ``send_at``; aware, in UTC.

    Raises ``Invalid`` for a ``send_at`` more than a year ahead.
    """
    earliest = _end_of_hold(case, timing)
    if timing.send_at is not None:
        _refuse_far(timing.send_at)
        earliest = max(earliest, timing.send_at.astimezone(dt.UTC))
    if timing.mode == NOW:
        return earliest
    return windows.first_humane_minute(earliest, case.zone, case.country, overdue=days_late(case) > 0)


def time_of_day(case: Reader, timing: Timing, when: dt.datetime) -> TimeOfDay | None:
    """Return of which zone ``leaves_at`` is a time of day; None where it is the end of the hold or a moment named."""
    earliest = _end_of_hold(case, timing)
    if timing.send_at is not None and not timing.is_by_clock:
        earliest = max(earliest, timing.send_at.astimezone(dt.UTC))
    return TimeOfDay(case.zone, earliest) if when > earliest else None


def refuse_late(case: Case, kind: NoticeKind, timing: Timing) -> None:
    """Raise ``Invalid`` where a member plans it for later than the person is to hear and does not say why."""
    late = lateness(case, kind, timing)
    if late:
        raise Invalid({"send_at": [f"{late[0].message} {late[0].suggestion}"]})


def lateness(case: Case, kind: NoticeKind, timing: Timing) -> list[Finding]:
    """Return a finding for a ``send_at`` after the day by which the person is to hear, where nobody says why."""
    due_on = hears_by(case, kind)
    if timing.send_at is None or due_on is None or timing.late_reason.strip():
        return []
    zone = case.firm.time_zone
    if clock.local_date(timing.send_at, zone) <= max(due_on, clock.today(zone)):
        return []
    why = (_PROMISED if due_on == case.application.promised_on else _LIMIT).format(due_on)
    return [Finding("SEND-LATE", Severity.WARN, "send_at", 0, 0, "", why, _INSTEAD)]


def hears_by(case: Case, kind: NoticeKind) -> dt.date | None:
    """Return the day by which the person is to hear, by the firm's calendar: as promised, and for a decision no later
    than policy lets one wait; None for a correction, which tells nothing that was promised.
    """
    application = case.application
    if kind is NoticeKind.CORRECTION:
        return None
    if kind not in OUTCOME_KINDS:
        return application.promised_on
    decided_on = clock.local_date(application.decided_at or clock.now(), case.firm.time_zone)
    closed = kind is NoticeKind.ROLE_CLOSED
    limit = standing.tell_by(case.policy, application.stage, decided_on, case.firm.place, closed=closed)
    return min(limit, application.promised_on or limit)


def _end_of_hold(case: Reader, timing: Timing) -> dt.datetime:
    hold = case.firm.hold_minutes if timing.hold_minutes is None else timing.hold_minutes
    return clock.now() + dt.timedelta(minutes=hold)


def _refuse_far(send_at: dt.datetime) -> None:
    if send_at > clock.now() + FURTHEST:
        raise Invalid({"send_at": [f"Choose a moment within {FURTHEST.days} days."]})


def days_late(case: Reader) -> int:
    """Return how many calendar days the promise is late today, in the firm's zone; 0 when it is not."""
    return promises.days_late(case.application.promised_on, clock.today(case.firm.time_zone))
