"""People: one row a person and firm, with addresses, skills and the words they are found by."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.db.base import Base, FirmRow, firm_key


class Asked(enum.StrEnum):
    """What a person asks for who writes about their data (GDPR art. 15 to 21, and the like elsewhere)."""

    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"
    OBJECTION = "objection"

    @property
    def words(self) -> str:
        """What they ask for, as members read it."""
        return {
            Asked.COPY: "A copy of their data",
            Asked.CORRECTION: "A correction",
            Asked.ERASURE: "To be erased",
            Asked.OBJECTION: "That we stop using it",
        }[self]


class Candidate(FirmRow):
    """A person. After erasure a stub with the date and the reason stays, and nothing else.

    ``legal_hold`` is why nothing about them may be erased, in a member's words; None: it may.
    """

    __tablename__ = "candidates"
    __table_args__ = (
        sa.UniqueConstraint("firm_id", "external_id"),
        sa.CheckConstraint("(erased_at IS NULL) = (name IS NOT NULL)", name="name_unless_erased"),
        sa.Index("ix_candidates_name", "firm_id", "name_folded", "id"),
        sa.Index("ix_candidates_created", "firm_id", "created_at", "id"),
        sa.Index("ix_candidates_location", "firm_id", "location", "id"),
    )

    name: Mapped[str | None]
    name_folded: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None]
    time_zone: Mapped[str | None]
    language: Mapped[str | None]
    country: Mapped[str | None]
    location: Mapped[str | None]
    phone: Mapped[str | None]
    last_contact_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]
    erased_at: Mapped[dt.datetime | None]
    erased_reason: Mapped[str | None]
    legal_hold: Mapped[str | None]

    emails: Mapped[list["CandidateEmail"]] = relationship(
        back_populates="candidate", order_by="CandidateEmail.position", cascade="all, delete-orphan", lazy="selectin"
    )
    skills: Mapped[list["CandidateSkill"]] = relationship(
        back_populates="candidate", order_by="CandidateSkill.name", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def email(self) -> str | None:
        """The address mail goes to, or None when we have none."""
        return self.emails[0].address if self.emails else None

    @property
    def addresses(self) -> list[str]:
        """Every address, in order."""
        return [email.address for email in self.emails]

    @property
    def skill_names(self) -> list[str]:
        """Every skill, as it was written."""
        return [skill.name for skill in self.skills]


class CandidateEmail(FirmRow):
    """One address of a person; an address belongs to one person in a firm. The first is written to."""

    __tablename__ = "candidate_emails"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        sa.UniqueConstraint("firm_id", "address_folded"),
        sa.Index("ix_candidate_emails_candidate", "firm_id", "candidate_id"),
    )

    candidate_id: Mapped[uuid.UUID]
    address: Mapped[str]
    address_folded: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    candidate: Mapped[Candidate] = relationship(back_populates="emails", lazy="raise")


class CandidateSkill(FirmRow):
    """One skill, kept as a row of its own because full-text search cuts ``C++``, ``C#`` and ``.NET`` to letters."""

    __tablename__ = "candidate_skills"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        sa.UniqueConstraint("firm_id", "candidate_id", "name_folded"),
        sa.Index("ix_candidate_skills_name", "firm_id", "name_folded", "candidate_id"),
    )

    candidate_id: Mapped[uuid.UUID]
    name: Mapped[str]
    name_folded: Mapped[str]

    candidate: Mapped[Candidate] = relationship(back_populates="skills", lazy="raise")


class SearchDocument(Base):
    """The words a person is found by; each database keeps its own full-text index over this table."""

    __tablename__ = "search_documents"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        sa.UniqueConstraint("firm_id", "candidate_id"),
    )

    number: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    firm_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("firms.id", ondelete="CASCADE"))
    candidate_id: Mapped[uuid.UUID]
    name: Mapped[str]
    words: Mapped[str]
