"""Tries an installation as it is set up, and says what works, what could be better and what does not work."""

import datetime as dt
import enum
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from recruiter import clock, sending_domain
from recruiter.config import Settings
from recruiter.db import figures, migrate
from recruiter.db.base import UTC
from recruiter.engine import storage
from recruiter.inbox import imap
from recruiter.inbox.imap import Place, Unreadable
from recruiter.outbox import jumps
from recruiter.outbox.transports import relay
from recruiter.outbox.transports.base import DeliveryError
from recruiter.outbox.transports.line import SmtpLine
from recruiter.outbox.transports.relay import Tls
from recruiter.sending_domain import Finding

LATE = dt.timedelta(minutes=5)


class State(enum.Enum):
    """How it is with one thing that was tried."""

    GOOD = "good"
    BETTER = "better"
    BROKEN = "broken"
    UNKNOWN = "unknown"

    @property
    def colour(self) -> str:
        """The colour of the word on a terminal."""
        return {"good": "green", "better": "yellow", "broken": "red", "unknown": "cyan"}[self.value]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, in words for an operator; never a password or a key."""

    state: State
    text: str


def examine(settings: Settings) -> Iterator[Result]:
    """Try everything in turn; a thing that is broken does not keep the others from being tried."""
    yield _address(settings)
    yield from _database(settings)
    yield _mail(settings)
    yield from _sender(settings)
    yield from _inbound(settings)


def _address(settings: Settings) -> Result:
    host = urlsplit(settings.base_url).hostname or ""
    if settings.is_https or relay.is_loopback(host):
        return Result(State.GOOD, f"Links begin with {settings.base_url}.")
    return Result(State.BETTER, f"Links begin with {settings.base_url}: use https, so that cookies are secure.")


def _database(settings: Settings) -> Iterator[Result]:
    engine = sa.create_engine(settings.database_url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            yield Result(State.GOOD, f"The database answers ({engine.dialect.name}).")
            yield _clock(connection)
            is_current = migrate.is_at_head(connection)
            yield _revision(is_current=is_current)
            if is_current:
                yield _lateness(connection)
            if engine.dialect.name == "postgresql":
                yield _role(connection)
            if settings.shares_work:
                yield _engine(connection, settings)
    except sa.exc.SQLAlchemyError as error:
        yield Result(State.BROKEN, f"The database cannot be reached ({type(error).__name__}).")
    finally:
        engine.dispose()


def _lateness(connection: sa.Connection) -> Result:
    """Whether mail waits that should have left, which says that nobody delivers, or that something is in the way."""
    due = figures.oldest_due_by(connection)
    late = clock.now() - due if due is not None else dt.timedelta()
    if late <= LATE:
        return Result(State.GOOD, "No mail is late.")
    words = f"Mail should have left {late // dt.timedelta(minutes=1)} minutes ago"
    return Result(State.BETTER, f"{words}: Outbox, Status says what it waits for; does a worker run?")


def _revision(*, is_current: bool) -> Result:
    if is_current:
        return Result(State.GOOD, "Its tables are those of this release.")
    return Result(State.BROKEN, "Its tables are of another release: run `recruiter db upgrade`.")


def _role(connection: sa.Connection) -> Result:
    owns = connection.scalar(
        sa.text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    )
    bypasses = connection.scalar(sa.text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
    if not owns and not bypasses:
        return Result(State.GOOD, "Row-level security holds for the application's role.")
    reason = "bypasses row-level security" if bypasses else "owns the tables"
    return Result(
        State.BETTER,
        f"The application's role {reason}, so the second wall between firms is missing:"
        " give RECRUITER_DATABASE_URL a role of its own and RECRUITER_MIGRATION_URL the owner's.",
    )


def _engine(connection: sa.Connection, settings: Settings) -> Result:
    try:
        found = storage.look(connection, settings)
    except storage.NotInstalled:
        return Result(State.BROKEN, "The engine's schema is missing or of another release: run `recruiter db upgrade`.")
    if not found.workers:
        return Result(State.BETTER, f"No worker is at work and {found.waiting} ticks wait: start `recruiter worker`.")
    if found.stalled:
        words = "a worker fell silent, and another takes them over within seconds; ask again."
        return Result(State.BETTER, f"{found.stalled} ticks hang: {words}")
    return Result(State.GOOD, f"Workers share the work ({found.running} ticks run, {found.waiting} wait).")


def _clock(connection: sa.Connection) -> Result:
    """Leases and due times are compared across machines, so their clocks must agree."""
    before = clock.now()
    if connection.dialect.name == "postgresql":
        there = connection.scalar(sa.select(sa.func.clock_timestamp(type_=UTC())))
    else:
        there = connection.scalar(sa.select(sa.func.strftime("%Y-%m-%d %H:%M:%f", "now", type_=UTC())))
    here = before + (clock.now() - before) / 2
    apart = abs((there - here).total_seconds()) if there else 0.0
    if apart > jumps.MOST_SECONDS:
        return Result(
            State.BROKEN, f"This clock and the database's are {apart:.0f} seconds apart: let NTP keep the time on both."
        )
    return Result(State.GOOD, "This clock and the database's agree.")


def _sender(settings: Settings) -> Iterator[Result]:
    """What DNS says of the domains that mail is sent from; nothing where mail stays here or they are not public."""
    if settings.mail_url.startswith("maildir:"):
        return
    returns_to = _domain(settings.bounce_address)
    senders = filter(None, (settings.mail_from, settings.pool_mail_from))
    for domain in filter(sending_domain.is_public, dict.fromkeys(map(_domain, senders))):
        found = sending_domain.examine(domain, settings.dkim_selector, settings.dns_server, returns_to=returns_to)
        yield from map(_told, found)


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2]


def _told(found: Finding) -> Result:
    states = {True: State.GOOD, False: State.BETTER, None: State.UNKNOWN}
    return Result(states[found.is_good], found.text)


def _mail(settings: Settings) -> Result:
    try:
        way_out = relay.parse(settings.mail_url, sender=settings.mail_from, timeout=settings.mail_timeout)
    except ValueError as error:
        return Result(State.BROKEN, f"RECRUITER_MAIL_URL {error}.")
    if isinstance(way_out, Path):
        return Result(State.BETTER, f"Mail is written to {way_out} and not sent: set RECRUITER_MAIL_URL to your relay.")
    place = f"{way_out.host}:{way_out.port}"
    try:
        SmtpLine(way_out).quit()
    except DeliveryError as error:
        return Result(State.BROKEN, f"The relay {place} does not take mail from us: {error.reason}")
    words = f"The relay {place} answers (tls {way_out.tls.value})"
    if way_out.username:
        words += ", and takes our password"
    if way_out.tls is Tls.OPPORTUNISTIC:
        return Result(State.BETTER, f"{words}. Its certificate is not verified: use tls=required.")
    return Result(State.GOOD, f"{words}.")


def _inbound(settings: Settings) -> Iterator[Result]:
    """Mail that comes in: whether it is addressed to us, gets here, and whether each way in is open."""
    ways = bool(settings.inbound_imap_url or settings.inbound_listen or settings.inbound_secret)
    addresses = [*filter(None, (settings.bounce_address, settings.reply_address))]
    yield _incoming(", ".join(addresses), has_ways=ways)
    for domain in filter(sending_domain.is_public, sorted({_domain(address) for address in addresses})):
        yield _told(sending_domain.examine_incoming(domain, settings.dns_server))
    if ways and not settings.inbound_server:
        words = "name your mail server in RECRUITER_INBOUND_SERVER, and what it finds is shown."
        yield Result(State.BETTER, f"Nobody says which answers are forged: {words}")
    if settings.inbound_imap_url:
        yield _mailbox(imap.parse(settings.inbound_imap_url))
    if settings.inbound_listen:
        yield _listener(settings.inbound_listen)


def _incoming(addresses: str, *, has_ways: bool) -> Result:
    if addresses and has_ways:
        return Result(State.GOOD, f"Mail comes in for {addresses}.")
    if addresses:
        return Result(State.BETTER, f"Mail goes to {addresses}, and nothing here takes it in: see docs/inbound.md.")
    if has_ways:
        return Result(
            State.BETTER,
            "Mail can come in, and none is asked for: set RECRUITER_BOUNCE_ADDRESS and RECRUITER_REPLY_ADDRESS.",
        )
    return Result(State.GOOD, "No mail comes in: answers and what comes back go to people's own mailboxes.")


def _mailbox(place: Place) -> Result:
    try:
        imap.log_in(place).logout()
    except Unreadable as error:
        return Result(State.BROKEN, f"The mailbox {place.name} cannot be read: {error}.")
    return Result(State.GOOD, f"The mailbox {place.name} can be read.")


def _listener(url: str) -> Result:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5).close()
    except OSError:
        return Result(State.BETTER, f"Nobody listens at {url}: does `recruiter serve` or `recruiter worker` run?")
    return Result(State.GOOD, f"Mail is taken at {url}.")
