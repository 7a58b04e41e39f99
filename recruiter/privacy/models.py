"""Who, and which files, will be erased when their time is over; a list that is made anew every day."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from recruiter.applications.models import Application
from recruiter.candidates.models import Candidate
from recruiter.db.base import FirmRow, firm_key


class PlannedErasure(FirmRow):
    """A person whose file is kept until ``ends_on``, or with an application the notes and drafts of that one alone.

    ``listed_on`` is the day on which they came into the list; both are dates of the firm.
    """

    __tablename__ = "planned_erasures"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("application_id", "applications"),
        sa.Index("ix_planned_erasures_candidate", "firm_id", "candidate_id", "application_id"),
        sa.Index("ix_planned_erasures_ends", "firm_id", "ends_on", "id"),
    )

    candidate_id: Mapped[uuid.UUID]
    application_id: Mapped[uuid.UUID | None]
    ends_on: Mapped[dt.date]
    listed_on: Mapped[dt.date]

    candidate: Mapped[Candidate] = relationship(lazy="raise", viewonly=True)
    application: Mapped[Application | None] = relationship(lazy="raise", viewonly=True)
