"""Taking mail in: first it is kept as it came, then, in a transaction of its own, told apart and acted upon."""

import datetime as dt
import enum
import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.db.conflicts import named
from recruiter.db.doors import Door, Due, firm_of, firms_with
from recruiter.db.session import reading as reading_block
from recruiter.db.session import transaction
from recruiter.engine import bell
from recruiter.errors import Conflict, DomainError
from recruiter.inbox import checks, effects, queries, reading, rules, tally
from recruiter.inbox.models import InboundMail, MailState
from recruiter.inbox.reading import Mail
from recruiter.inbox.rules import MailKind
from recruiter.outbox.models import Message
from recruiter.outbox.suppressions import fold

WORK = "inbound"
ROUND = 50  # mails of a firm before another firm has its turn
MOST_TRIES = 6
MOST_EMPTIED = 500  # mails in one transaction
WAITS = dt.timedelta(seconds=5)  # after the first try; doubled after each

log = structlog.get_logger()


class TooLarge(DomainError):
    """The mail is larger than this installation takes."""

    code = "too_large"


class Taken(enum.StrEnum):
    """What became of a mail that was handed to us."""

    KEPT = "kept"
    KNOWN = "known"
    UNPLACED = "unplaced"


class _Known(Conflict):
    code = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A mail as it came: its bytes, where from, and of its envelope what is known.

    ``sent_by`` is empty for mail that wants no answer. ``uid_validity`` and ``uid`` are its place in an IMAP mailbox.
    """

    raw: bytes
    mailbox: str
    sent_by: str | None = None
    recipients: tuple[str, ...] = ()
    uid_validity: int | None = None
    uid: int | None = None


def take_in(incoming: Incoming) -> Taken:
    """Keep the mail for the firm that it is about; it is told apart later. The same mail twice is kept once.

    Mail that names no message of ours belongs to the only firm, if there is one, and else is counted and not kept.
    Raises ``TooLarge``.
    """
    if len(incoming.raw) > config.current().inbound_max_bytes:
        raise TooLarge(f"The mail has more than {config.current().inbound_max_bytes} octets.")
    mail = reading.read(incoming.raw, incoming.sent_by, incoming.recipients)
    firm_id = _firm_of(mail)
    taken = Taken.UNPLACED if firm_id is None else _keep(firm_id, incoming)
    tally.count(incoming.mailbox, kept=taken is Taken.KEPT, unplaced=taken is Taken.UNPLACED)
    if taken is Taken.KEPT:
        bell.ring(WORK)
    return taken


def sort_all() -> int:
    """Tell apart and act upon what waits, in every firm; return how many mails came to an end."""
    return sum(_sort_some(firm_id) for firm_id in firms_with(Due.INBOUND, clock.now()))


def forget(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, addresses: Collection[str]) -> None:
    """Drop every mail of a person who is being erased, and what of it could name them, in the caller's transaction.

    That something came in, and what kind it was, stays; so does its fingerprint, or a mailbox that is read anew would
    bring it back.
    """
    queries.empty(session, firm_id, candidate_id, {fold(address) for address in addresses})


def forget_old(firm_id: uuid.UUID, kept: Collection[uuid.UUID]) -> None:
    """Drop the bytes and addresses of mail older than the days of the settings; what became of it stays.

    Mail of the candidates ``kept`` stays whole.
    """
    before = clock.now() - _kept()
    emptied = MOST_EMPTIED
    while emptied == MOST_EMPTIED:
        with transaction(firm_id) as session:
            emptied = queries.empty_old(session, firm_id, before, kept, MOST_EMPTIED)


def kept_until(taken_at: dt.datetime) -> dt.datetime:
    """When the bytes and addresses of a mail that came in at this moment go (UTC), and nobody can place it any more."""
    return taken_at + _kept()


def _kept() -> dt.timedelta:
    return dt.timedelta(days=config.current().inbound_days)


def _firm_of(mail: Mail) -> uuid.UUID | None:
    """A code of ours first, then the Message-IDs it answers; where there is only one firm, it can be no other's."""
    if mail.named is not None:
        found = firm_of(Door.MESSAGE, mail.named.message_id.hex)
        if found is not None:
            return found
    for name in (*mail.thread, mail.message_id):
        found = firm_of(Door.MESSAGE_ID, name)
        if found is not None:
            return found
    firms = firms_with(Due.ALL, clock.now())
    return firms[0] if len(firms) == 1 else None


def _keep(firm_id: uuid.UUID, incoming: Incoming) -> Taken:
    row = InboundMail(
        firm_id=firm_id,
        mailbox=incoming.mailbox,
        uid_validity=incoming.uid_validity,
        uid=incoming.uid,
        fingerprint=reading.fingerprint(incoming.raw),
        sha256=hashlib.sha256(incoming.raw).hexdigest(),
        raw=incoming.raw,
        recipients=list(incoming.recipients),
        sent_by=incoming.sent_by,
    )
    known = _Known("This mail is here already.")
    place = "uq_inbound_mails_firm_id_mailbox_uid_validity_uid"
    try:
        with transaction(firm_id) as session:
            session.add(row)
            with named(session, {place: known, "uq_inbound_mails_firm_id_fingerprint": known}):
                pass
    except _Known:
        return Taken.KNOWN
    return Taken.KEPT


def _sort_some(firm_id: uuid.UUID) -> int:
    with reading_block(firm_id) as session:
        mail_ids = queries.waiting(session, firm_id, clock.now(), ROUND)
    return sum(_sort(firm_id, mail_id) for mail_id in mail_ids)


def _sort(firm_id: uuid.UUID, mail_id: uuid.UUID) -> bool:
    """A mail that cannot be dealt with must not hold up the others: it is tried again later, and at last given up."""
    try:
        with transaction(firm_id) as session:
            row = queries.lock_waiting(session, firm_id, mail_id)
            if row is not None:
                _settle(session, row)
    except SQLAlchemyError:
        raise
    except effects.TooEarly:
        return _put_off(firm_id, mail_id)
    except Exception:
        log.exception("inbound_failed", message=str(mail_id))
        return _put_off(firm_id, mail_id)
    return True


def _settle(session: Session, row: InboundMail) -> None:
    mail = reading.read(row.raw or b"", row.sent_by, tuple(row.recipients))
    if mail.message_id and queries.is_ours(session, row.firm_id, mail.message_id):
        kind, why = MailKind.OWN, "it is a message of ours"
    else:
        rule = rules.rule_for(mail)
        kind, why = rule.kind, rule.why
    message = _about(session, row, mail)
    row.state, row.kind, row.why = MailState.DONE, kind, why
    row.address = mail.address or None
    row.is_unverified = checks.is_unverified(mail.root, config.current().inbound_server)
    row.message_id = message.id if message is not None else None
    effects.apply(session, row, mail, message)


def _about(session: Session, row: InboundMail, mail: Mail) -> Message | None:
    """Return the message that the mail is about; ``is_trusted`` says that a code of ours names it."""
    if mail.named is not None:
        message = queries.find_message(session, row.firm_id, mail.named.message_id)
        if message is not None:
            row.is_trusted = True
            return message
    return queries.find_by_thread(session, row.firm_id, mail.thread)


def _put_off(firm_id: uuid.UUID, mail_id: uuid.UUID) -> bool:
    with transaction(firm_id) as session:
        row = queries.lock_waiting(session, firm_id, mail_id)
        given_up = row is not None and _give_up(row)
    if row is not None and given_up:
        tally.count(row.mailbox, given_up=1)
    return False


def _give_up(row: InboundMail) -> bool:
    """Note one more try, and return whether it was the last."""
    row.tries += 1
    row.due_at = clock.now() + WAITS * 2**row.tries
    row.state = MailState.FAILED if row.tries >= MOST_TRIES else MailState.WAITING
    return row.state is MailState.FAILED
