"""When a person was told they would hear: the default for each stage, and how late a promise is."""

import datetime as dt
from collections.abc import Mapping

from recruiter.policies.calendars import add_working_days

# Working days after the day the stage began. A person with an offer is in talks, and waits for no notice.
DEFAULT_DAYS: Mapping[str, int] = {
    "application": 10,
    "screening": 5,
    "submitted": 10,
    "client_interview": 5,
    "final": 3,
}


def promised_on(stage: str, began: dt.date, country: str | None, days: Mapping[str, int]) -> dt.date | None:
    """Return the day by which a person who reached ``stage`` on ``began`` should hear, or None without a promise.

    ``days`` are the firm's own numbers of working days by stage; the defaults fill what it leaves out. Working days
    are those of ``country`` (ISO 3166-1 alpha-2).
    """
    count = days.get(stage, DEFAULT_DAYS.get(stage))
    return None if count is None else add_working_days(began, count, country)


def days_late(promised: dt.date | None, today: dt.date) -> int:
    """Return how many calendar days a promise is late on ``today`` (the firm's date); 0 when it is not."""
    return 0 if promised is None else max(0, (today - promised).days)
