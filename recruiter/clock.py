"""The only reader of the time, so that a test or a demo can stand still."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_standing_at: ContextVar[dt.datetime | None] = ContextVar("recruiter.clock", default=None)


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return _standing_at.get() or dt.datetime.now(dt.UTC)


def today(zone: str) -> dt.date:
    """Return the calendar date at this moment in an IANA zone such as ``Europe/Lisbon``."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Let it be this aware moment for the block, in this thread alone: the sample firm has a past to tell of."""
    token = _standing_at.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)
