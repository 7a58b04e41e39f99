"""When a person was told they would hear: the default for each stage, how late it is, when a question is answered."""

import datetime as dt
from collections.abc import Mapping

from recruiter.policies.calendars import add_working_days

# Working days within which a person is told, by the stage reached, until the firm decides otherwise. A person with an
# offer is in talks, and waits for no notice.
PROMISE_DAYS: Mapping[str, int] = {
    "application": 10,
    "screening": 5,
    "submitted": 10,
    "client_interview": 5,
    "final": 3,
}

# Working days; the candidate's page names the day that comes of it.
ANSWERED_WITHIN = 2


def promised_on(stage: str, began: dt.date, country: str | None, days: Mapping[str, int]) -> dt.date | None:
    """Return the day by which a person who reached ``stage`` on ``began`` should hear, or None without a promise.

    ``days`` are the firm's own numbers of working days by stage; the defaults fill what it leaves out. Working days
    are those of ``country`` (ISO 3166-1 alpha-2).
    """
    count = days.get(stage, PROMISE_DAYS.get(stage))
    return None if count is None else add_working_days(began, count, country)


def answered_by(came_on: dt.date, country: str | None) -> dt.date:
    """Return the day by which the firm answers what came on ``came_on``, in working days of ``country``."""
    return add_working_days(came_on, ANSWERED_WITHIN, country)


def days_late(promised: dt.date | None, today: dt.date) -> int:
    """Return how many calendar days a promise is late on ``today`` (the firm's date); 0 when it is not."""
    return 0 if promised is None else max(0, (today - promised).days)
