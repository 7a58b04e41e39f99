"""When a call is made again, and when an endpoint has failed for too long."""

import datetime as dt
import email.utils
import random

# Waits between tries, as the Standard Webhooks specification recommends; after the last the delivery is dead.
LADDER = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
LONGEST_QUIET = dt.timedelta(days=1)
FAILS_FOR = dt.timedelta(days=5)
# Failures further apart than this are two outages: the longest wait of the schedule, its jitter and some time beyond.
ONE_OUTAGE = dt.timedelta(hours=30)


def wait(step: int) -> dt.timedelta | None:
    """Return how long to wait after the failure of this step of the schedule, give or take a tenth; None: no more."""
    if step >= len(LADDER):
        return None
    return LADDER[step] * random.uniform(0.9, 1.1)  # noqa: S311 - spreads retries, guards nothing


def quiet(retry_after: str | None, now: dt.datetime) -> dt.timedelta:
    """Return how long the receiver asks to be left alone (RFC 9110, 10.2.3), at most a day.

    What cannot be read, or lies in the past, is no time at all.
    """
    asked = _seconds(retry_after.strip(), now) if retry_after else 0
    return min(LONGEST_QUIET, dt.timedelta(seconds=max(0, asked)))


def _seconds(value: str, now: dt.datetime) -> int:
    if value.isascii() and value.isdigit():
        return int(value[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0
    return int((moment.replace(tzinfo=moment.tzinfo or dt.UTC) - now).total_seconds())


def failing_since(since: dt.datetime | None, last_failed_at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Return when the outage began that a failure now belongs to."""
    if since is None or last_failed_at is None or now - last_failed_at > ONE_OUTAGE:
        return now
    return since
