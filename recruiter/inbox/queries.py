"""Reading what came in."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from recruiter import clock
from recruiter.db.parameters import FirmId
from recruiter.errors import NotFound
from recruiter.inbox.models import InboundMail, Mailbox, MailState
from recruiter.inbox.reports import Lasting, lasting
from recruiter.inbox.rules import MailKind
from recruiter.outbox.models import Message

MOST = 100


def waiting(session: Session, firm_id: uuid.UUID, now: dt.datetime, limit: int) -> Sequence[uuid.UUID]:
    """Return the ids of mails that are to be told apart, the first taken first."""
    return session.scalars(
        sa.select(InboundMail.id)
        .where(InboundMail.firm_id == firm_id, InboundMail.state == MailState.WAITING, InboundMail.due_at <= now)
        .order_by(InboundMail.created_at, InboundMail.id)
        .limit(limit)
    ).all()


def lock_waiting(session: Session, firm_id: uuid.UUID, mail_id: uuid.UUID) -> InboundMail | None:
    """Return the mail with its bytes, held until the block ends; None when another process has it or had it."""
    return session.scalar(
        sa.select(InboundMail)
        .options(undefer(InboundMail.raw))
        .where(InboundMail.firm_id == firm_id, InboundMail.id == mail_id, InboundMail.state == MailState.WAITING)
        .with_for_update(skip_locked=True)
    )


def find_message(session: Session, firm_id: uuid.UUID, message_id: uuid.UUID) -> Message | None:
    """Return a message of the firm, held until the block ends, or None."""
    query = sa.select(Message).where(Message.firm_id == firm_id, Message.id == message_id)
    return session.scalar(query.with_for_update())


def find_by_thread(session: Session, firm_id: uuid.UUID, names: Sequence[str]) -> Message | None:
    """Return the message that the first of these Message-IDs names, or None."""
    query = sa.select(Message).where(Message.firm_id == firm_id, Message.message_id.in_(names))
    found = {message.message_id: message for message in session.scalars(query)}
    return next((found[name] for name in names if name in found), None)


def is_ours(session: Session, firm_id: uuid.UUID, name: str) -> bool:
    """Whether a message of the firm has this Message-ID."""
    query = sa.select(Message.id).where(Message.firm_id == firm_id, Message.message_id == name)
    return session.scalar(query) is not None


def count_passing(session: Session, firm_id: uuid.UUID, address: str, since: dt.datetime) -> int:
    """Return how many messages to this address came back since then for a reason that may pass."""
    found = session.execute(
        sa.select(InboundMail.message_id, InboundMail.status)
        .join(Message, sa.and_(Message.firm_id == firm_id, Message.id == InboundMail.message_id))
        .where(
            InboundMail.firm_id == firm_id,
            InboundMail.kind == MailKind.BOUNCE,
            InboundMail.is_trusted,
            InboundMail.created_at >= since,
            sa.func.lower(Message.recipient) == address.lower(),
        )
    )
    return len({row.message_id for row in found if lasting(row.status or "") is Lasting.FOR_NOW})


def unplaced(session: Session, firm_id: uuid.UUID) -> Sequence[InboundMail]:
    """Return what people wrote that names no message of ours and nobody dealt with, newest first, with the bytes."""
    return session.scalars(
        sa.select(InboundMail)
        .options(undefer(InboundMail.raw))
        .where(_is_unplaced(firm_id))
        .order_by(InboundMail.created_at.desc())
        .limit(MOST)
    ).all()


def unplaced_figures(firm_id: FirmId) -> list[sa.ScalarSelect[Any]]:
    """Return the queries for how many mails ``unplaced`` has to show, and when the first of them came in (UTC)."""
    figures = sa.func.count(), sa.func.min(InboundMail.created_at)
    return [
        sa.select(figure).select_from(InboundMail).where(_is_unplaced(firm_id)).scalar_subquery() for figure in figures
    ]


def _is_unplaced(firm_id: FirmId) -> sa.ColumnElement[bool]:
    """Somebody who writes to us unasked that they want no more mail is heard too; who was erased is not kept."""
    return sa.and_(
        InboundMail.firm_id == firm_id,
        InboundMail.kind.in_((MailKind.REPLY, MailKind.UNSUBSCRIBE)),
        InboundMail.candidate_id.is_(None),
        InboundMail.placed_at.is_(None),
        InboundMail.raw.is_not(None),
    )


def get_unplaced(session: Session, firm_id: uuid.UUID, mail_id: uuid.UUID) -> InboundMail:
    """Return a mail that nobody dealt with, with its bytes, held until the block ends, or raise ``NotFound``."""
    found = session.scalar(
        sa.select(InboundMail)
        .options(undefer(InboundMail.raw))
        .where(_is_unplaced(firm_id), InboundMail.id == mail_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound("This mail is not here any more.")
    return found


def empty(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, addresses: Collection[str]) -> None:
    """Take the bytes and the names out of every mail from, to or about this person."""
    about = sa.select(Message.id).where(Message.firm_id == firm_id, Message.candidate_id == candidate_id)
    session.execute(
        sa.update(InboundMail)
        .where(
            InboundMail.firm_id == firm_id,
            sa.or_(
                InboundMail.candidate_id == candidate_id,
                InboundMail.message_id.in_(about),
                InboundMail.address.in_(addresses),
            ),
        )
        .values(raw=None, address=None, recipients=[], sent_by=None)
        .execution_options(synchronize_session=False)
    )


def empty_old(
    session: Session, firm_id: uuid.UUID, before: dt.datetime, kept: Collection[uuid.UUID], limit: int
) -> int:
    """Take the bytes and the names out of mail that was told apart and came in before (UTC); return of how many.

    What could not be placed until then is put away with it. Mail of the candidates ``kept`` stays whole.
    """
    to_kept = sa.select(Message.id).where(Message.firm_id == firm_id, Message.candidate_id.in_(kept))
    old = sa.select(InboundMail.id).where(
        InboundMail.firm_id == firm_id,
        InboundMail.created_at < before,
        InboundMail.state != MailState.WAITING,
        InboundMail.raw.is_not(None),
        sa.or_(InboundMail.candidate_id.is_(None), InboundMail.candidate_id.not_in(kept)),
        sa.or_(InboundMail.message_id.is_(None), InboundMail.message_id.not_in(to_kept)),
    )
    ids = session.scalars(old.order_by(InboundMail.created_at).limit(limit)).all()
    session.execute(
        sa.update(InboundMail)
        .where(InboundMail.firm_id == firm_id, InboundMail.id.in_(ids))
        .values(
            raw=None,
            address=None,
            recipients=[],
            sent_by=None,
            placed_at=sa.func.coalesce(InboundMail.placed_at, sa.literal(clock.now(), InboundMail.placed_at.type)),
        )
        .execution_options(synchronize_session=False)
    )
    return len(ids)


def mailboxes(session: Session) -> Sequence[Mailbox]:
    """Return every place that mail comes from."""
    return session.scalars(sa.select(Mailbox).order_by(Mailbox.name)).all()
