"""The worker: keeps the lines to the relay busy with what is due, firm after firm, a round of mails on each line."""

import datetime as dt
import functools
import queue
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from email.utils import parseaddr
from pathlib import Path

import structlog
from flask import Flask

from recruiter import clock, config
from recruiter.config import BadSettings, Settings
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import reading
from recruiter.engine import chosen
from recruiter.engine.base import Engine
from recruiter.outbox import claims, leases, queries, recovery, sender, shards
from recruiter.outbox.journal import Journal, Page
from recruiter.outbox.jumps import HOLD_SECONDS, Jumps
from recruiter.outbox.leases import Lease, Round
from recruiter.outbox.rates import Pace
from recruiter.outbox.sender import TROUBLE, Sender
from recruiter.outbox.service import WORK
from recruiter.outbox.settlement import Result
from recruiter.outbox.shards import Everyone, Part, Shards
from recruiter.outbox.transports import relay
from recruiter.outbox.transports.base import DeliveryError, Transport
from recruiter.outbox.transports.maildir import MaildirTransport
from recruiter.outbox.transports.smtp import SafeMail, SmtpTransport
from recruiter.outbox.turns import Turns
from recruiter.outbox.ways import WayOut

KEY = "recruiter.post"
POLL_SECONDS = 0.5
SWEEP_SECONDS = 1.0
AHEAD = 2 * leases.ROUND  # messages leased for each line, so that a line never waits for the database

log = structlog.get_logger()


class Post:
    """Claims due messages, firm after firm, and hands them in rounds to threads that take a line for each."""

    def __init__(
        self, context: Callable[[], AbstractContextManager[object]], settings: Settings, way_out: Transport
    ) -> None:
        self._context = context
        self._settings = settings
        self._root = settings.data_dir / "outbox"
        self._ways = {False: WayOut(way_out), True: WayOut(MaildirTransport(settings.data_dir / "mail"))}
        self._pace = Pace(relay=settings.mail_rate, firm=settings.mail_firm_rate, provider=settings.mail_provider_rate)
        self._jumps = Jumps(HOLD_SECONDS * settings.schedule_scale)
        self._marks, self._turns = settings.mail_marks, Turns()
        self._is_sample: dict[uuid.UUID, bool] = {}
        self._served: dict[uuid.UUID, int] = defaultdict(int)
        self._part: Part = Everyone()
        self._due: set[uuid.UUID] = set()
        self._ask_at = 0.0
        self._under_way: set[Round] = set()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._renew_at = 0.0
        self._is_recorded = True
        self._office: _Office | None = None

    def drain(self) -> bool:
        """Claim what the lines can take; return whether there may be more. Sending goes on in threads."""
        office = self._open()
        self._renew(office)
        room = self._room()
        claimed = self._claim(office, room) if room else 0
        may_be_more = claimed > 0 or room == 0
        self._part.looked(self._due if may_be_more else ())
        return may_be_more

    def share(self) -> Shards:
        """Leave the other firms to other processes from now on; return what says whose mail this one claims."""
        self._part = shares = Shards()
        return shares

    def sweep(self) -> bool:
        """Take back what dead or silent processes had under way, and end doubt."""
        self.end_leases()
        return self.take_back()

    def end_leases(self) -> bool:
        """Take back what silent processes had under way, and end doubt; not while the clock may be wrong."""
        now = clock.now()
        if not self._jumps.holds(now, time.monotonic()):
            recovery.end_leases(now)
        return False

    def take_back(self) -> bool:
        """Take back what processes of this machine had under way and left; other machines cannot."""
        recovery.take_back(self._root)
        return False

    def finish(self) -> None:
        """Wait until nothing is under way."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way)

    def close(self) -> None:
        """Let what is being said be said, give everything else back, and say goodbye to the relay."""
        office, self._office = self._office, None
        if office is None:
            return
        self._closing.set()
        office.threads.shutdown(cancel_futures=True)
        with self._context():
            for work in list(self._under_way):
                self._give_back(work.leases)
        for way in self._ways.values():
            way.transport.close()
        office.journal.close(keep=not self._is_recorded)
        self._under_way = set()

    def _open(self) -> "_Office":
        if self._office is None:
            self._closing.clear()
            self._is_recorded = True
            self._office = _Office(self._root, self._settings.mail_connections)
        return self._office

    def _renew(self, office: "_Office") -> None:
        if time.monotonic() < self._renew_at:
            return
        self._renew_at = time.monotonic() + self._settings.lease_seconds / 3
        with self._changed:
            kept = [work for work in self._under_way if clock.now() < work.lasts_until]
        for work in kept:
            keys = [lease.message_id for lease in work.leases]
            work.lasts_until = claims.renew(work.firm_id, office.journal.owner, keys)

    def _room(self) -> int:
        """How many messages to claim: none while half of what the lines work through still waits."""
        most = AHEAD * self._settings.mail_connections
        with self._changed:
            self._changed.wait_for(lambda: self._waiting() <= most // 2, POLL_SECONDS)
            waiting = self._waiting()
        return most - waiting if waiting <= most // 2 else 0

    def _waiting(self) -> int:
        return sum(len(work.leases) for work in self._under_way)

    def _claim(self, office: "_Office", room: int) -> int:
        """Give every firm with due work its share, the one that was served longest ago first."""
        now = clock.now()  # what is due is so at the very moment that is compared with the other clock
        if self._jumps.holds(now, time.monotonic()):
            return 0
        firms = [firm_id for firm_id in self._due_firms() if not self._way(firm_id).rests]
        firms = sorted(firms, key=lambda firm_id: self._served[firm_id])[:room]
        claimed = 0
        for position, firm_id in enumerate(firms):
            share = (room - claimed) // (len(firms) - position)
            found, held = self._claim_of(firm_id, office.journal.owner, share, now)
            self._served[firm_id] = max(self._served.values()) + 1
            if len(found) + held < share:
                self._due.discard(firm_id)
            self._hand_out(office, found)
            claimed += len(found) + held
        return claimed

    def _hand_out(self, office: "_Office", claimed: Sequence[Lease]) -> None:
        for work in leases.rounds(claimed, self._settings.mail_connections):
            with self._changed:
                self._under_way.add(work)
            office.threads.submit(self._send, work, office.pages)

    def _claim_of(self, firm_id: uuid.UUID, owner: str, share: int, now: dt.datetime) -> tuple[list[Lease], int]:
        """Claim what the pace lets through; return that, and how many were told to wait for their turn."""
        if self._is_samples(firm_id):
            return claims.claim(firm_id, owner, share, now=now), 0
        holds: list[float] = []

        def hold(recipient: str) -> float:
            holds.append(self._pace.hold(firm_id, recipient, time.monotonic()))
            return holds[-1]

        share = self._pace.room(firm_id, share, time.monotonic())
        found = claims.claim(firm_id, owner, share, hold, now) if share else []
        return found, sum(wait > 0 for wait in holds)

    def _due_firms(self) -> set[uuid.UUID]:
        """Ask for them again only when all were served or some time has passed: behind a long queue asking is slow."""
        if not self._due or time.monotonic() >= self._ask_at:
            self._due = self._part.ours(firms_with(Due.MESSAGES, clock.now()))
            self._ask_at = time.monotonic() + POLL_SECONDS
        return self._due

    def _way(self, firm_id: uuid.UUID) -> WayOut:
        """The sample firm's mail never goes out, whatever the settings say."""
        return self._ways[self._is_samples(firm_id)]

    def _is_samples(self, firm_id: uuid.UUID) -> bool:
        if firm_id not in self._is_sample:
            with reading(firm_id) as session:
                self._is_sample[firm_id] = queries.is_sample_firm(session, firm_id)
        return self._is_sample[firm_id]

    def _send(self, work: Round, pages: "queue.SimpleQueue[Page]") -> None:
        page = pages.get()
        try:
            with self._context():
                self._try(work, page)
        except sender.Unrecorded:
            self._is_recorded = False
        except Exception:
            log.exception("delivery_failed", message=str(work.leases[0].message_id))
            with self._context():
                self._give_back(work.leases, TROUBLE)
        finally:
            pages.put(page)
            with self._changed:
                self._under_way.discard(work)
                self._changed.notify_all()

    def _try(self, work: Round, page: Page) -> None:
        way = self._way(work.firm_id)

        def goes_on() -> bool:
            return not self._closing.is_set() and not way.rests and clock.now() < work.lasts_until

        def heard(lease: Lease, result: Result) -> None:
            error = result if isinstance(result, DeliveryError) else None
            way.heard(error)
            self._pace.heard(lease.message.recipient, error, time.monotonic())

        try:
            with way.transport.line() as line, self._turns.joined(work.firm_id):
                left = Sender(line, page, self._marks, self._turns.take, self._closing, goes_on, heard).send(work)
        except DeliveryError as error:
            way.failed(error.verdict)
            self._pace.heard(work.leases[0].message.recipient, error, time.monotonic())
            self._give_back(work.leases, error)
        else:
            self._give_back(left)

    def _give_back(self, given: Iterable[Lease], error: DeliveryError | None = None) -> None:
        for lease in given:
            try:
                claims.release(lease, error)
            except Exception:
                self._is_recorded = False  # whoever comes next finds it through the journal's lock
                log.exception("release_failed", message=str(lease.message_id))


class _Office:
    """What exists only while the worker is open: its journal, with a page for each thread, and the threads."""

    def __init__(self, root: Path, lines: int) -> None:
        self.journal = Journal(root)
        self.pages: queue.SimpleQueue[Page] = queue.SimpleQueue()
        for _ in range(lines):
            self.pages.put(self.journal.page())
        self.threads = ThreadPoolExecutor(lines, "recruiter-line")


def init_app(app: Flask) -> Post:
    """Configure Flask-Mail from the settings and give the engine its delivery work; return the worker."""
    settings = config.current()
    app.extensions[KEY] = post = Post(app.app_context, settings, way_out(app, settings))
    engine = chosen.of(app)
    engine.every(WORK, POLL_SECONDS, post.drain, everywhere=True)
    engine.at_stop(post.close)
    if settings.shares_work:
        _share(engine, post, settings)
    else:
        engine.every("leases", SWEEP_SECONDS, post.sweep)
    return post


def _share(engine: Engine, post: Post, settings: Settings) -> None:
    """Let ticks say which shards each process drains, and one process at a time end leases."""
    given = post.share()
    engine.at_stop(given.close, first=True)
    for shard in range(settings.shards):
        engine.every(shards.work(shard), None, functools.partial(given.drain, shard))
    engine.every("due", SWEEP_SECONDS, functools.partial(shards.kick_due, engine))
    engine.every("leases", SWEEP_SECONDS, post.end_leases)
    engine.every("journals", SWEEP_SECONDS, post.take_back, everywhere=True)


def way_out(app: Flask, settings: Settings) -> Transport:
    """Return what the mail URL names, with Flask-Mail configured for it; raise ``BadSettings`` where it is wrong."""
    try:
        way = relay.parse(settings.mail_url, sender=parseaddr(settings.mail_from)[1], timeout=settings.mail_timeout)
    except ValueError as error:
        raise BadSettings(f"MAIL_URL: {error}") from error
    app.config.update(relay.flask_mail_keys(way))
    mail = SafeMail().init_app(app)
    return MaildirTransport(way) if isinstance(way, Path) else SmtpTransport(mail)
