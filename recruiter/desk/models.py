"""What members did with items of Today: done, or snoozed until a time."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, firm_key


class DeskMark(FirmRow):
    """An item that was marked done or snoozed; what came in after ``marked_at`` brings it back."""

    __tablename__ = "desk_marks"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "item"),
    )

    item: Mapped[str]
    candidate_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    marked_at: Mapped[dt.datetime]
    snoozed_until: Mapped[dt.datetime | None]
