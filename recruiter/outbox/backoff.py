"""When a message is tried again, as constant ladders: the last step repeats."""

import datetime as dt

from recruiter.outbox.replies import Verdict

MAX_TRIES = 60
KEEP_TRYING = dt.timedelta(days=3)  # a relay is given this long, then a person is told
FULL_MESSAGES = 3  # so many whose mailbox was full ...
FULL_WITHIN = dt.timedelta(days=14)  # ... within this time, and it gets nothing ...
SOFT_SUPPRESSION = dt.timedelta(days=30)  # ... for so long

_STEPS_IN_SECONDS: dict[Verdict, tuple[float, ...]] = {
    Verdict.LINE_LOST: (2, 5, 10, 30, 60),
    Verdict.CREDENTIALS: (30, 60, 300, 900),
    Verdict.THROTTLED: (15, 30, 60, 120, 300, 600),
    Verdict.GREYLISTED: (300, 900, 1800, 3600),
    Verdict.MAILBOX_FULL: (3600, 7200, 14400),
    Verdict.TEMPORARY: tuple(min(300 * 1.5**n, 14400) for n in range(11)),
}


# A relay that just hung up is tried again at once; one that stays away is not worn out.
_RESTS_IN_SECONDS: tuple[float, ...] = (0, 1, 2, 5, 10, 20, 30)


def delay(verdict: Verdict, tries: int, jitter: float) -> dt.timedelta:
    """Return how long to wait after ``tries`` tries, one or more, that ended in this temporary verdict.

    ``jitter`` between 0 and 1 moves it by up to a tenth either way, so that what failed together does not come
    back together. Raises ``KeyError`` for a verdict after which nothing is tried again.
    """
    steps = _STEPS_IN_SECONDS[verdict]
    return dt.timedelta(seconds=steps[min(tries, len(steps)) - 1] * (0.9 + 0.2 * jitter))


def rest(verdict: Verdict, failures: int, jitter: float) -> dt.timedelta:
    """Return how long to leave a relay alone after so many failures in a row, the last with ``verdict``."""
    if verdict is not Verdict.LINE_LOST:
        return delay(verdict, failures, jitter)
    step = _RESTS_IN_SECONDS[min(failures, len(_RESTS_IN_SECONDS)) - 1]
    return dt.timedelta(seconds=step * (0.9 + 0.2 * jitter))
