"""One SMTP connection that verifies, waits for nothing for ever, and says how far a message had come."""

import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

from recruiter.outbox.replies import Phase, Verdict, verdict_on
from recruiter.outbox.transports.base import DeliveryError, Envelope, OnPhase
from recruiter.outbox.transports.relay import Relay, Tls, is_loopback

LONGEST_REPLY = 500  # characters that are kept of what a relay says
IDLE_SECONDS = 240.0  # RFC 5321 4.5.3.2 lets a relay hang up after five minutes


class SmtpLine:
    """One connection to the relay. Every failure is told as ``DeliveryError`` with how far the message had come."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._rests_since = time.monotonic()
        self.carried = 0
        with _told(Phase.CONNECT):
            self._smtp = _dial(relay)
        self.is_open = True
        try:
            self._greet()
        except DeliveryError:
            self.drop()
            raise

    def carry(self, envelope: Envelope, on_phase: OnPhase) -> str:
        """Hand one mail over and return the relay's words of acceptance."""
        try:
            reply = self._hand_over(envelope, on_phase)
        except DeliveryError as error:
            self._tidy_up(error)
            raise
        self.carried += 1
        self._rests_since = time.monotonic()
        return reply

    def is_fresh(self) -> bool:
        """Whether the relay will most likely still take a message on this line."""
        has_room = self.carried < self._relay.letters_per_line
        return self.is_open and has_room and time.monotonic() - self._rests_since < IDLE_SECONDS

    def quit(self) -> None:
        """Say goodbye; a relay that does not answer is left."""
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        self.is_open = False
        self._smtp.close()

    def _greet(self) -> None:
        smtp, tls = self._smtp, self._relay.tls
        with _told(Phase.CONNECT):
            smtp.ehlo_or_helo_if_needed()
            is_wanted = tls is Tls.REQUIRED or (tls is Tls.OPPORTUNISTIC and smtp.has_extn("starttls"))
            if is_wanted and not self._relay.is_implicit:
                smtp.starttls(context=_tls_context(tls))
                smtp.ehlo()
        if self._relay.username:
            self._log_in(self._relay.username, self._relay.password or "")

    def _log_in(self, username: str, password: str) -> None:
        if not isinstance(self._smtp.sock, ssl.SSLSocket) and not is_loopback(self._relay.host):
            raise DeliveryError(
                "the relay offers no TLS, so the password was not sent", verdict=Verdict.CREDENTIALS, phase=Phase.LOGIN
            )
        with _told(Phase.LOGIN):
            self._smtp.login(username, password)

    def _hand_over(self, envelope: Envelope, on_phase: OnPhase) -> str:
        smtp, size = self._smtp, len(envelope.raw)
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            raise DeliveryError(
                f"the relay takes {limit} octets, the mail has {size}", verdict=Verdict.UNSENDABLE, phase=Phase.MAIL
            )
        if smtp.has_extn("pipelining"):
            self._announce_at_once(envelope)
        else:
            self._announce(envelope)
        with _told(Phase.DATA):
            smtp.send(_stuffed(envelope.raw))
        on_phase(Phase.DOT)
        with _told(Phase.DOT):
            smtp.send(b".\r\n")
            return _expect(smtp.getreply(), Phase.DOT)

    def _announce(self, envelope: Envelope) -> None:
        smtp = self._smtp
        with _told(Phase.MAIL):
            _expect(smtp.mail(envelope.return_path, self._options(envelope)), Phase.MAIL)
        with _told(Phase.RECIPIENT):
            _expect(smtp.rcpt(envelope.recipient, self._wishes(envelope)), Phase.RECIPIENT)
        with _told(Phase.DATA):
            _expect(smtp.docmd("DATA"), Phase.DATA)

    def _announce_at_once(self, envelope: Envelope) -> None:
        """Say three things in one breath (RFC 2920), which over a distance halves the time of a mail."""
        sender = " ".join([f"MAIL FROM:<{envelope.return_path}>", *self._options(envelope)])
        recipient = " ".join([f"RCPT TO:<{envelope.recipient}>", *self._wishes(envelope)])
        with _told(Phase.MAIL):
            self._smtp.send(f"{sender}\r\n{recipient}\r\nDATA\r\n")
        unread = [Phase.MAIL, Phase.RECIPIENT, Phase.DATA]
        try:
            while unread:
                phase = unread.pop(0)
                with _told(phase):
                    _expect(self._smtp.getreply(), phase)
        except DeliveryError:
            self._read_on(len(unread))
            raise

    def _read_on(self, replies: int) -> None:
        """Read what else is said of a mail that was refused; it is so too where the relay hangs up instead."""
        code = 0
        with suppress(OSError):
            for _ in range(replies):
                code, _words = self._smtp.getreply()
            if code == 354:  # it waits for a mail to nobody, so it gets an empty one
                self._smtp.send(b".\r\n")
                self._smtp.getreply()

    def _options(self, envelope: Envelope) -> list[str]:
        size = [f"SIZE={len(envelope.raw)}"] if self._smtp.has_extn("size") else []
        return [*size, "RET=HDRS", f"ENVID={envelope.message_id.hex}"] if self._smtp.has_extn("dsn") else size

    def _wishes(self, envelope: Envelope) -> list[str]:
        """Ask to be told of failure and delay, in our own words for whom it was meant (RFC 3461)."""
        if not self._smtp.has_extn("dsn"):
            return []
        return ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(envelope.recipient)}"]

    def _tidy_up(self, error: DeliveryError) -> None:
        """Make the line ready for another message, or give it up."""
        if error.verdict in {Verdict.LINE_LOST, Verdict.UNKNOWN_OUTCOME}:
            self.drop()
        elif error.code is not None:
            try:
                with _told(Phase.MAIL):
                    _expect(self._smtp.rset(), Phase.MAIL)
            except DeliveryError:
                self.drop()


def _dial(relay: Relay) -> smtplib.SMTP:
    """Connect and read the greeting."""
    name = ehlo_name(relay.sender)
    if relay.is_implicit:
        context = _tls_context(relay.tls)
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, name, timeout=relay.timeout, context=context)
    else:
        smtp = smtplib.SMTP(relay.host, relay.port, name, timeout=relay.timeout)
    # The final dot is a small packet of its own, which must not wait for an acknowledgement.
    cast("socket.socket", smtp.sock).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp


def _tls_context(tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 or later that verifies the relay's name; ``opportunistic`` takes any certificate rather than none."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls is Tls.OPPORTUNISTIC:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def ehlo_name(sender: str) -> str:
    """Return the name we greet a relay with: the sender's domain, an address as a literal (RFC 5321 4.1.3)."""
    domain = sender.rpartition("@")[2] or "localhost"
    try:
        return f"[{ipaddress.ip_address(domain)}]"
    except ValueError:
        return domain


@contextmanager
def _told(phase: Phase) -> Iterator[None]:
    """Tell what went wrong in this step as ``DeliveryError``."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise _refusal((error.smtp_code, error.smtp_error), phase) from error
    except OSError as error:  # smtplib's own errors are of this kind too
        lost = not isinstance(error, smtplib.SMTPException) or isinstance(error, smtplib.SMTPServerDisconnected)
        verdict = Verdict.CREDENTIALS if phase is Phase.LOGIN and not lost else Verdict.LINE_LOST
        if phase is Phase.DOT:
            verdict = Verdict.UNKNOWN_OUTCOME
        raise DeliveryError(f"{type(error).__name__}: {error}", verdict=verdict, phase=phase) from error


def _expect(reply: tuple[int, bytes], phase: Phase) -> str:
    """Return the reply as text when it says yes."""
    code, words = reply
    if code == 354 if phase is Phase.DATA else 200 <= code < 300:
        return f"{code} {_printable(words)}"
    raise _refusal(reply, phase)


def _refusal(reply: tuple[int, bytes | str], phase: Phase) -> DeliveryError:
    code, words = reply
    text = _printable(words if isinstance(words, bytes) else words.encode())
    return DeliveryError(f"{code} {text}", verdict=verdict_on(code, text, phase), phase=phase, code=code)


def _printable(words: bytes) -> str:
    """The relay's words on one line that any database and page can hold."""
    text = "".join(letter if letter.isprintable() else " " for letter in words.decode("utf-8", "replace"))
    return " ".join(text.split())[:LONGEST_REPLY]


def _xtext(text: str) -> str:
    """Write what could end a parameter as RFC 3461 4 has it."""
    return re.sub(r"[^!-*,-<>-~]", lambda found: f"+{ord(found[0]):02X}", text)


def _stuffed(raw: bytes) -> bytes:
    """Double the dot that begins a line (RFC 5321 4.5.2); a mail begins with a header."""
    return raw.replace(b"\r\n.", b"\r\n..")
