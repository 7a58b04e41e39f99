"""Messages and attempts: the only truth about what left, and the addresses that get nothing."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import Base, FirmRow, enum_column, firm_key
from recruiter.outbox import replies
from recruiter.outbox.replies import Phase, Said, Verdict


class StreamKind(enum.StrEnum):
    """Which feature a message belongs to; each has one registered stream."""

    NOTICE = "notice"
    ANSWER = "answer"
    POOL = "pool"
    ACCOUNT = "account"
    COPY = "copy"

    @property
    def label(self) -> str:
        """What the Outbox calls its messages."""
        return _STREAM_LABELS[self]


class MessageState(enum.StrEnum):
    """Where a message stands; ``deferred`` is ``queued`` with a later ``due_at``."""

    QUEUED = "queued"
    LEASED = "leased"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    DEAD = "dead"
    STOPPED = "stopped"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """What became of a message, in words."""
        return _STATE_WORDS[self]


_STREAM_LABELS = {
    StreamKind.NOTICE: "Notice",
    StreamKind.ANSWER: "Answer",
    StreamKind.POOL: "Talent pool",
    StreamKind.ACCOUNT: "Account",
    StreamKind.COPY: "Copy",
}
_STATE_WORDS = {
    MessageState.QUEUED: "waits to leave",
    MessageState.LEASED: "is about to leave",
    MessageState.SENDING: "is leaving",
    MessageState.ACCEPTED: "the mail server took it",
    MessageState.DOUBTFUL: "may have arrived; we look for a sign of it, then send it once more",
    MessageState.REJECTED: "was refused",
    MessageState.SUPPRESSED: "the address must not be written to",
    MessageState.EXPIRED: "could not leave in time",
    MessageState.DEAD: "was tried often enough",
    MessageState.STOPPED: "something changed before it left",
    MessageState.CANCELLED: "was taken back",
}
ENDED_UNSENT = frozenset(
    {
        MessageState.REJECTED,
        MessageState.SUPPRESSED,
        MessageState.EXPIRED,
        MessageState.DEAD,
        MessageState.STOPPED,
    }
)
TIMED_STATES = frozenset({MessageState.LEASED, MessageState.SENDING, MessageState.DOUBTFUL})


class AttemptOutcome(enum.StrEnum):
    """How one try ended."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    NOT_SENT = "not_sent"


class Message(FirmRow):
    """One outgoing mail.

    Its Message-ID, and with it the MIME boundary, is fixed at creation, its date at the first attempt.
    ``attempts`` counts every try, ``tries`` those that were about this message, ``doubts`` those whose outcome
    nobody knows; ``tried_before`` those that were over when it was last sent again. ``handed_over_at`` is when a relay
    first was given its content, since then where it was sent again. ``lease_until`` of a doubtful
    message is when waiting for evidence ends; without one it waits for a person. ``first_due_at`` is when it was
    meant to leave: tries move ``due_at`` alone. Where that is a time of day, ``due_local`` in ``due_zone``, and not a
    moment, it comes no sooner than ``not_before`` should the rules of the zone change.
    """

    __tablename__ = "messages"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        sa.UniqueConstraint("firm_id", "dedupe_key"),
        sa.CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="accepted_has_time"),
        sa.CheckConstraint("(state IN ('leased', 'sending')) = (lease_owner IS NOT NULL)", name="lease_has_owner"),
        sa.CheckConstraint("lease_until IS NOT NULL OR state NOT IN ('leased', 'sending')", name="lease_has_end"),
        sa.CheckConstraint("lease_until IS NULL OR state IN ('leased', 'sending', 'doubtful')", name="end_has_lease"),
        sa.CheckConstraint(
            "(due_zone IS NULL) = (due_local IS NULL) AND (due_zone IS NULL) = (not_before IS NULL)",
            name="time_of_day_is_whole",
        ),
        sa.Index(
            "ix_messages_due",
            "firm_id",
            "due_at",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        ),
        sa.Index(
            "ix_messages_leases",
            "firm_id",
            "lease_until",
            sqlite_where=sa.text("state IN ('leased', 'sending', 'doubtful')"),
            postgresql_where=sa.text("state IN ('leased', 'sending', 'doubtful')"),
        ),
        sa.Index("ix_messages_subject", "firm_id", "subject_id"),
        sa.Index("ix_messages_candidate", "firm_id", "candidate_id"),
    )

    stream: Mapped[StreamKind] = enum_column(StreamKind)
    subject_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID | None]
    dedupe_key: Mapped[str]
    recipient: Mapped[str]
    recipient_name: Mapped[str] = mapped_column(default="")
    sender: Mapped[str]
    sender_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any] | None]
    state: Mapped[MessageState] = enum_column(MessageState, default=MessageState.QUEUED)
    due_at: Mapped[dt.datetime]
    first_due_at: Mapped[dt.datetime]
    due_zone: Mapped[str | None]
    due_local: Mapped[str | None]
    not_before: Mapped[dt.datetime | None]
    not_after: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_before: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    dated_at: Mapped[dt.datetime | None]
    handed_over_at: Mapped[dt.datetime | None]
    accepted_at: Mapped[dt.datetime | None]
    problem_code: Mapped[str | None]
    problem_detail: Mapped[str | None]
    sent_subject: Mapped[str | None]
    sent_text: Mapped[str | None]

    @property
    def times_tried(self) -> int:
        """How often it was tried since it was queued or, where that came later, sent again."""
        return self.attempts - self.tried_before


class Attempt(FirmRow):
    """One try to hand a message to the relay."""

    __tablename__ = "attempts"
    __table_args__ = (
        firm_key("message_id", "messages"),
        sa.UniqueConstraint("firm_id", "message_id", "number"),
        sa.Index(
            "ix_attempts_verdict",
            "firm_id",
            "verdict",
            "started_at",
            sqlite_where=sa.text("verdict IS NOT NULL"),
            postgresql_where=sa.text("verdict IS NOT NULL"),
        ),
    )

    message_id: Mapped[uuid.UUID]
    number: Mapped[int]
    fence: Mapped[int]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    outcome: Mapped[AttemptOutcome | None] = enum_column(AttemptOutcome, nullable=True)
    verdict: Mapped[Verdict | None] = enum_column(Verdict, nullable=True)
    phase: Mapped[Phase | None] = enum_column(Phase, nullable=True)
    code: Mapped[int | None]
    reply: Mapped[str | None]


class StopKind(enum.StrEnum):
    """Why a firm's mail was stopped."""

    PAUSED = "paused"
    REFUSED = "refused"


class MailStop(FirmRow):
    """A time in which no mail of the firm leaves; ``detail`` is what mail servers said, ``ended_at`` when it ended."""

    __tablename__ = "mail_stops"
    __table_args__ = (
        sa.Index(
            "uq_mail_stops_open",
            "firm_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    kind: Mapped[StopKind] = enum_column(StopKind)
    detail: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[uuid.UUID | None]
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[uuid.UUID | None]


class InstallationNote(Base):
    """What holds for all firms at once, such as that mail is paused; ``words`` are an operator's, for members."""

    __tablename__ = "installation_notes"

    name: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[dt.datetime]


class Suppression(FirmRow):
    """An address that gets nothing, from one stream or from all (``stream`` empty), until it ends or is lifted."""

    __tablename__ = "suppressions"
    __table_args__ = (sa.Index("ix_suppressions_address", "firm_id", "address"),)

    address: Mapped[str]
    stream: Mapped[StreamKind | None] = enum_column(StreamKind, nullable=True)
    reason: Mapped[str]
    created_by_id: Mapped[uuid.UUID | None]
    expires_at: Mapped[dt.datetime | None]
    lifted_at: Mapped[dt.datetime | None]

    @property
    def why(self) -> Said:
        """The reason in words, and what a mail server said, where one did."""
        return replies.explained(None, self.reason)
