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


class VersionState(enum.StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Template(FirmRow):
    """A text for one purpose in one language."""

    __tablename__ = "templates"
    __table_args__ = (sa.UniqueConstraint("firm_id", "slug", "language"),)

    kind: Mapped[TextKind] = enum_column(TextKind)
    slug: Mapped[str]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    archived_at: Mapped[dt.datetime | None]


class TemplateVersion(FirmRow):
    """The words of a template at one time: Liquid over Markdown, for the mail and for the page."""

    __tablename__ = "template_versions"
    __table_args__ = (
        firm_key("template_id", "templates"),
        sa.UniqueConstraint("firm_id", "template_id", "number"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
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

    template: Mapped[Template] = relationship(lazy="raise", viewonly=True)
