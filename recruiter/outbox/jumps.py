"""Notices that the clock was moved, by one that only goes forward, and holds mail back until people could undo."""

import datetime as dt

import structlog

MOST_SECONDS = 5.0  # NTP moves a clock less than this, or slowly
HOLD_SECONDS = 600.0  # as long as a notice is held unless its firm says otherwise

log = structlog.get_logger()


class Jumps:
    """Compares two clocks each time it is asked."""

    def __init__(self, hold_seconds: float = HOLD_SECONDS) -> None:
        self._hold_seconds = hold_seconds
        self._apart: float | None = None
        self._holds_until = -1.0

    def holds(self, wall: dt.datetime, steady: float) -> bool:
        """Whether what is due may only be so because the clock was moved; ``steady`` in seconds, never set back.

        Moved forward, it would send what somebody still wants to take back; moved back, leases seem to last.
        """
        apart = wall.timestamp() - steady
        if self._apart is not None and abs(apart - self._apart) > MOST_SECONDS:
            log.warning("clock_moved", ms=round((apart - self._apart) * 1000))
            self._holds_until = steady + self._hold_seconds
        self._apart = apart
        return steady < self._holds_until
