"""Mail to a relay: Flask-Mail as it is configured and recorded, with lines of our own that are reused.

The only module that knows Flask-Mail. Its own connection accepts any certificate, has no time limit, and fails every
later message after one dropped line.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from flask import Flask, current_app
from flask_mail import Connection, Mail, Message, _Mail, email_dispatched

from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.transports.base import DeliveryError, Envelope, Line, OnPhase
from recruiter.outbox.transports.line import SmtpLine
from recruiter.outbox.transports.relay import Relay, Tls


class ReadyMessage(Message):
    """A mail whose bytes are made already, in the clothes that Flask-Mail and its recorder know."""

    def __init__(self, envelope: Envelope, on_phase: OnPhase) -> None:
        # Not the parent's: it looks the host name up, each time, for a Message-ID that is not used.
        letter = envelope.letter
        self.envelope = envelope
        self.on_phase = on_phase
        self.receipt = ""
        self.recipients = [envelope.recipient]
        self.cc, self.bcc, self.attachments = [], [], []
        self.subject = letter.subject
        self.sender = letter.sender.address
        self.reply_to = letter.reply_to.address if letter.reply_to else None
        self.alts = {"html": letter.html}
        self.body = letter.text
        self.date = letter.date.timestamp()
        self.msgId = letter.message_id
        self.extra_headers, self.charset = None, "utf-8"
        self.mail_options, self.rcpt_options = [], []

    def as_bytes(self) -> bytes:
        """Return the bytes that go over the line."""
        return self.envelope.raw


class RelayState(_Mail):
    """What Flask-Mail keeps of its configuration, and the lines that rest between two messages."""

    def __init__(self, base: _Mail, app: Flask) -> None:
        self.__dict__.update(base.__dict__)
        self.app = app
        self.relay = Relay(
            host=self.server,
            port=self.port or 0,
            tls=Tls(app.config.get("MAIL_TLS") or (Tls.REQUIRED if self.use_tls or self.use_ssl else Tls.NONE)),
            is_implicit=self.use_ssl,
            username=self.username,
            password=self.password,
            timeout=float(app.config.get("MAIL_TIMEOUT") or 30),
            sender=self.default_sender or "",
            letters_per_line=self.max_emails or 50,
        )
        self._resting: list[SmtpLine] = []
        self._lock = threading.Lock()

    def connect(self) -> "SafeConnection":
        """Return a connection to be used as a context."""
        return SafeConnection(self)

    def take(self) -> SmtpLine:
        """Lend a line that rests, or a new one; raise ``DeliveryError`` when there is none to be had."""
        while True:
            with self._lock:
                line = self._resting.pop() if self._resting else None
            if line is None:
                return SmtpLine(self.relay)
            if line.is_fresh():
                return line
            line.quit()

    def give_back(self, line: SmtpLine) -> None:
        """Keep a line for the next message."""
        if line.is_open:
            with self._lock:
                self._resting.append(line)

    def hang_up(self) -> None:
        """Say goodbye on every line that rests."""
        with self._lock:
            lines, self._resting = self._resting, []
        for line in lines:
            line.quit()


class SafeConnection(Connection):
    """A line lent for a block. It carries only mail that the outbox made; nothing leaves around the outbox."""

    def __init__(self, state: RelayState) -> None:
        super().__init__(state)  # type: ignore[arg-type]  # annotated as Mail, given the state by Flask-Mail itself
        self.state = state
        self.line: SmtpLine | None = None

    def __enter__(self) -> Self:
        self.line = None if self.state.suppress else self.state.take()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.line is None:
            return
        if error is not None and not isinstance(error, DeliveryError):
            self.line.drop()  # nobody knows what was said on it last
        self.state.give_back(self.line)

    def send(self, message: Message, _envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand over a ``ReadyMessage`` and note the acceptance in it; tell whoever records messages."""
        if not isinstance(message, ReadyMessage):
            raise TypeError("mail is queued in the outbox, never sent directly")
        if self.line is not None:
            message.receipt = self._hand_over(self._fresh(self.line), message)
        self.num_emails += 1
        email_dispatched.send(self.state.app, message=message)

    def carry(self, envelope: Envelope, on_phase: OnPhase) -> str:
        """Do the same for the worker."""
        message = ReadyMessage(envelope, on_phase)
        self.send(message)
        return message.receipt

    def _fresh(self, line: SmtpLine) -> SmtpLine:
        """Return the line, or another in the place of one that was hung up or has carried enough."""
        if not line.is_fresh():
            line.quit()
            self.line = line = self.state.take()
        return line

    def _hand_over(self, line: SmtpLine, message: ReadyMessage) -> str:
        was_used = line.carried > 0
        try:
            return line.carry(message.envelope, message.on_phase)
        except DeliveryError as error:
            # A relay may close a resting line at any time; nothing of this message was taken on it.
            if not (was_used and error.phase is Phase.MAIL and error.verdict is Verdict.LINE_LOST):
                raise
        self.line = SmtpLine(self.state.relay)
        return self.line.carry(message.envelope, message.on_phase)


class SafeMail(Mail):
    """Flask-Mail as it is configured and recorded, with our connection inside."""

    def init_app(self, app: Flask) -> RelayState:
        """Read the configuration keys of the application."""
        state = RelayState(super().init_mail(app.config, app.debug, app.testing), app)
        app.extensions["mail"] = self.state = state
        return state

    def connect(self) -> SafeConnection:
        """Return a connection to be used as a context."""
        state: RelayState = (self.app or current_app).extensions["mail"]
        return state.connect()


class SmtpTransport:
    """The way out over the relay that Flask-Mail is configured for."""

    def __init__(self, mail: RelayState) -> None:
        self._mail = mail

    @contextmanager
    def line(self) -> Iterator[Line]:
        """Lend a line; raise ``DeliveryError`` when the relay cannot be reached, trusted or logged in to."""
        with self._mail.connect() as connection:
            yield connection

    def close(self) -> None:
        """Say goodbye on every line that rests."""
        self._mail.hang_up()
