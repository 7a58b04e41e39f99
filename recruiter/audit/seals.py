"""Seals on the audit log: each vouches for the entries since the one before it, and for that seal."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit.models import AuditEntry, AuditSeal
from recruiter.db import locks
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import reading, transaction

WORK = "seals"
SETTLES = dt.timedelta(hours=1)  # whatever was being written has been, and clocks differ by less
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal, and what the log says now: how many entries it has for it, and their digest."""

    seal: AuditSeal
    entries: int
    digest: str

    @property
    def fits(self) -> bool:
        """Whether nothing was altered, taken out or added since."""
        return (self.entries, self.digest) == (self.seal.entries, self.seal.digest)


def seal_all() -> bool:
    """Seal what was recorded in every firm; there is never more to do at once."""
    for firm_id in firms_with(Due.ALL, clock.now()):
        seal(firm_id)
    return False


def seal(firm_id: uuid.UUID) -> None:
    """Vouch for what was recorded since the last seal, an hour ago or more; without any there is no new seal.

    What is long is done while others write; where another has sealed meanwhile, nothing is left to do.
    """
    with reading(firm_id) as session:
        found = _next(session, firm_id)
    if found is not None:
        with transaction(firm_id) as session:
            locks.hold(session, firm_id, WORK)
            if _number(_last(session, firm_id)) + 1 == found.number:
                session.add(found)


def check(firm_id: uuid.UUID) -> list[Sealed]:
    """Work every seal of the firm out anew, in their order, each on what the one before it says."""
    found: list[Sealed] = []
    with reading(firm_id) as session:
        seals = session.scalars(sa.select(AuditSeal).where(AuditSeal.firm_id == firm_id).order_by(AuditSeal.number))
        before: AuditSeal | None = None
        for each in seals.all():
            found.append(Sealed(each, *_digest(session, firm_id, before, each.last_entry_id)))
            before = each
    return found


def lines(firm_id: uuid.UUID) -> Iterator[str]:
    """Yield every entry of the firm as the seals take it, one JSON list a line, the oldest first."""
    with reading(firm_id) as session:
        yield from map(_line, session.scalars(_entries(firm_id, None, None)))


def _next(session: Session, firm_id: uuid.UUID) -> AuditSeal | None:
    before = _last(session, firm_id)
    newest = sa.select(AuditEntry.id).where(
        AuditEntry.firm_id == firm_id, AuditEntry.id < _made_at(clock.now() - SETTLES)
    )
    last = session.scalar(newest.order_by(AuditEntry.id.desc()).limit(1))
    if last is None or (before is not None and last <= before.last_entry_id):
        return None
    entries, digest = _digest(session, firm_id, before, last)
    return AuditSeal(firm_id=firm_id, number=_number(before) + 1, last_entry_id=last, entries=entries, digest=digest)


def _number(seal: AuditSeal | None) -> int:
    return seal.number if seal is not None else 0


def _last(session: Session, firm_id: uuid.UUID) -> AuditSeal | None:
    newest = sa.select(AuditSeal).where(AuditSeal.firm_id == firm_id).order_by(AuditSeal.number.desc())
    return session.scalar(newest.limit(1))


def _made_at(moment: dt.datetime) -> uuid.UUID:
    """Return the first key that could have been made at this moment (UUIDv7, RFC 9562)."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def _entries(firm_id: uuid.UUID, before: AuditSeal | None, last: uuid.UUID | None) -> sa.Select[AuditEntry]:
    query = sa.select(AuditEntry).where(AuditEntry.firm_id == firm_id)
    if before is not None:
        query = query.where(AuditEntry.id > before.last_entry_id)
    if last is not None:
        query = query.where(AuditEntry.id <= last)
    return query.order_by(AuditEntry.id).execution_options(yield_per=AT_ONCE)


def _digest(session: Session, firm_id: uuid.UUID, before: AuditSeal | None, last: uuid.UUID) -> tuple[int, str]:
    """Return how many entries there are from the seal ``before`` to the ``last``, and the SHA-256 of both, in hex."""
    digest, entries = hashlib.sha256(before.digest.encode() if before is not None else b""), 0
    for entry in session.scalars(_entries(firm_id, before, last)):
        digest.update(f"{_line(entry)}\n".encode())
        entries += 1
    return entries, digest.hexdigest()


def _line(entry: AuditEntry) -> str:
    said: list[object] = [
        str(entry.id),
        entry.created_at.isoformat(),
        entry.actor_kind.value,
        entry.actor_id and str(entry.actor_id),
        entry.action,
        str(entry.subject_id),
        entry.candidate_id and str(entry.candidate_id),
        entry.details,
        entry.request_id and str(entry.request_id),
        entry.before_digest,
        entry.after_digest,
    ]
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
