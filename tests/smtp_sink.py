"""A real SMTP server on loopback that counts by Message-ID and can be told to misbehave."""

import asyncio
import collections
import contextlib
import re
import socket
import ssl
import subprocess
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

PATIENCE = 60.0
_MESSAGE_ID = re.compile(rb"^message-id: *(\S+)", re.IGNORECASE | re.MULTILINE)


class Faults:
    """What the next steps are answered with; each list is used up from its front, one entry for each message."""

    def __init__(self):
        self.mail: list[str | None] = []
        self.recipient: list[str | None] = []
        self.data: list[str | None] = []  # also "drop" (take it, then cut the line) and "silence"
        self.reset: list[str | None] = []
        self.always_recipient: str | None = None
        self.waits_for: threading.Event | None = None  # before it answers the content
        self.close_after = 0  # 421 to the message after so many on one line

    @staticmethod
    def take(answers):
        return answers.pop(0) if answers else None


class _Server(SMTP):
    """Hangs up without a word when asked to."""

    def connection_made(self, transport):
        self.count = 0
        self.event_handler.lines += 1
        self.event_handler.transports.append(transport)
        super().connection_made(transport)


class SmtpSink:
    """``with SmtpSink() as sink:`` listens on ``sink.url`` and keeps all that it accepted, in order."""

    def __init__(self, port=0, extensions=(), **smtp_parameters):
        self.extensions = extensions
        self.port = port
        self.faults = Faults()
        self.lines = 0
        self.transports = []
        self.has_data = threading.Event()
        self.raw: list[bytes] = []
        self.counts = collections.Counter()  # how often each Message-ID was accepted
        self.refused: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self._news = threading.Condition()
        self._parameters = smtp_parameters

    def __enter__(self):
        sink = self

        class _Controller(Controller):
            def factory(self):
                return _Server(sink, loop=self.loop, **self.SMTP_kwargs)

            def _trigger_server(self):
                self._factory_invoked.set()
                self.smtpd = sink

        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port, **self._parameters)
        self._controller.start()
        self.port = self._controller.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error):
        self.hang_up()
        self._controller.stop()

    def hang_up(self):
        """Cut every line without a word."""
        hung_up = threading.Event()

        def abort():
            while self.transports:
                self.transports.pop().abort()
            self._controller.loop.call_later(0.01, hung_up.set)  # lets each transport close its socket

        self._controller.loop.call_soon_threadsafe(abort)
        assert hung_up.wait(PATIENCE)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """All that was accepted, parsed."""
        return [message_from_bytes(raw, policy=policy.default) for raw in list(self.raw)]

    def wait_for(self, number: int, seconds: float = PATIENCE) -> list[EmailMessage]:
        """Return the messages as soon as there are at least so many; fail after ``seconds``."""
        self.wait_until(lambda: len(self.raw) >= number, seconds)
        return self.messages

    def wait_until(self, is_enough, seconds: float = PATIENCE) -> None:
        """Return as soon as ``is_enough()`` holds, asked after each acceptance; fail after ``seconds``."""
        with self._news:
            arrived = self._news.wait_for(is_enough, seconds)
        assert arrived, f"{len(self.raw)} messages arrived in {seconds} s"

    def wait_for_data(self):
        """Return when the content of a mail is there and the answer is not."""
        assert self.has_data.wait(PATIENCE)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        extensions = [f"250-{extension}" for extension in self.extensions]
        return [responses[0], *extensions, *responses[1:]]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if 0 < self.faults.close_after <= server.count:
            server.transport.write(b"421 4.7.0 too many messages on this line\r\n")
            server.transport.close()
            return "421 4.7.0 too many messages on this line"
        answer = self.faults.take(self.faults.mail)
        if answer is None:
            envelope.mail_from = address
        return answer or "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.faults.take(self.faults.recipient) or self.faults.always_recipient
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.faults.take(self.faults.data)
        self.has_data.set()
        if self.faults.waits_for is not None:
            await asyncio.to_thread(self.faults.waits_for.wait, PATIENCE)
        if answer == "silence":
            await asyncio.Event().wait()
        if answer is None or answer == "drop":
            server.count += 1
            with self._news:
                self.raw.append(envelope.content)
                self.counts[_MESSAGE_ID.search(envelope.content).group(1).decode()] += 1
                self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
                self._news.notify_all()
        else:
            self.refused.append(envelope.content)
        if answer == "drop":
            server.transport.abort()
            raise asyncio.CancelledError
        return answer or f"250 2.0.0 queued as {len(self.raw)}"

    async def handle_RSET(self, server, session, envelope):  # noqa: N802
        return self.faults.take(self.faults.reset) or "250 2.0.0 ok"

    async def handle_exception(self, error):
        return "451 4.3.0 the sink stumbled"


def self_signed(directory) -> tuple[ssl.SSLContext, str]:
    """Make a certificate for localhost; return the server's context and the path a client must trust."""
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", str(key), "-out", str(certificate),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, str(certificate)


@contextlib.contextmanager
def silent_server():
    """A port that takes connections and never says a word; yields its number."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
