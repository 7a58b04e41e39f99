"""Memberships of people who agreed to be kept, and the invitations sent to them."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.candidates.models import Candidate
from recruiter.db.base import FirmRow, enum_column, firm_key


class Basis(enum.StrEnum):
    """On what ground a person is kept (GDPR article 6(1)(a) or (f))."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"


class InvitationState(enum.StrEnum):
    """Where an invitation stands."""

    HELD = "held"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Membership(FirmRow):
    """A separate yes, with a purpose, an end and its proof; one open membership a person."""

    __tablename__ = "memberships"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        sa.CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        sa.Index(
            "uq_memberships_open",
            "firm_id",
            "candidate_id",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        ),
        sa.Index("ix_memberships_ends", "firm_id", "ends_on"),
        sa.Index("ix_memberships_created", "firm_id", "created_at", "id"),
    )

    candidate_id: Mapped[uuid.UUID]
    basis: Mapped[Basis] = enum_column(Basis)
    purpose: Mapped[str]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    evidence: Mapped[dict[str, Any]]
    leave_token_hash: Mapped[str] = mapped_column(unique=True)
    left_at: Mapped[dt.datetime | None]
    left_how: Mapped[str | None]

    candidate: Mapped[Candidate] = relationship(lazy="raise", viewonly=True)

    @property
    def said_on(self) -> dt.date | None:
        """The day of the yes as its proof has it; None where the proof names none."""
        at = str(self.evidence.get("at") or "")
        return dt.date.fromisoformat(at[:10]) if at else None


class PoolInvitation(FirmRow):
    """One mail that asks a member of the pool whether a job interests them, or without a job whether they stay.

    ``findings`` are what the checker said about the words that somebody added.
    """

    __tablename__ = "pool_invitations"
    __table_args__ = (
        firm_key("membership_id", "memberships"),
        firm_key("candidate_id", "candidates"),
        firm_key("job_id", "jobs"),
        firm_key("template_version_id", "template_versions", ondelete="NO ACTION"),
        firm_key("sender_id", "members", ondelete="NO ACTION"),
        firm_key("message_id", "messages", ondelete="NO ACTION"),
        sa.Index("ix_pool_invitations_candidate", "firm_id", "candidate_id", "created_at"),
    )

    membership_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID]
    job_id: Mapped[uuid.UUID | None]
    template_version_id: Mapped[uuid.UUID]
    sender_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    rules_version: Mapped[str | None]
    state: Mapped[InvitationState] = enum_column(InvitationState, default=InvitationState.HELD)
    leaves_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]

    @property
    def word(self) -> str:
        """What the log calls it."""
        return "invitation" if self.job_id else "renewal"
