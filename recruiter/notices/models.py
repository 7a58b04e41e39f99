"""Notices, the feedback page each one opens, links that were replaced, and ratings that belong to nobody."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.candidates.models import Candidate
from recruiter.db.base import Base, FirmRow, enum_column, firm_key


class NoticeKind(enum.StrEnum):
    """What a notice tells."""

    REJECTION = "rejection"
    UPDATE = "update"
    ROLE_CLOSED = "role_closed"
    CORRECTION = "correction"


OUTCOME_KINDS = frozenset({NoticeKind.REJECTION, NoticeKind.ROLE_CLOSED})


class NoticeState(enum.StrEnum):
    """What is stored. ``leaving`` is seen from outside while a held notice's message is being tried."""

    DRAFT = "draft"
    HELD = "held"
    LEAVING = "leaving"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Delivery(enum.StrEnum):
    """What became of a sent notice."""

    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Notice(FirmRow):
    """A message that tells a person a decision or its delay.

    Queueing freezes the template version and ``data``: text, page and mail are pure functions of both. A draft waits
    for a second reader from ``asked_at`` (UTC) until it is queued, sent back with a ``reading_note``, or changed.
    """

    __tablename__ = "notices"
    __table_args__ = (
        firm_key("application_id", "applications"),
        firm_key("candidate_id", "candidates"),
        firm_key("template_version_id", "template_versions", ondelete="NO ACTION"),
        firm_key("sender_id", "members", ondelete="NO ACTION"),
        firm_key("asked_by_id", "members", ondelete="NO ACTION"),
        firm_key("read_by_id", "members", ondelete="NO ACTION"),
        firm_key("corrects_id", "notices"),
        firm_key("message_id", "messages", ondelete="NO ACTION"),
        sa.Index(
            "uq_notices_outcome",
            "firm_id",
            "application_id",
            "round",
            unique=True,
            sqlite_where=sa.text("kind IN ('rejection', 'role_closed') AND state IN ('held', 'leaving', 'sent')"),
            postgresql_where=sa.text("kind IN ('rejection', 'role_closed') AND state IN ('held', 'leaving', 'sent')"),
        ),
        sa.CheckConstraint("(kind = 'correction') = (corrects_id IS NOT NULL)", name="correction_has_notice"),
        sa.CheckConstraint("version >= 1", name="version_from_one"),
        sa.CheckConstraint("asked_at IS NULL OR asked_by_id IS NOT NULL", name="asked_by_somebody"),
        sa.CheckConstraint("asked_by_id IS NULL OR asked_by_id <> read_by_id", name="read_by_another"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.CheckConstraint(
            "(state = 'failed' OR coalesce(delivery, '') IN ('bounced', 'complained')) = (problem_code IS NOT NULL)",
            name="failed_has_problem",
        ),
        sa.Index("ix_notices_application", "firm_id", "application_id"),
        sa.Index("ix_notices_candidate", "firm_id", "candidate_id"),
        sa.Index("ix_notices_state", "firm_id", "state", "leaves_at"),
    )

    application_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID]
    kind: Mapped[NoticeKind] = enum_column(NoticeKind)
    round: Mapped[int]
    state: Mapped[NoticeState] = enum_column(NoticeState, default=NoticeState.DRAFT)
    template_version_id: Mapped[uuid.UUID | None]
    language: Mapped[str] = mapped_column(default="en")
    outcome_code: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    rules_version: Mapped[str | None]
    sender_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID | None]
    corrects_id: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    promised_on: Mapped[dt.date | None]
    timing: Mapped[str] = mapped_column(default="humane")
    send_at: Mapped[dt.datetime | None]
    late_reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[dt.datetime | None]
    asked_by_id: Mapped[uuid.UUID | None]
    read_by_id: Mapped[uuid.UUID | None]
    reading_note: Mapped[str] = mapped_column(default="")
    queued_at: Mapped[dt.datetime | None]
    leaves_at: Mapped[dt.datetime | None]
    message_id: Mapped[uuid.UUID | None]
    sent_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]
    delivery: Mapped[Delivery | None] = enum_column(Delivery, nullable=True)
    problem_code: Mapped[str | None]
    problem_detail: Mapped[str | None]
    updated_at: Mapped[dt.datetime]

    candidate: Mapped[Candidate] = relationship(lazy="raise", viewonly=True)

    @property
    def awaits_reader(self) -> bool:
        """Whether a draft waits for its second reader."""
        return self.state is NoticeState.DRAFT and self.asked_at is not None


class FeedbackPage(FirmRow):
    """The candidate's private page of one notice; the link's token is derived, only its SHA-256 is kept."""

    __tablename__ = "feedback_pages"
    __table_args__ = (
        firm_key("notice_id", "notices"),
        sa.UniqueConstraint("firm_id", "notice_id"),
        sa.CheckConstraint("version >= 1", name="version_from_one"),
    )

    notice_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    rated: Mapped[bool] = mapped_column(default=False)
    pool_choice: Mapped[str | None]


class ReplacedLink(FirmRow):
    """The SHA-256 of a link that a newer one ended; it tells whose firm it was and nothing of the page."""

    __tablename__ = "replaced_links"

    token_hash: Mapped[str] = mapped_column(unique=True)


class Rating(Base):
    """How useful one piece of feedback was. No candidate, no notice, no moment: the key is random, the month is all."""

    __tablename__ = "ratings"
    __table_args__ = (
        sa.CheckConstraint("value BETWEEN 1 AND 5", name="one_to_five"),
        sa.Index("ix_ratings_month", "firm_id", "month"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    firm_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("firms.id", ondelete="CASCADE"))
    value: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    month: Mapped[dt.date]
