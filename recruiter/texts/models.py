"""Templates of messages and their versions; a published version never changes."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruiter.db.base import FirmRow, enum_column, firm_key


class TextKind(enum.StrEnum):
    """What a template is for."""

    REJECTION = "rejection"
    UPDATE = "update"
    ROLE_CLOSED = "role_closed"
    CORRECTION = "correction"
    ANSWER = "answer"
    POOL_INVITATION = "pool_invitation"
    POOL_RENEWAL = "pool_renewal"

    @property
    def words(self) -> str:
        """What it is for, as members read it."""
        return {
            TextKind.REJECTION: "Not selected, at any other stage",
            TextKind.UPDATE: "Still deciding",
            TextKind.ROLE_CLOSED: "Role closed",
            TextKind.CORRECTION: "Correction",
            TextKind.ANSWER: "Answer",
            TextKind.POOL_INVITATION: "Pool invitation",
            TextKind.POOL_RENEWAL: "Pool renewal",
        }[self]


class TextStage(enum.StrEnum):
    """How far an application came for which a template is meant; the words are those of ``applications``."""

    APPLICATION = "application"
    SCREENING = "screening"
    SUBMITTED = "submitted"
    CLIENT_INTERVIEW = "client_interview"
    FINAL = "final"

    @property
    def words(self) -> str:
        """What a template for it is for, as members read it."""
        return {
            TextStage.APPLICATION: "Not selected, after the application",
            TextStage.SCREENING: "Not selected, after screening",
            TextStage.SUBMITTED: "Not selected, with the client",
            TextStage.CLIENT_INTERVIEW: "Not selected, after an interview",
            TextStage.FINAL: "Not selected, after the final interview",
        }[self]


class VersionState(enum.StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Template(FirmRow):
    """A text for one purpose in one language; the same text in another language has the same ``slug``.

    Without a ``stage`` it is for every stage. ``rated`` counts the ratings of letters with these words,
    ``rated_useful`` those of four and five: sums only, so that no rating is tied to a letter.
    """

    __tablename__ = "templates"
    __table_args__ = (
        sa.UniqueConstraint("firm_id", "slug", "language"),
        sa.CheckConstraint("rated_useful BETWEEN 0 AND rated", name="useful_are_rated"),
    )

    kind: Mapped[TextKind] = enum_column(TextKind)
    stage: Mapped[TextStage | None] = enum_column(TextStage, nullable=True)
    slug: Mapped[str]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    archived_at: Mapped[dt.datetime | None]
    rated: Mapped[int] = mapped_column(default=0)
    rated_useful: Mapped[int] = mapped_column(default=0)


class TemplateVersion(FirmRow):
    """The words of a template at one time: Liquid over Markdown, for the mail and for the page.

    From ``asked_at`` (UTC) a draft waits for somebody who may publish it; a change of its words takes that back.
    """

    __tablename__ = "template_versions"
    __table_args__ = (
        firm_key("template_id", "templates"),
        firm_key("asked_by_id", "members", ondelete="NO ACTION"),
        sa.UniqueConstraint("firm_id", "template_id", "number"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
        sa.CheckConstraint("asked_at IS NULL OR asked_by_id IS NOT NULL", name="asked_by_somebody"),
    )

    template_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[VersionState] = enum_column(VersionState, default=VersionState.DRAFT)
    subject: Mapped[str]
    mail_body: Mapped[str]
    page_body: Mapped[str]
    page_closing: Mapped[str] = mapped_column(default="")
    published_at: Mapped[dt.datetime | None]
    created_by_id: Mapped[uuid.UUID | None]
    asked_at: Mapped[dt.datetime | None]
    asked_by_id: Mapped[uuid.UUID | None]

    template: Mapped[Template] = relationship(lazy="raise", viewonly=True)
