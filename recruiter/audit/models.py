"""The audit log: one entry for each change, never altered."""

import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, enum_column


class ActorKind(enum.StrEnum):
    """Who acted."""

    MEMBER = "member"
    API_KEY = "api_key"
    CANDIDATE = "candidate"
    SYSTEM = "system"


class AuditEntry(FirmRow):
    """Who did what to which row; ids and codes, never names, addresses or texts.

    ``request_id`` is what the log's lines of that request, command or round of work carry. The digests say what the
    row was before and after, to whoever has it and the installation's key; none, where it was not there, or was not
    changed, or the system did this by itself.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index("ix_audit_entries_subject", "firm_id", "subject_id", "created_at"),
        sa.Index("ix_audit_entries_candidate", "firm_id", "candidate_id", "created_at"),
    )

    actor_kind: Mapped[ActorKind] = enum_column(ActorKind)
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[uuid.UUID | None]
    before_digest: Mapped[str | None] = mapped_column(sa.String(64))
    after_digest: Mapped[str | None] = mapped_column(sa.String(64))


class AuditSeal(FirmRow):
    """What vouches for the entries up to ``last_entry_id`` since the seal before it, and for that seal; never altered.

    ``digest`` is the SHA-256, in hex, of that seal's digest and of the entries, one line each.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (sa.UniqueConstraint("firm_id", "number"),)

    number: Mapped[int]
    last_entry_id: Mapped[uuid.UUID]
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
