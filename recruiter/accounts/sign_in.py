"""Signing in: the limit on tries, the note of the last time, new passwords, the end of all sessions."""

import datetime as dt
import enum
import hmac
import ipaddress
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.accounts import addresses, queries, stream
from recruiter.accounts.models import Member, SignInCounter
from recruiter.accounts.service import new_session_mark, themself
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.db.session import transaction
from recruiter.outbox.mime import Unsendable

WINDOW = dt.timedelta(minutes=15)
TRIES_BY_NETWORK = 100

log = structlog.get_logger()


class Purpose(enum.Enum):
    """What is tried, with the tries that a window allows for one address."""

    SIGN_IN = 10
    PASSWORD = 9
    RESET = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """A new password hash (argon2id) and the new mark, which ends the sessions that carry the old one."""

    firm_id: uuid.UUID
    member_id: uuid.UUID
    password_hash: str | None
    session_mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutEverywhere:
    """A member whose sessions end, all of them."""

    firm_id: uuid.UUID
    actor: Actor
    member_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try: at what, for which e-mail address, from which IP address."""

    purpose: Purpose
    email: str
    network_address: str

    def limits(self) -> Sequence[tuple[str, int]]:
        """Return the hashes under which this try counts, each with the tries that a window allows."""
        return [
            (_key(self.purpose, _address(self.email)), self.purpose.value),
            (_key(self.purpose, _network(self.network_address)), TRIES_BY_NETWORK),
        ]


def count_try(attempt: Try) -> dt.datetime | None:
    """Count a try before the password is looked at; return when to try again (UTC) if there were too many.

    Counting first means that tries sent at once cannot all pass the limit. A try that is refused is not counted.
    """
    now = clock.now()
    with transaction(None) as session:
        session.execute(sa.delete(SignInCounter).where(SignInCounter.window_started_at <= now - WINDOW))
        counters = [(_locked(session, key, now), most) for key, most in attempt.limits()]
        full = [counter.window_started_at + WINDOW for counter, most in counters if counter.failures >= most]
        if full:
            return max(full)
        for counter, _ in counters:
            counter.failures += 1
    return None


def forget_tries(attempt: Try) -> None:
    """Take back what was counted for an address that then signed in, and this one try of the network's."""
    (by_address, _), (by_network, _) = attempt.limits()
    with transaction(None) as session:
        session.execute(_forget(by_address))
        session.execute(
            sa.update(SignInCounter)
            .where(SignInCounter.key_hash == by_network, SignInCounter.failures > 0)
            .values(failures=SignInCounter.failures - 1)
        )


def note_failure(attempt: Try, why: str) -> None:
    """Log that a try failed, with the hashes under which it counts; they tell one address or network from another."""
    (by_address, _), (by_network, _) = attempt.limits()
    purpose = attempt.purpose.name.lower()
    log.warning("sign_in.failed", purpose=purpose, why=why, address_hash=by_address, network_hash=by_network)


def note_sign_in(firm_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Keep when a member signed in last. Raises ``NotFound``."""
    with transaction(firm_id) as session:
        member = queries.get_member(session, firm_id, member_id)
        member.last_signed_in_at = clock.now()
        audit.record(session, firm_id, themself(member), Change(action="member.signed_in", subject_id=member.id))


def mail_reset(firm_id: uuid.UUID, member_id: uuid.UUID, token: str, lasts: dt.timedelta) -> None:
    """Queue the mail with the link for a new password. Raises ``NotFound``."""
    with transaction(firm_id) as session:
        member = queries.get_member(session, firm_id, member_id)
        stream.queue_reset(session, member, token, lasts)
        audit.record(session, firm_id, SYSTEM, Change(action="member.reset_asked", subject_id=member.id))


def change_password(command: ChangePassword) -> Member:
    """Keep a password hash; with a new mark, end the other sessions and tell the member by mail. Raises ``NotFound``.

    The same mark means that the same password was hashed anew, which is nothing to tell.
    """
    with transaction(command.firm_id) as session:
        member = queries.get_member(session, command.firm_id, command.member_id)
        member.password = command.password_hash
        if member.fs_uniquifier != command.session_mark:
            member.fs_uniquifier = command.session_mark
            session.execute(_forget(_key(Purpose.SIGN_IN, member.email)))
            stream.queue_password_changed(session, member)
            change = Change(action="member.password_changed", subject_id=member.id)
            audit.record(session, command.firm_id, themself(member), change)
    return member


def sign_out_everywhere(command: SignOutEverywhere) -> Member:
    """End every session of a member, on every machine. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        member = queries.get_member(session, command.firm_id, command.member_id)
        member.fs_uniquifier = new_session_mark()
        change = Change(action="member.signed_out_everywhere", subject_id=member.id)
        audit.record(session, command.firm_id, command.actor, change)
    return member


def _forget(key: str) -> sa.Delete:
    return sa.delete(SignInCounter).where(SignInCounter.key_hash == key)


def _locked(session: Session, key: str, now: dt.datetime) -> SignInCounter:
    """Return the counter, made when missing, so that other tries of the same wait until this one is counted."""
    query = sa.select(SignInCounter).where(SignInCounter.key_hash == key).with_for_update()
    found = session.scalar(query)
    if found is not None:
        return found
    with suppress(IntegrityError), session.begin_nested():  # of several at once, one makes it
        session.add(SignInCounter(key_hash=key, window_started_at=now, failures=0))
    return session.scalars(query).one()


def _key(purpose: Purpose, value: str) -> str:
    """Return a keyed hash, so that nobody reads addresses out of the counters."""
    key = config.current().key("recruiter/sign-in-counter/1")
    return hmac.digest(key, f"{purpose.name}:{value}".encode(), "sha256").hex()


def _address(typed: str) -> str:
    """Return the address as it is kept: however its domain was spelled, it is the same member who is tried."""
    try:
        return addresses.normal(typed)
    except Unsendable:
        return typed


def _network(address: str) -> str:
    """Return what one customer of a provider has: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket file has no address
        return address
    bits = 32 if parsed.version == 4 else 64
    return str(ipaddress.ip_network((parsed, bits), strict=False))
