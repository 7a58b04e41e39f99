"""One candidate for one job: the stage reached, the promise, the decision."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.accounts.models import Member
from recruiter.candidates.models import Candidate
from recruiter.db.base import FirmRow, enum_column, firm_key
from recruiter.jobs.models import Job
from recruiter.policies.jurisdictions import Place


class Word(enum.StrEnum):
    """A value that pages show in words."""

    @property
    def label(self) -> str:
        """The words on pages: ``Client interview``."""
        return self.value.replace("_", " ").capitalize()


class Stage(Word):
    """How far the application came."""

    APPLICATION = "application"
    SCREENING = "screening"
    SUBMITTED = "submitted"
    CLIENT_INTERVIEW = "client_interview"
    FINAL = "final"
    OFFER = "offer"

    @property
    def reached(self) -> str:
        """What members read of a person who came this far: ``Reached the client interview``."""
        return _STAGE_WORDS[self][0]

    @property
    def before_job(self) -> str:
        """What members read before the title of the job: ``Finalist for``."""
        return _STAGE_WORDS[self][1]


_STAGE_WORDS = {
    Stage.APPLICATION: ("Applied", "Applied for"),
    Stage.SCREENING: ("Reached the phone screen", "Phone screen for"),
    Stage.SUBMITTED: ("The CV is with the client", "CV sent to the client for"),
    Stage.CLIENT_INTERVIEW: ("Reached the client interview", "Client interview for"),
    Stage.FINAL: ("Reached the final interview", "Finalist for"),
    Stage.OFFER: ("Has an offer", "Offer for"),
}


class Decision(Word):
    """What was decided."""

    NOT_SELECTED = "not_selected"
    WITHDREW = "withdrew"
    HIRED = "hired"
    ROLE_CLOSED = "role_closed"


# Who took the job, or left by their own choice, knows.
HEARD_OTHERWISE = frozenset({Decision.WITHDREW, Decision.HIRED})

# Of applications whose ATS named a reason that has no meaning here yet.
UNMAPPED = "ats_reason_id IS NOT NULL AND outcome_code IS NULL AND told_at IS NULL"


class DecidedBy(Word):
    """Whose decision it was."""

    FIRM = "firm"
    CLIENT = "client"
    CANDIDATE = "candidate"
    ROLE_CHANGE = "role_change"
    SYSTEM_RULE = "system_rule"


class AtsReason(FirmRow):
    """Why an ATS says that somebody was not selected, in its own words, and what a member says that it means here.

    The words are the firm's alone: they name an outcome code, and no candidate ever reads them.
    """

    __tablename__ = "ats_reasons"
    __table_args__ = (sa.UniqueConstraint("firm_id", "words_folded"),)

    words: Mapped[str]
    words_folded: Mapped[str]
    outcome_code: Mapped[str | None]


class Application(FirmRow):
    """A person who is waiting, or was told. Reopening the decision starts the next round."""

    __tablename__ = "applications"
    __table_args__ = (
        firm_key("candidate_id", "candidates"),
        firm_key("job_id", "jobs"),
        firm_key("owner_id", "members", ondelete="NO ACTION"),
        firm_key("ats_reason_id", "ats_reasons", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "external_id"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decision_has_time"),
        sa.CheckConstraint("round >= 1", name="round_from_one"),
        sa.Index(
            "uq_applications_open",
            "firm_id",
            "candidate_id",
            "job_id",
            unique=True,
            sqlite_where=sa.text("decision IS NULL"),
            postgresql_where=sa.text("decision IS NULL"),
        ),
        sa.Index("ix_applications_candidate", "firm_id", "candidate_id"),
        sa.Index("ix_applications_job", "firm_id", "job_id", "stage_since"),
        sa.Index(
            "ix_applications_waiting",
            "firm_id",
            "promised_on",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        ),
        sa.Index("ix_applications_created", "firm_id", "created_at", "id"),
        sa.Index(
            "ix_applications_told",
            "firm_id",
            "told_at",
            "told_in_time",
            sqlite_where=sa.text("told_at IS NOT NULL"),
            postgresql_where=sa.text("told_at IS NOT NULL"),
        ),
        sa.Index("ix_applications_ats_reason", "firm_id", "ats_reason_id"),
        sa.Index(
            "ix_applications_unmapped",
            "firm_id",
            "candidate_id",
            sqlite_where=sa.text(UNMAPPED),
            postgresql_where=sa.text(UNMAPPED),
        ),
    )

    candidate_id: Mapped[uuid.UUID]
    job_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID | None]
    external_id: Mapped[str | None]
    stage: Mapped[Stage] = enum_column(Stage)
    stage_since: Mapped[dt.datetime]
    promised_on: Mapped[dt.date | None]
    promise_by_hand: Mapped[bool] = mapped_column(default=False)
    last_interview_at: Mapped[dt.datetime | None]
    decision: Mapped[Decision | None] = enum_column(Decision, nullable=True)
    outcome_code: Mapped[str | None]
    ats_reason_id: Mapped[uuid.UUID | None]
    decided_by: Mapped[DecidedBy | None] = enum_column(DecidedBy, nullable=True)
    decided_at: Mapped[dt.datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    told_at: Mapped[dt.datetime | None]
    told_in_time: Mapped[bool | None]
    reopened_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]

    candidate: Mapped[Candidate] = relationship(lazy="raise", overlaps="job")
    job: Mapped[Job] = relationship(lazy="raise", overlaps="candidate")
    owner: Mapped[Member | None] = relationship(lazy="raise", viewonly=True)
    ats_reason: Mapped[AtsReason | None] = relationship(lazy="raise", viewonly=True)

    @property
    def ats_reason_words(self) -> str | None:
        """What the ATS says why, in its own words, or None; for members and keys, never for the candidate."""
        return self.ats_reason.words if self.ats_reason else None

    def place(self, of_firm: str | None) -> Place:
        """Return where it belongs, by the job, the person, and the place of the firm; needs both rows loaded."""
        return Place(job=self.job.place, person=self.candidate.country, firm=of_firm)

    @property
    def owner_email(self) -> str | None:
        """The address of the member who looks after it, or None."""
        return self.owner.email if self.owner else None

    @property
    def is_open(self) -> bool:
        """Whether nothing was decided yet in this round."""
        return self.decision is None

    @property
    def is_waiting(self) -> bool:
        """Whether the person is still to hear from us; who withdrew or was hired is not."""
        return self.told_at is None and self.decision not in HEARD_OTHERWISE


class News(Word):
    """What a person was told about the decision: what it is, or that there is none yet."""

    DECISION = "decision"
    DELAY = "delay"

    @property
    def words(self) -> str:
        """What they were told, after "told"."""
        return {News.DECISION: "the decision", News.DELAY: "that it takes longer"}[self]


class Way(Word):
    """How the person was told: by a notice of ours, or by what is in the follow-up log."""

    NOTICE = "notice"
    CALL = "call"
    MAIL = "mail"
    MESSAGE = "message"
    MEETING = "meeting"

    @property
    def words(self) -> str:
        """How, after what they were told."""
        return _WAY_WORDS[self]


_WAY_WORDS = {
    Way.NOTICE: "by a notice",
    Way.CALL: "in a call",
    Way.MAIL: "by mail",
    Way.MESSAGE: "in a message",
    Way.MEETING: "in a meeting",
}


class Telling(FirmRow):
    """The proof that a person was told: what, when and how, and the round it was about; never the words.

    ``source_id`` is the notice or the contact. A notice that came back told nobody; ``undone_at`` is when we knew.
    """

    __tablename__ = "tellings"
    __table_args__ = (
        firm_key("application_id", "applications"),
        firm_key("candidate_id", "candidates"),
        sa.CheckConstraint("round >= 1", name="round_from_one"),
        sa.Index("ix_tellings_application", "firm_id", "application_id", "round"),
        sa.Index("ix_tellings_candidate", "firm_id", "candidate_id"),
    )

    application_id: Mapped[uuid.UUID]
    candidate_id: Mapped[uuid.UUID]
    source_id: Mapped[uuid.UUID]
    round: Mapped[int]
    what: Mapped[News] = enum_column(News)
    how: Mapped[Way] = enum_column(Way)
    told_at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]
