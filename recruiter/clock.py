"""The only reader of the time, so that a test or a demo can stand still."""

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(zone: str) -> dt.date:
    """Return the calendar date at this moment in an IANA zone such as ``Europe/Lisbon``."""
    return now().astimezone(ZoneInfo(zone)).date()
