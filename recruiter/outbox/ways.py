"""A way out and its rest: when no line can be had, it is left alone for a while, longer after each failure."""

import time

from recruiter import config
from recruiter.outbox import backoff
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.settlement import jitter
from recruiter.outbox.transports.base import DeliveryError, Transport

_ABOUT_ONE_RECIPIENT = {Phase.RECIPIENT, Phase.DATA, Phase.DOT}


class WayOut:
    """A transport and its rest: when no line can be had, nothing more is claimed for it for a while."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._failures = 0
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether it is better left alone now."""
        return time.monotonic() < self._rests_until

    def heard(self, error: DeliveryError | None) -> None:
        """Rest after what every next message would meet too; forget earlier failures after anything else.

        Somebody who asks us to slow down after hearing the recipient means mail to that provider, not everybody's.
        """
        if error is None or not error.verdict.pauses_relay:
            self._failures = 0
        elif error.verdict is not Verdict.THROTTLED or error.phase not in _ABOUT_ONE_RECIPIENT:
            self.failed(error.verdict)

    def failed(self, verdict: Verdict) -> None:
        """Rest, longer after each failure in a row; what fails while it rests began before and counts once."""
        if not self.rests:
            self._failures += 1
            rest = backoff.rest(verdict, self._failures, jitter()) * config.current().schedule_scale
            self._rests_until = time.monotonic() + rest.total_seconds()
