"""When a notice leaves: after its hold, not before it was asked to, in an hour that suits who reads it."""

import datetime as dt
from dataclasses import dataclass

from recruiter import clock
from recruiter.checker.document import Finding, Severity
from recruiter.errors import Invalid
from recruiter.notices.facts import Case
from recruiter.notices.models import NoticeKind
from recruiter.policies import promises, windows

FURTHEST = dt.timedelta(days=366)
HUMANE, NOW = "humane", "now"
_PROMISED = "The person was promised to hear by {:%-d %B %Y}."
_INSTEAD = "Choose a moment before, send an update that says it takes longer, or say why it is later."


@dataclass(frozen=True, slots=True)
class Timing:
    """``hold_minutes`` None takes the firm's hold; ``mode`` "now" skips only the window; ``send_at`` is aware.

    ``late_reason`` is why it is planned for later than the person was promised to hear.
    """

    hold_minutes: int | None = None
    mode: str = HUMANE
    send_at: dt.datetime | None = None
    late_reason: str = ""


def leaves_at(case: Case, timing: Timing) -> dt.datetime:
    """Return the first humane moment at or after the end of the hold and ``send_at``; aware, in UTC.

    Raises ``Invalid`` for a ``send_at`` more than a year ahead.
    """
    hold = case.firm.hold_minutes if timing.hold_minutes is None else timing.hold_minutes
    earliest = clock.now() + dt.timedelta(minutes=hold)
    if timing.send_at is not None:
        _refuse_far(timing.send_at)
        earliest = max(earliest, timing.send_at.astimezone(dt.UTC))
    if timing.mode == NOW:
        return earliest
    return windows.first_humane_minute(earliest, case.zone, case.country, overdue=days_late(case) > 0)


def refuse_late(case: Case, kind: NoticeKind, timing: Timing) -> None:
    """Raise ``Invalid`` where a member plans it for later than promised and does not say why."""
    late = lateness(case, kind, timing)
    if late:
        raise Invalid({"send_at": [f"{late[0].message} {late[0].suggestion}"]})


def lateness(case: Case, kind: NoticeKind, timing: Timing) -> list[Finding]:
    """Return a finding for a ``send_at`` after the promised day, by the firm's calendar, where nobody says why.

    A correction tells nothing that was promised.
    """
    promised = case.application.promised_on
    if timing.send_at is None or promised is None or timing.late_reason.strip() or kind is NoticeKind.CORRECTION:
        return []
    zone = case.firm.time_zone
    if clock.local_date(timing.send_at, zone) <= max(promised, clock.today(zone)):
        return []
    return [Finding("SEND-LATE", Severity.WARN, "send_at", 0, 0, "", _PROMISED.format(promised), _INSTEAD)]


def _refuse_far(send_at: dt.datetime) -> None:
    if send_at > clock.now() + FURTHEST:
        raise Invalid({"send_at": [f"Choose a moment within {FURTHEST.days} days."]})


def days_late(case: Case) -> int:
    """Return how many calendar days the promise is late today, in the firm's zone; 0 when it is not."""
    return promises.days_late(case.application.promised_on, clock.today(case.firm.time_zone))
