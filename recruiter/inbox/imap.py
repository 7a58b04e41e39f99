"""A mailbox on an IMAP server, read from where the last reading ended; nothing in it is marked, moved or deleted."""

import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from flask import Flask
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from recruiter import config
from recruiter.engine import chosen
from recruiter.inbox import service, tally
from recruiter.inbox.service import Incoming
from recruiter.outbox.transports.relay import is_loopback

WORK = "imap"
ROUND_SECONDS = 1.0
IDLE_SECONDS = 5.0  # a stop of the process waits for this at most
POLL_SECONDS = 30.0  # for a server without IDLE
TIMEOUT = 30.0


class Unreadable(Exception):
    """The mailbox cannot be read; the message says why, without the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mailbox is, from one URL."""

    host: str
    port: int
    is_implicit: bool
    username: str
    password: str = field(repr=False)
    folder: str

    @property
    def name(self) -> str:
        """What the mailbox is called in our records and for an operator."""
        return f"imap:{self.username}@{self.host}/{self.folder}"


def parse(url: str) -> Place:
    """Read ``imaps://user:password@host:port/folder`` or ``imap://…``; the folder is INBOX where none is named."""
    parts = urlsplit(url)
    is_implicit = parts.scheme == "imaps"
    return Place(
        host=parts.hostname or "",
        port=parts.port or (993 if is_implicit else 143),
        is_implicit=is_implicit,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def log_in(place: Place) -> BaseMailBox:
    """Connect, verify, sign in and open the folder; raise ``Unreadable``."""
    try:
        box = _dial(place)
    except (OSError, IMAP4.error, ImapToolsError) as error:
        raise Unreadable(f"the server cannot be reached ({type(error).__name__})") from error
    try:
        box.login(place.username, place.password, initial_folder=None)
        box.folder.set(place.folder)
    except (OSError, IMAP4.error, ImapToolsError) as error:
        _hang_up(box)
        raise Unreadable(f"the server lets us not in, or has no such folder ({type(error).__name__})") from error
    return box


class Fetcher:
    """Keeps one connection to one mailbox, and takes in what is new."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._box: BaseMailBox | None = None
        self._validity = 0
        self._last = 0
        self._look_at = 0.0

    def round(self) -> int:
        """Take in what is new, then wait a few seconds for more; return whether more may be there at once."""
        if time.monotonic() < self._look_at:
            return 0
        try:
            box = self.open()
            taken = self._take_new(box)
            return taken or self._wait(box)
        except Unreadable as error:
            self._fail(str(error))
            raise
        except (OSError, IMAP4.error, ImapToolsError) as error:
            self._fail(f"the line was lost ({type(error).__name__})")
            raise

    def close(self) -> None:
        """Say goodbye."""
        box, self._box = self._box, None
        if box is not None:
            _hang_up(box)

    def open(self) -> BaseMailBox:
        """Return the connection, made anew where there is none; raise ``Unreadable``."""
        if self._box is None:
            self._box = log_in(self._place)
            status = self._box.folder.status(self._place.folder, ["UIDVALIDITY"])
            self._validity = status["UIDVALIDITY"]
            self._last = tally.begin(self._place.name, self._validity)
        return self._box

    def _take_new(self, box: BaseMailBox) -> int:
        box.client.noop()
        # "n:*" names the last mail even when its UID is below n.
        uids = sorted(uid for uid in map(int, box.uids(f"UID {self._last + 1}:*")) if uid > self._last)
        for uid in uids:
            self._take(box, uid)
            tally.advance(self._place.name, self._validity, uid)
            self._last = uid
        return len(uids)

    def _take(self, box: BaseMailBox, uid: int) -> None:
        """Take the mail; of one that is too large its beginning, which has the words."""
        for raw in _octets(box, uid, config.current().inbound_max_bytes):
            service.take_in(Incoming(raw=raw, mailbox=self._place.name, uid_validity=self._validity, uid=uid))

    def _wait(self, box: BaseMailBox) -> int:
        if "IDLE" not in box.client.capabilities:
            self._look_at = time.monotonic() + POLL_SECONDS
            return 0
        return len(box.idle.wait(IDLE_SECONDS))

    def _fail(self, problem: str) -> None:
        tally.fail(self._place.name, problem)
        self.close()


def _dial(place: Place) -> BaseMailBox:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if place.is_implicit:
        return MailBox(place.host, place.port, timeout=TIMEOUT, ssl_context=context)
    if is_loopback(place.host):
        return MailBoxUnencrypted(place.host, place.port, timeout=TIMEOUT)
    return MailBoxStartTls(place.host, place.port, timeout=TIMEOUT, ssl_context=context)


def _hang_up(box: BaseMailBox) -> None:
    """Say goodbye and close the line, which may be lost already."""
    with suppress(OSError, IMAP4.error):
        box.client.logout()
    with suppress(OSError):
        box.client.shutdown()


def _octets(box: BaseMailBox, uid: int, most: int) -> list[bytes]:
    """The first bytes of a mail, which is all of one that is no larger; or nothing where it was deleted."""
    _, data = box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)")
    return [part[1] for part in data if isinstance(part, tuple)]


def init_app(app: Flask) -> None:
    """Let the process that delivers read the mailbox, where a setting names one."""
    url = config.current().inbound_imap_url
    if url:
        fetcher = Fetcher(parse(url))
        chosen.of(app).every(WORK, ROUND_SECONDS, fetcher.round, everywhere=True)
        chosen.of(app).at_stop(fetcher.close)
