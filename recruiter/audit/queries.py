"""Reading the audit log."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.audit.models import AuditEntry


def about_candidate(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Sequence[AuditEntry]:
    """Return what was recorded about one candidate, newest first, two hundred at most."""
    return session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.firm_id == firm_id, AuditEntry.candidate_id == candidate_id)
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
        .limit(200)
    ).all()


def has_one(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, action: str, since: dt.datetime) -> bool:
    """Whether something of this name was recorded about the candidate since then (aware UTC)."""
    query = _since(firm_id, action, since).where(AuditEntry.candidate_id == candidate_id)
    return session.scalar(query.limit(1)) is not None


def since(session: Session, firm_id: uuid.UUID, action: str, since: dt.datetime) -> Sequence[AuditEntry]:
    """Return what was recorded under this name since then (aware UTC), newest first, two hundred at most."""
    order = AuditEntry.created_at.desc(), AuditEntry.id.desc()
    return session.scalars(_since(firm_id, action, since).order_by(*order).limit(200)).all()


def _since(firm_id: uuid.UUID, action: str, since: dt.datetime) -> sa.Select[AuditEntry]:
    return sa.select(AuditEntry).where(
        AuditEntry.firm_id == firm_id, AuditEntry.action == action, AuditEntry.created_at >= since
    )
