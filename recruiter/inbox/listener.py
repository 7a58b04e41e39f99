"""A door for mail servers: LMTP or SMTP, opened only where a setting asks for it, in the process that delivers."""

import asyncio
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from recruiter import config, logs
from recruiter.config import Settings
from recruiter.engine import chosen
from recruiter.inbox import service
from recruiter.inbox.service import Incoming, Taken
from recruiter.outbox import addresses

WORK = "listener"
ROUND_SECONDS = 5.0

ANSWERS = {
    Taken.KEPT: "250 2.0.0 Kept",
    Taken.KNOWN: "250 2.0.0 Here already",
    Taken.UNPLACED: "550 5.1.1 No message of ours is meant",
}

log = structlog.get_logger()


class Listener:
    """Listens once it is opened; 250 is said when the mail is safe in the database, and not before."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]], settings: Settings) -> None:
        parts = urlsplit(settings.inbound_listen)
        self._context = context
        self._scheme, self._host, self._port = parts.scheme, parts.hostname or "", parts.port or 0
        self._limit = settings.inbound_max_bytes
        self._domains = {
            address.rpartition("@")[2].casefold() for address in (settings.bounce_address, settings.reply_address)
        }
        self._controller: Controller | None = None

    def round(self) -> int:
        """Open the door where it is not open yet; raise ``OSError`` while another process has it."""
        if self._controller is None:
            controller = _Controller(self, self._scheme, self._limit, self._host, self._port)
            try:
                controller.start()
            except OSError:
                controller.loop.close()
                raise
            self._controller = controller
        return 0

    def close(self) -> None:
        """Close the door."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    async def handle_RCPT(  # noqa: N802 - the library's name and arguments
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take mail to our own domains alone: this is no relay."""
        if address.rpartition("@")[2].casefold() not in self._domains:
            return "550 5.7.1 Not a relay"
        if addresses.read(address) is None:
            return "550 5.1.1 No message of ours is meant"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail; a failure of ours asks the other side to come again."""
        raw = envelope.content or b""
        incoming = Incoming(
            raw=raw if isinstance(raw, bytes) else raw.encode(),
            mailbox=self._scheme,
            sent_by=(envelope.mail_from or "").strip("<>"),
            recipients=tuple(envelope.rcpt_tos),
        )
        try:
            answer = ANSWERS[await asyncio.to_thread(self._take, incoming)]
        except Exception:
            log.exception("inbound_refused", place=self._scheme)
            answer = "451 4.3.0 Try again later"
        return answer

    def _take(self, incoming: Incoming) -> Taken:
        logs.begin()
        with self._context():
            return service.take_in(incoming)


class _Controller(Controller):
    def __init__(self, listener: Listener, scheme: str, limit: int, host: str, port: int) -> None:
        super().__init__(listener, hostname=host, port=port)
        self._make = functools.partial(
            LMTP if scheme == "lmtp" else SMTP, listener, data_size_limit=limit, ident="recruiter", timeout=60
        )

    def factory(self) -> Any:
        """Return the server's side of one connection."""
        return self._make(hostname="recruiter", loop=self.loop)


def init_app(app: Flask) -> None:
    """Let the process that delivers listen, where a setting says so."""
    settings = config.current()
    if settings.inbound_listen:
        listener = Listener(app.app_context, settings)
        chosen.of(app).every(WORK, ROUND_SECONDS, listener.round, everywhere=True)
        chosen.of(app).at_stop(listener.close, first=True)
