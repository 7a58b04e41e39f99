"""What members did with items of Today: done, or snoozed until a time."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from recruiter.db.base import FirmRow, enum_column, firm_key


class ItemKind(enum.StrEnum):
    """What an item of Today is about; the id beside it is of that row."""

    OVERDUE = "overdue"  # an application: decided, the promise has passed, nothing queued
    MISSING = "missing"  # an application: no decision, the promise has passed
    PROBLEM = "problem"  # a notice that did not leave
    RESPONSE = "response"  # what came through a feedback page
    CONTACT = "contact"  # a reply that was logged
    REMINDER = "reminder"
    CONSENT = "consent"  # a membership that ends soon
    DUTY = "duty"  # an application: a law names the day by which the person hears, and that comes near
    DUTY_ENDS = "duty_ends"  # the same, at the law's last alarm and after its day
    READING = "reading"  # a draft that waits for a second reader


class DeskMark(FirmRow):
    """An item that was marked done, or snoozed; a message from the person after ``marked_at`` brings it back."""

    __tablename__ = "desk_marks"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "kind", "subject_id"),
        sa.Index("ix_desk_marks_candidate", "firm_id", "candidate_id"),
    )

    kind: Mapped[ItemKind] = enum_column(ItemKind)
    subject_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    marked_at: Mapped[dt.datetime]
    snoozed_until: Mapped[dt.datetime | None]
