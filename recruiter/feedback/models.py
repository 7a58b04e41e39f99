"""Feedback points: what stood out, and what would have made the difference."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, enum_column, firm_key
from recruiter.feedback.competencies import Family


class PointKind(enum.StrEnum):
    """A strength, or a gap between what was seen and what the role needs."""

    STRENGTH = "strength"
    GAP = "gap"


class CompetencyList(FirmRow):
    """What a firm offers for one family of jobs instead of what every firm begins with."""

    __tablename__ = "competency_lists"
    __table_args__ = (sa.UniqueConstraint("firm_id", "family"),)

    family: Mapped[Family] = enum_column(Family)
    names: Mapped[list[str]]
    updated_at: Mapped[dt.datetime]


class FeedbackPoint(FirmRow):
    """One thing that was seen: criterion, moment, observation, effect, and for a gap requirement and suggestion.

    ``aim`` asks the person what they were aiming for, where a gap may have another side.
    """

    __tablename__ = "feedback_points"
    __table_args__ = (
        firm_key("notice_id", "notices"),
        sa.UniqueConstraint("firm_id", "notice_id", "kind", "position"),
        sa.CheckConstraint("position BETWEEN 0 AND 2", name="at_most_three"),
        sa.Index("ix_feedback_points_criterion", "firm_id", "criterion"),
    )

    notice_id: Mapped[uuid.UUID]
    kind: Mapped[PointKind] = enum_column(PointKind)
    position: Mapped[int]
    criterion: Mapped[str]
    text: Mapped[str]
    moment: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    requirement: Mapped[str] = mapped_column(default="")
    suggestion: Mapped[str] = mapped_column(default="")
    aim: Mapped[str] = mapped_column(default="")
    resources: Mapped[list[str]] = mapped_column(default=list)
