"""The only reader of the time, so that a test or a demo can stand still, and machines can go by one clock."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

CLOCKS_DIFFER = dt.timedelta(minutes=5)
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the first, of Linux, goes on while a machine sleeps

_standing_at: ContextVar[dt.datetime | None] = ContextVar("recruiter.clock", default=None)
_set: list[tuple[dt.datetime, float]] = []


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    standing = _standing_at.get()
    if standing is not None:
        return standing
    for moment, at in _set:
        return moment + dt.timedelta(seconds=steady() - at)
    return dt.datetime.now(dt.UTC)


def steady() -> float:
    """Return the seconds of a clock that nobody can set; only differences mean something."""
    return time.clock_gettime(_STEADY)


def go_on_from(moment: dt.datetime, at: float) -> None:
    """Let it have been this moment (UTC) when the steady clock said ``at``, whatever the machine's clock says."""
    _set[:] = [(moment, at)]


def go_by_machine() -> None:
    """Let the machine's clock say what time it is, as it does unless somebody says otherwise."""
    _set.clear()


def today(zone: str) -> dt.date:
    """Return the calendar date at this moment in an IANA zone such as ``Europe/Lisbon``."""
    return local_date(now(), zone)


def from_local(moment: dt.datetime, zone: str) -> dt.datetime:
    """Return when (UTC) a clock in the IANA zone shows this moment, which has no zone of its own."""
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def begins(day: dt.date, zone: str) -> dt.datetime:
    """Return when (UTC) a calendar date begins in an IANA zone."""
    return from_local(dt.datetime.combine(day, dt.time()), zone)


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """Return what a clock in the IANA zone shows at an aware moment, without a zone of its own."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    """Return the calendar date of an aware moment in an IANA zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def is_ahead(moment: dt.datetime) -> bool:
    """Whether an aware moment is still to come, by more than the clocks of two machines differ."""
    return moment > now() + CLOCKS_DIFFER


@contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Let it be this aware moment for the block, in this thread alone: the sample firm has a past to tell of."""
    token = _standing_at.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)
