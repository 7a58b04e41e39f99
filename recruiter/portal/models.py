"""What a candidate does on their page, and the firm's answer."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.db.base import FirmRow, enum_column, firm_key
from recruiter.feedback.models import FeedbackPoint
from recruiter.translations.catalogues import later


class ResponseKind(enum.StrEnum):
    """What a candidate can send; the rating is kept apart, without a name."""

    THANKS = "thanks"
    QUESTION = "question"
    POINT = "point"
    CALL = "call"

    @property
    def said(self) -> str:
        """What members read behind the person's name: ``asked a question``."""
        return _SAID[self]


_SAID = {
    ResponseKind.THANKS: "said thanks",
    ResponseKind.QUESTION: "asked a question",
    ResponseKind.POINT: "responded to a point",
    ResponseKind.CALL: "would like a call",
}


class AnswerOutcome(enum.StrEnum):
    """What came of a side that was given on a point: it was put right, or it stands beside the point as it is."""

    CORRECTED = "corrected"
    NOTED = "noted"
    KEPT = "kept"

    @property
    def label(self) -> str:
        """The words for members."""
        return _LABELS[self]

    @property
    def said(self) -> str:
        """The words for the person, in English until they are translated for them."""
        return _TOLD[self]


_LABELS = {
    AnswerOutcome.CORRECTED: "Corrected: a correction of the point was sent",
    AnswerOutcome.NOTED: "Noted: their view stands beside the point",
    AnswerOutcome.KEPT: "Kept: we looked again, the point stays as it is",
}
_TOLD = {
    AnswerOutcome.CORRECTED: later("The point was corrected."),
    AnswerOutcome.NOTED: later("Your view now stands beside the point."),
    AnswerOutcome.KEPT: later("We looked again. The point stays, and your view stands beside it."),
}


class Response(FirmRow):
    """Thanks, a question, a response to one point, or the wish for a call."""

    __tablename__ = "responses"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("application_id", "applications"),
        firm_key("notice_id", "notices"),
        firm_key("point_id", "feedback_points"),
        sa.CheckConstraint("(kind = 'point') = (point_id IS NOT NULL)", name="point_is_named"),
        sa.Index(
            "uq_responses_thanks",
            "firm_id",
            "notice_id",
            unique=True,
            sqlite_where=sa.text("kind = 'thanks' AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("kind = 'thanks' AND withdrawn_at IS NULL"),
        ),
        sa.Index("ix_responses_candidate", "firm_id", "candidate_id"),
        sa.Index("ix_responses_created", "firm_id", "created_at", "id"),
        sa.Index("ix_responses_notice", "firm_id", "notice_id", "created_at"),
    )

    candidate_id: Mapped[uuid.UUID]
    application_id: Mapped[uuid.UUID]
    notice_id: Mapped[uuid.UUID]
    point_id: Mapped[uuid.UUID | None]
    kind: Mapped[ResponseKind] = enum_column(ResponseKind)
    text: Mapped[str] = mapped_column(default="")
    disagrees: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[dt.datetime | None]

    answer: Mapped["Answer | None"] = relationship(back_populates="response", lazy="selectin")
    candidate: Mapped[Candidate] = relationship(lazy="raise", viewonly=True)
    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)
    point: Mapped[FeedbackPoint | None] = relationship(lazy="raise", viewonly=True)


class Answer(FirmRow):
    """What a member answered, with what the checker said; the mail says that there is one, the page shows it."""

    __tablename__ = "answers"
    __table_args__ = (
        firm_key("response_id", "responses"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        firm_key("read_by_id", "members", ondelete="NO ACTION"),
        firm_key("message_id", "messages", ondelete="NO ACTION"),
        sa.CheckConstraint("member_id <> read_by_id", name="read_by_another"),
        sa.UniqueConstraint("firm_id", "response_id"),
    )

    response_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]
    text: Mapped[str]
    outcome: Mapped[AnswerOutcome | None] = enum_column(AnswerOutcome, nullable=True)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    rules_version: Mapped[str]
    read_by_id: Mapped[uuid.UUID | None]

    response: Mapped[Response] = relationship(back_populates="answer", lazy="raise")


class ReplyDraft(FirmRow):
    """A reply that waits for its second reader from ``asked_at`` (UTC), or came back with a ``reading_note``.

    ``override_reason`` is why whoever wrote it would send it in spite of what must be fixed.
    """

    __tablename__ = "reply_drafts"
    __table_args__ = (
        firm_key("response_id", "responses"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "response_id"),
    )

    response_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    text: Mapped[str]
    outcome: Mapped[AnswerOutcome | None] = enum_column(AnswerOutcome, nullable=True)
    override_reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[dt.datetime | None]
    reading_note: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime]
