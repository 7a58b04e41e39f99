"""Delivers the sample firm's mail while the clock stands still, to the same files as the worker does."""

import threading
import uuid
from types import TracebackType
from typing import Self

from recruiter import config
from recruiter.outbox import claims, delivery, leases
from recruiter.outbox.journal import Journal
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.sender import Sender
from recruiter.outbox.transports.base import DeliveryError, Envelope, Line, OnPhase
from recruiter.outbox.transports.maildir import MaildirTransport

MOST = 50


class Refusal:
    """A way out that knows no address, so that there is something to mend on Today."""

    def carry(self, _envelope: Envelope, _on_phase: OnPhase) -> str:
        """Refuse the mail for good, as a mail server does (RFC 3463, 5.1.1)."""
        raise DeliveryError(
            "5.1.1 The address does not exist.", verdict=Verdict.NO_SUCH_ADDRESS, phase=Phase.RECIPIENT, code=550
        )


class Carrier:
    """``with Carrier() as carrier:`` delivers in this thread, one mail after the other."""

    def __enter__(self) -> Self:
        data_dir = config.current().data_dir
        self._files = MaildirTransport(data_dir / "mail")
        self._journal = Journal(data_dir / "outbox")
        self._page = self._journal.page()
        self._closing = threading.Event()
        self._closing.set()  # a database that goes away ends this at once
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._journal.close(keep=False)

    def deliver(self, firm_id: uuid.UUID, line: Line | None = None) -> None:
        """Hand over what is due for the firm, to files or to another line."""
        line = line or self._files
        sender = Sender(line, self._page, 1, delivery.turn, self._closing, lambda: True, lambda _lease, _result: None)
        for work in leases.rounds(claims.claim(firm_id, self._journal.owner, MOST), 1):
            sender.send(work)
