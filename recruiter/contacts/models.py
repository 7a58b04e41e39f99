"""The follow-up log: contacts with a person, and reminders of the next step."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.candidates.models import Candidate
from recruiter.db.base import FirmRow, enum_column, firm_key


class ContactKind(enum.StrEnum):
    """How the two spoke."""

    CALL = "call"
    MAIL = "mail"
    MESSAGE = "message"
    MEETING = "meeting"


class Direction(enum.StrEnum):
    """Who began."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Outcome(enum.StrEnum):
    """What came of it."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    SENT = "sent"

    @property
    def label(self) -> str:
        """The words on pages."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS = {
    Outcome.SPOKE: "We spoke",
    Outcome.NO_ANSWER: "No answer",
    Outcome.LEFT_MESSAGE: "Left a message",
    Outcome.SENT: "Sent in writing",
}


class Told(enum.StrEnum):
    """Whether the person was told the decision, or that it takes longer."""

    DECISION = "decision"
    DELAY = "delay"


class Contact(FirmRow):
    """One entry of the log; ``notice_id`` names the notice whose call script was used."""

    __tablename__ = "contacts"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("application_id", "applications"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        firm_key("notice_id", "notices", ondelete="NO ACTION"),
        sa.CheckConstraint("told IS NULL OR application_id IS NOT NULL", name="told_about_an_application"),
        sa.Index("ix_contacts_candidate", "firm_id", "candidate_id", "happened_at"),
        sa.Index("ix_contacts_created", "firm_id", "created_at", "id"),
        sa.Index(
            "ix_contacts_inbound",
            "firm_id",
            "candidate_id",
            "happened_at",
            sqlite_where=sa.text("direction = 'inbound'"),
            postgresql_where=sa.text("direction = 'inbound'"),
        ),
    )

    candidate_id: Mapped[uuid.UUID]
    application_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    kind: Mapped[ContactKind] = enum_column(ContactKind)
    direction: Mapped[Direction] = enum_column(Direction)
    outcome: Mapped[Outcome] = enum_column(Outcome)
    happened_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(default="")
    told: Mapped[Told | None] = enum_column(Told, nullable=True)
    notice_id: Mapped[uuid.UUID | None]

    candidate: Mapped[Candidate] = relationship(lazy="raise", viewonly=True)


class Reminder(FirmRow):
    """A dated next step for a member."""

    __tablename__ = "reminders"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("contact_id", "contacts"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        sa.Index(
            "ix_reminders_open",
            "firm_id",
            "due_on",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
        sa.Index("ix_reminders_candidate", "firm_id", "candidate_id"),
    )

    candidate_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    due_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(default="")
    done_at: Mapped[dt.datetime | None]

    candidate: Mapped[Candidate] = relationship(lazy="raise", viewonly=True)
