"""Feedback points: what stood out, what would have made the difference; and what was kept in spite of the check."""

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


class PointSource(enum.StrEnum):
    """Who saw it; a letter says of the last two alike that it is from the interview panel, and names nobody."""

    RECRUITER = "recruiter"
    CLIENT_INTERVIEWER = "client_interviewer"
    PANEL_SUMMARY = "panel_summary"

    @property
    def label(self) -> str:
        """The words for members."""
        return _SOURCES[self]


class Confidence(enum.StrEnum):
    """How many people saw it; the words about what one person saw should say no more than that."""

    ONE_SOURCE = "one_source"
    SEVERAL_SOURCES = "several_sources"

    @property
    def label(self) -> str:
        """The words for members."""
        return _CONFIDENCES[self]


_SOURCES = {
    PointSource.RECRUITER: "You or a colleague",
    PointSource.CLIENT_INTERVIEWER: "One interviewer",
    PointSource.PANEL_SUMMARY: "The panel together",
}
_CONFIDENCES = {
    Confidence.ONE_SOURCE: "One person",
    Confidence.SEVERAL_SOURCES: "Several people",
}


class Choice(enum.StrEnum):
    """What a person chose to do about a finding that stayed."""

    KEPT = "kept"
    OVERRIDDEN = "overridden"


class CompetencyList(FirmRow):
    """What a firm offers for one family of jobs instead of what every firm begins with."""

    __tablename__ = "competency_lists"
    __table_args__ = (sa.UniqueConstraint("firm_id", "family"),)

    family: Mapped[Family] = enum_column(Family)
    names: Mapped[list[str]]
    updated_at: Mapped[dt.datetime]


class FeedbackPoint(FirmRow):
    """One thing that was seen: criterion, moment, observation, effect, and for a gap requirement and suggestion.

    ``aim`` asks the person what they were aiming for, where a gap may have another side. ``evidence`` are ids of the
    interviewers' notes that it rests on; they and ``confidence`` stay with the firm.
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
    source: Mapped[PointSource] = enum_column(PointSource, default=PointSource.RECRUITER)
    confidence: Mapped[Confidence] = enum_column(Confidence, default=Confidence.ONE_SOURCE)
    evidence: Mapped[list[str]] = mapped_column(default=list)


class FindingChoice(FirmRow):
    """That words were sent or kept in spite of a finding, counted for each rule; it tells of no text and no person."""

    __tablename__ = "finding_choices"
    __table_args__ = (sa.Index("ix_finding_choices_rule", "firm_id", "rule", "choice"),)

    rule: Mapped[str]
    choice: Mapped[Choice] = enum_column(Choice)
