"""Reading the audit log."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.audit.models import AuditEntry


def about_candidate(
    session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, limit: int = 200
) -> Sequence[AuditEntry]:
    """Return the newest entries about one candidate, newest first."""
    return session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.firm_id == firm_id, AuditEntry.candidate_id == candidate_id)
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
        .limit(limit)
    ).all()
