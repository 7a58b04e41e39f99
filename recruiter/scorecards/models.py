"""One interviewer's card of one conversation, and a note on it for each thing that was looked at."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.db.base import FirmRow, firm_key

# What each rating means, for the team alone. No rating: it was not asked, or there was no time.
RATINGS = {
    1: "Not yet: no workable example, even with a prompt",
    2: "Some: named parts, needed prompts",
    3: "Meets: one whole example of their own",
    4: "Above: whole, and checked or adapted",
    5: "Strong: several examples, explains limits",
}
NO_EVIDENCE = "No evidence: not asked, or no time"


class ScorecardNote(FirmRow):
    """One thing that was looked at. Only what is shareable and was seen is ever offered to whoever writes a letter.

    It holds what is said now; what it said before is in ``EarlierNote``. What was withdrawn counts for nothing.
    """

    __tablename__ = "scorecard_notes"
    __table_args__ = (
        firm_key("scorecard_id", "scorecards"),
        sa.UniqueConstraint("firm_id", "scorecard_id", "position"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="one_to_five"),
    )

    scorecard_id: Mapped[uuid.UUID]
    position: Mapped[int]
    criterion: Mapped[str]
    rating: Mapped[int | None]
    text: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    is_shareable: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]


class EarlierNote(FirmRow):
    """What a note said until somebody corrected it, which was when this row was created."""

    __tablename__ = "earlier_notes"
    __table_args__ = (
        firm_key("note_id", "scorecard_notes"),
        firm_key("candidate_id", "candidates"),
        firm_key("changed_by_id", "members", ondelete="NO ACTION"),
        sa.Index("ix_earlier_notes_note", "firm_id", "note_id"),
        sa.Index("ix_earlier_notes_candidate", "firm_id", "candidate_id"),
    )

    note_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID]
    changed_by_id: Mapped[uuid.UUID]
    criterion: Mapped[str]
    rating: Mapped[int | None]
    text: Mapped[str]
    effect: Mapped[str]
    is_shareable: Mapped[bool]


class Scorecard(FirmRow):
    """What one interviewer wrote down after one conversation with a candidate.

    ``created_by_id`` is the member who typed it; None when another system sent it.
    """

    __tablename__ = "scorecards"
    __table_args__ = (
        firm_key("application_id", "applications"),
        firm_key("candidate_id", "candidates"),
        firm_key("created_by_id", "members", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "external_id"),
        sa.Index("ix_scorecards_application", "firm_id", "application_id"),
        sa.Index("ix_scorecards_candidate", "firm_id", "candidate_id"),
        sa.Index("ix_scorecards_created", "firm_id", "created_at", "id"),
    )

    application_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID]
    external_id: Mapped[str | None]
    interviewer: Mapped[str]
    interviewer_role: Mapped[str] = mapped_column(default="")
    moment: Mapped[str] = mapped_column(default="")
    interviewed_on: Mapped[dt.date | None]
    created_by_id: Mapped[uuid.UUID | None]

    @property
    def who(self) -> dict[str, str]:
        """Name and role of the interviewer."""
        return {"name": self.interviewer, "role": self.interviewer_role}

    notes: Mapped[list[ScorecardNote]] = relationship(
        lazy="selectin", order_by=ScorecardNote.position, cascade="all, delete-orphan", passive_deletes=True
    )
