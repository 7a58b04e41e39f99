"""Writing the audit log, inside the transaction of the change it records."""

import uuid
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from recruiter import logs
from recruiter.audit.models import ActorKind, AuditEntry
from recruiter.db import changes


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member or an API key by id, a candidate through a link, or the system itself."""

    kind: ActorKind
    id: uuid.UUID | None = None

    @property
    def member_id(self) -> uuid.UUID | None:
        """The acting member's id, or None when nobody signed in did this."""
        return self.id if self.kind is ActorKind.MEMBER else None


SYSTEM = Actor(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened, as a dotted name such as ``notice.queued``, to which row and about which candidate.

    ``row_id`` names the row that was written where it is another one, such as the version of a template.
    """

    action: str
    subject_id: uuid.UUID
    candidate_id: uuid.UUID | None = None
    details: dict[str, object] | None = None
    row_id: uuid.UUID | None = None


class OfCandidate(Protocol):
    """A row that is about a candidate."""

    @property
    def id(self) -> uuid.UUID:
        """Its key."""
        ...

    @property
    def firm_id(self) -> uuid.UUID:
        """Whose it is."""
        ...

    @property
    def candidate_id(self) -> uuid.UUID | None:
        """Whom it is about; nobody, where a row need not be about one."""
        ...


def record(session: Session, firm_id: uuid.UUID, actor: Actor, change: Change) -> AuditEntry:
    """Add the entry to the caller's transaction, so that change and entry stand or fall together.

    Called after the change: what the row was when the transaction began, and is now, goes into the entry as digests.
    """
    before, after = (None, None) if actor == SYSTEM else changes.digests(session, change.row_id or change.subject_id)
    entry = AuditEntry(
        firm_id=firm_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=change.action,
        subject_id=change.subject_id,
        candidate_id=change.candidate_id,
        details=change.details or {},
        request_id=logs.request_id(),
        before_digest=before,
        after_digest=after,
    )
    session.add(entry)
    return entry


def record_of(session: Session, row: OfCandidate, actor: Actor, action: str, **details: object) -> AuditEntry:
    """Add the entry of what was done to a row that is about a candidate; otherwise as ``record``."""
    change = Change(action=action, subject_id=row.id, candidate_id=row.candidate_id, details=details)
    return record(session, row.firm_id, actor, change)
