"""Receipts of repeated requests: a key is reserved first and finished inside the effect's own transaction."""

import datetime as dt
import uuid
from contextvars import ContextVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from recruiter.db.base import FirmRow
from recruiter.db.session import transaction
from recruiter.errors import Conflict


class Receipt(FirmRow):
    """An ``Idempotency-Key`` of one firm, what was asked with it, and the row that came of it."""

    __tablename__ = "receipts"
    __table_args__ = (sa.UniqueConstraint("firm_id", "key"), sa.Index("ix_receipts_created", "firm_id", "created_at"))

    key: Mapped[str]
    request_hash: Mapped[str]
    lease_until: Mapped[dt.datetime]
    resource_id: Mapped[uuid.UUID | None]
    status: Mapped[int | None]


class Overtaken(Conflict):
    """Another request with the same key does this now."""

    code = "overtaken"


# How long a repeat is answered with what the first request made.
KEPT = dt.timedelta(days=7)

pending: ContextVar[uuid.UUID | None] = ContextVar("pending_receipt", default=None)


def finish(session: Session, firm_id: uuid.UUID, resource_id: uuid.UUID, *, status: int = 201) -> None:
    """Tie the key of the running request, when it has one, to the row it made, in the caller's transaction.

    ``status`` is the HTTP status a repeat is answered with. Raises ``Overtaken`` when the request outlasted its lease
    and another one with the same key took over, so that only one of them has an effect.
    """
    receipt_id = pending.get()
    if receipt_id is None:
        return
    tied = session.scalar(
        sa.update(Receipt)
        .where(Receipt.firm_id == firm_id, Receipt.id == receipt_id)
        .values(resource_id=resource_id, status=status)
        .returning(Receipt.id)
    )
    if tied is None:
        raise Overtaken("A repeat of this request took over meanwhile. Send it again to see what came of it.")


def forget(firm_id: uuid.UUID, before: dt.datetime, most: int) -> int:
    """Delete at most ``most`` of a firm's keys that came before this moment; return how many."""
    with transaction(firm_id) as session:
        old = sa.select(Receipt.id).where(Receipt.firm_id == firm_id, Receipt.created_at <= before).limit(most)
        ids = session.scalars(old).all()
        session.execute(sa.delete(Receipt).where(Receipt.firm_id == firm_id, Receipt.id.in_(ids)))
    return len(ids)
