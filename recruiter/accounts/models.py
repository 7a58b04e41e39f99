"""Firms, members, invitations of members, API keys, and the counters of the sign-in limit."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.db.base import Base, FirmRow, Row, enum_column, firm_key


class Role(enum.StrEnum):
    """What a member may do; ``docs/glossary.md`` has the table."""

    ADMIN = "admin"
    LEAD = "lead"
    RECRUITER = "recruiter"
    PRIVACY = "privacy"
    VIEWER = "viewer"

    @property
    def writes(self) -> bool:
        """Whether the role changes things about candidates, and writes to them."""
        return self in {Role.ADMIN, Role.LEAD, Role.RECRUITER}

    @property
    def leads(self) -> bool:
        """Whether the role decides for its colleagues: what they write with, and what leaves in spite of a rule."""
        return self in {Role.ADMIN, Role.LEAD}


# The privacy role reads about a person for so long after it noted that they asked about their data (GDPR art. 12).
ASKED_LASTS = dt.timedelta(days=30)
ASKED = "privacy.asked"


class Scope(enum.StrEnum):
    """What an API key may do."""

    READ = "read"
    WRITE = "write"
    SEND = "send"
    ADMIN = "admin"


class Firm(Row):
    """The tenant: a staffing firm and what it decided for all its members.

    Nobody is erased by the policies before ``erases_from`` (None: it is switched off), nor before they stood in the
    list of those who will be for ``erasure_notice_days``; the list is of ``files_seen_on``.
    """

    __tablename__ = "firms"
    __table_args__ = (
        sa.CheckConstraint("hold_minutes BETWEEN 0 AND 1440", name="hold_within_a_day"),
        sa.CheckConstraint("pool_months BETWEEN 1 AND 36", name="pool_months_in_range"),
        sa.CheckConstraint("erasure_notice_days BETWEEN 7 AND 30", name="erasure_notice_in_range"),
        sa.CheckConstraint(
            "region IS NULL OR (country IS NOT NULL AND substr(region, 1, 3) = country || '-')",
            name="region_of_country",
        ),
    )

    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    time_zone: Mapped[str] = mapped_column(default="UTC")
    country: Mapped[str | None]
    region: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    colour: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    hold_minutes: Mapped[int] = mapped_column(default=10)
    pool_months: Mapped[int] = mapped_column(default=12)
    promise_days: Mapped[dict[str, Any]] = mapped_column(default=dict)
    holds_doubtful: Mapped[bool] = mapped_column(default=False)
    wording: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_sample: Mapped[bool] = mapped_column(default=False)
    erases_from: Mapped[dt.date | None]
    erasure_notice_days: Mapped[int] = mapped_column(default=14)
    files_seen_on: Mapped[dt.date | None]

    @property
    def place(self) -> str | None:
        """Whose working days count: those of the region where one is known (ISO 3166-2), else of the country."""
        return self.region or self.country


class Member(FirmRow):
    """A person who signs in for a firm."""

    __tablename__ = "members"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = enum_column(Role)
    title: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    single_key_shortcuts: Mapped[bool] = mapped_column(default=True)
    last_signed_in_at: Mapped[dt.datetime | None]

    firm: Mapped[Firm] = relationship(lazy="raise", foreign_keys="Member.firm_id")


class MemberInvitation(FirmRow):
    """A one-time link by which a person becomes a member."""

    __tablename__ = "member_invitations"
    __table_args__ = (firm_key("invited_by_id", "members", ondelete="NO ACTION"),)

    email: Mapped[str]
    role: Mapped[Role] = enum_column(Role)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    invited_by_id: Mapped[uuid.UUID | None]


class ApiKey(FirmRow):
    """A key by which another system speaks for the firm; only its hash is kept."""

    __tablename__ = "api_keys"
    __table_args__ = (firm_key("created_by_id", "members", ondelete="NO ACTION"),)

    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    scopes: Mapped[list[str]]
    expires_at: Mapped[dt.datetime | None]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    created_by_id: Mapped[uuid.UUID | None]


class SignInCounter(Base):
    """How often sign-in failed for one address or network in a window; it precedes the firm and holds only hashes."""

    __tablename__ = "sign_in_counters"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    window_started_at: Mapped[dt.datetime]
    failures: Mapped[int] = mapped_column(default=0)
