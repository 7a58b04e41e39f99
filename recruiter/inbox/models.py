"""Mail as it came in, and how far each place it is fetched from has been read."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter import clock
from recruiter.db.base import Base, FirmRow, enum_column, firm_key
from recruiter.inbox.rules import MailKind


class MailState(enum.StrEnum):
    """How far a mail has come: taken and not yet told apart, done, or given up."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class InboundMail(FirmRow):
    """One mail of one firm, raw as it came, and what it turned out to be.

    ``raw`` goes when the person it is about is erased. ``recipients`` and ``sent_by`` are those of its envelope.
    ``message_id`` is the message of ours that it answers. ``address`` is who wrote it, without case;
    ``is_unverified`` says that our mail server found this to be untrue.
    """

    __tablename__ = "inbound_mails"
    __table_args__ = (
        firm_key("message_id", "messages"),
        firm_key("candidate_id", "candidates"),
        sa.UniqueConstraint("firm_id", "mailbox", "uid_validity", "uid"),
        sa.UniqueConstraint("firm_id", "fingerprint"),
        sa.CheckConstraint("(state = 'done') = (kind IS NOT NULL)", name="done_has_kind"),
        sa.Index(
            "ix_inbound_mails_waiting",
            "firm_id",
            "due_at",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_inbound_mails_message", "firm_id", "message_id"),
        sa.Index("ix_inbound_mails_candidate", "firm_id", "candidate_id"),
        sa.Index("ix_inbound_mails_address", "firm_id", "address"),
    )

    mailbox: Mapped[str]
    uid_validity: Mapped[int | None] = mapped_column(sa.BigInteger)
    uid: Mapped[int | None] = mapped_column(sa.BigInteger)
    fingerprint: Mapped[str]
    sha256: Mapped[str]
    raw: Mapped[bytes | None] = mapped_column(deferred=True)
    recipients: Mapped[list[str]]
    sent_by: Mapped[str | None]
    state: Mapped[MailState] = enum_column(MailState, default=MailState.WAITING)
    due_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    kind: Mapped[MailKind | None] = enum_column(MailKind, nullable=True)
    why: Mapped[str | None]
    is_trusted: Mapped[bool] = mapped_column(default=False)
    is_unverified: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str | None]
    address: Mapped[str | None]
    message_id: Mapped[uuid.UUID | None]
    candidate_id: Mapped[uuid.UUID | None]
    placed_at: Mapped[dt.datetime | None]


class Mailbox(Base):
    """A place that mail comes from, for the whole installation: how far it was read, and what it held; no mail."""

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(primary_key=True)
    uid_validity: Mapped[int | None] = mapped_column(sa.BigInteger)
    last_uid: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    taken: Mapped[int] = mapped_column(default=0)
    unplaced: Mapped[int] = mapped_column(default=0)
    given_up: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[dt.datetime | None]
    looked_at: Mapped[dt.datetime | None]
    problem: Mapped[str | None]
