"""Something that helps a candidate further, and whether its link answers."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, enum_column
from recruiter.translations.catalogues import later


class ResourceKind(enum.StrEnum):
    """What it is."""

    GUIDE = "guide"
    COURSE = "course"
    PRACTICE = "practice"
    CV_HELP = "cv_help"
    INTERVIEW_HELP = "interview_help"
    COMMUNITY = "community"

    @property
    def words(self) -> str:
        """What people read: ``Help with a CV``."""
        return {
            ResourceKind.GUIDE: later("Guide"),
            ResourceKind.COURSE: later("Course"),
            ResourceKind.PRACTICE: later("Practice"),
            ResourceKind.CV_HELP: later("Help with a CV"),
            ResourceKind.INTERVIEW_HELP: later("Help with interviews"),
            ResourceKind.COMMUNITY: later("Community"),
        }[self]


class Cost(enum.StrEnum):
    """Whether it costs money."""

    FREE = "free"
    PAID = "paid"

    @property
    def words(self) -> str:
        """What people read, in the middle of a sentence."""
        return {Cost.FREE: later("free"), Cost.PAID: later("paid")}[self]


class Resource(FirmRow):
    """One entry of the library. ``minutes`` is how long it takes to read or to do, ``check_at`` the next look (UTC)."""

    __tablename__ = "resources"
    __table_args__ = (
        sa.UniqueConstraint("firm_id", "url"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 6000", name="takes_time"),
        sa.Index("ix_resources_due", "firm_id", "check_at"),
    )

    title: Mapped[str]
    kind: Mapped[ResourceKind] = enum_column(ResourceKind)
    url: Mapped[str]
    cost: Mapped[Cost] = enum_column(Cost)
    minutes: Mapped[int | None]
    language: Mapped[str]
    check_at: Mapped[dt.datetime]
    checked_at: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    is_dead: Mapped[bool] = mapped_column(default=False)
