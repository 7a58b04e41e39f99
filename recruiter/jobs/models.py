"""Clients, the jobs they want filled, and each job's requirements."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.db.base import FirmRow, firm_key
from recruiter.policies.clocks import clock_for
from recruiter.policies.jurisdictions import Clock


class Client(FirmRow):
    """A company the firm recruits for."""

    __tablename__ = "clients"
    __table_args__ = (
        sa.UniqueConstraint("firm_id", "name_folded"),
        sa.CheckConstraint("headcount >= 0", name="headcount_from_none"),
        sa.CheckConstraint("(headcount IS NULL) = (headcount_on IS NULL)", name="headcount_has_day"),
    )

    name: Mapped[str]
    name_folded: Mapped[str]
    headcount: Mapped[int | None]
    headcount_on: Mapped[dt.date | None]
    updated_at: Mapped[dt.datetime]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The client of a job, and whether candidates may read its name."""

    id: uuid.UUID
    name: str
    disclosed: bool


class Job(FirmRow):
    """A role to fill. Whether candidates may read the client's name is decided for each job."""

    __tablename__ = "jobs"
    __table_args__ = (
        firm_key("client_id", "clients", ondelete="NO ACTION"),
        firm_key("owner_id", "members", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "external_id"),
        sa.CheckConstraint(
            "region IS NULL OR (country IS NOT NULL AND substr(region, 1, 3) = country || '-')",
            name="region_of_country",
        ),
        sa.Index(
            "ix_jobs_region",
            "firm_id",
            "region",
            sqlite_where=sa.text("region IS NOT NULL"),
            postgresql_where=sa.text("region IS NOT NULL"),
        ),
        sa.Index("ix_jobs_created", "firm_id", "created_at", "id"),
        sa.Index("ix_jobs_title", "firm_id", "title_folded"),
    )

    title: Mapped[str]
    title_folded: Mapped[str]
    client_id: Mapped[uuid.UUID | None]
    client_disclosed: Mapped[bool] = mapped_column(default=True)
    country: Mapped[str | None]
    region: Mapped[str | None]
    location: Mapped[str | None]
    advertised: Mapped[bool] = mapped_column(default=False)
    external_id: Mapped[str | None]
    owner_id: Mapped[uuid.UUID | None]
    updated_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]

    client: Mapped[Client | None] = relationship(lazy="joined", overlaps="owner")
    requirements: Mapped[list["Requirement"]] = relationship(
        back_populates="job", order_by="Requirement.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_open(self) -> bool:
        """Whether the role is still to fill."""
        return self.closed_at is None

    @property
    def place(self) -> str | None:
        """The region where one is known (ISO 3166-2), else the country (ISO 3166-1 alpha-2)."""
        return self.region or self.country

    @property
    def clock(self) -> Clock | None:
        """The law's clock that runs for whoever is interviewed for it, if one does; the same as the one of Today."""
        headcount = self.client.headcount if self.client else None
        return clock_for(self.place, advertised=self.advertised, headcount=headcount)

    @property
    def label(self) -> str:
        """The title with the client, as members tell jobs apart."""
        return f"{self.title}, {self.client.name}" if self.client else self.title

    @property
    def shown_client(self) -> str:
        """The client's name when candidates may read it, else an empty text."""
        return self.client.name if self.client and self.client_disclosed else ""

    @property
    def disclosure(self) -> Disclosure | None:
        """The client with what candidates may know of it, or None for a job without a client."""
        return Disclosure(self.client.id, self.client.name, self.client_disclosed) if self.client else None


class Requirement(FirmRow):
    """Something the role needs: a must-have, or nice to have."""

    __tablename__ = "requirements"
    __table_args__ = (
        firm_key("job_id", "jobs"),
        sa.UniqueConstraint("firm_id", "job_id", "position"),
    )

    job_id: Mapped[uuid.UUID]
    position: Mapped[int]
    text: Mapped[str]
    must_have: Mapped[bool] = mapped_column(default=True)

    job: Mapped[Job] = relationship(back_populates="requirements", lazy="raise")
