"""Addresses that get nothing: from one stream or from all but the accounts', for a time or until a member lifts it."""

import datetime as dt
import hashlib
import itertools
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.parameters import FIRM, NOW
from recruiter.outbox.models import Message, StreamKind, Suppression

WHAT_TO_DO = (
    "This address must not be written to. Their record says why: put the address right or let mail go there again, "
    "or call them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppress:
    """Send nothing to ``address``; ``stream`` None means every stream, ``expires_at`` None no end."""

    address: str
    reason: str
    stream: StreamKind | None = None
    created_by_id: uuid.UUID | None = None
    expires_at: dt.datetime | None = None


def suppress(session: Session, firm_id: uuid.UUID, command: Suppress) -> Suppression:
    """Add the address to the firm's list, or return the entry that says the same already, which then ends no sooner."""
    found = find(session, firm_id, command.address, command.stream)
    if found is not None and found.stream is command.stream:
        if not _lasts(found.expires_at, command.expires_at):
            found.expires_at, found.reason = command.expires_at, command.reason
        return found
    row = Suppression(
        firm_id=firm_id,
        address=fold(command.address),
        stream=command.stream,
        reason=command.reason,
        created_by_id=command.created_by_id,
        expires_at=command.expires_at,
    )
    session.add(row)
    session.flush()
    return row


def lift(session: Session, firm_id: uuid.UUID, address: str) -> int:
    """End every suppression of this address in the firm; return how many there were."""
    rows = session.scalars(_active(), _listed(firm_id, address)).all()
    for row in rows:
        row.lifted_at = clock.now()
    return len(rows)


def forget(session: Session, firm_id: uuid.UUID, address: str) -> None:
    """Keep what the list says of an address under its hash alone, so that it still holds for a person erased since."""
    session.execute(
        sa.update(Suppression)
        .where(Suppression.firm_id == firm_id, Suppression.address == fold(address))
        .values(address=digest(firm_id, address), reason="They were erased")
    )


def find(session: Session, firm_id: uuid.UUID, address: str, stream: StreamKind | None = None) -> Suppression | None:
    """Return what keeps mail of this stream from the address, or None; without ``stream``, what keeps all mail."""
    return session.scalar(_first(), _listed(firm_id, address) | {"of_stream": stream})


def find_all(
    session: Session, firm_id: uuid.UUID, addresses: Collection[str], stream: StreamKind
) -> dict[str, Suppression]:
    """Return by address what keeps mail of this stream from it; one query, however many addresses there are."""
    keys = {address: (fold(address), digest(firm_id, address)) for address in addresses}
    among = itertools.chain(*keys.values())
    active = sa.select(Suppression).where(Suppression.firm_id == firm_id, Suppression.address.in_(among), _ACTIVE)
    now = {"now": clock.now(), "of_stream": stream}
    found = {each.address: each for each in session.scalars(active.order_by(Suppression.created_at.desc()), now)}
    return {address: found[key] for address, both in keys.items() for key in both if key in found}


def asked(message: Message, now: dt.datetime) -> dict[str, object]:
    """Return what ``ANY`` asks about: whether something keeps this message from its recipient."""
    address = message.recipient
    return {
        "of_firm": message.firm_id,
        "folded": fold(address),
        "hashed": digest(message.firm_id, address),
        "of_stream": message.stream,
        "now": now,
    }


def _lasts(there: dt.datetime | None, wanted: dt.datetime | None) -> bool:
    return there is None or (wanted is not None and there >= wanted)


def fold(address: str) -> str:
    """Return the address as the list keeps it: without case."""
    return address.strip().casefold()


def digest(firm_id: uuid.UUID, address: str) -> str:
    """Return what the list keeps of the address of a person who was erased."""
    return f"sha256:{hashlib.sha256(f'{firm_id} {fold(address)}'.encode()).hexdigest()}"


# Mail about an account is asked for by whoever cannot sign in without it, so nothing keeps it back.
_ACTIVE = sa.and_(
    sa.bindparam("of_stream", type_=Suppression.stream.type) != StreamKind.ACCOUNT,
    Suppression.lifted_at.is_(None),
    sa.or_(Suppression.expires_at.is_(None), Suppression.expires_at > sa.bindparam("now")),
    sa.or_(Suppression.stream.is_(None), Suppression.stream == sa.bindparam("of_stream")),
)
ANY = (
    sa.select(Suppression.id)
    .where(Suppression.firm_id == sa.bindparam("of_firm"))
    .where(Suppression.address.in_([sa.bindparam("folded"), sa.bindparam("hashed")]), _ACTIVE)
    .exists()
)


def _listed(firm_id: uuid.UUID, address: str) -> dict[str, object]:
    """Return what ``_active`` is asked with: both ways in which the list may keep the address."""
    return {
        "firm_id": firm_id,
        "folded": fold(address),
        "hashed": digest(firm_id, address),
        "now": clock.now(),
    }


@cache
def _active() -> sa.Select[Suppression]:
    return sa.select(Suppression).where(
        Suppression.firm_id == FIRM,
        Suppression.address.in_([sa.bindparam("folded"), sa.bindparam("hashed")]),
        Suppression.lifted_at.is_(None),
        sa.or_(Suppression.expires_at.is_(None), Suppression.expires_at > NOW),
    )


@cache
def _first() -> sa.Select[Suppression]:
    is_of_stream = Suppression.stream == sa.bindparam("of_stream")  # of none, where no stream is asked for
    scope = sa.or_(Suppression.stream.is_(None), is_of_stream)
    return _active().where(scope).order_by(Suppression.created_at).limit(1)
