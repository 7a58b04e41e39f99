"""Reading what a firm changed in its policies; each query names the firm."""

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.policies.models import PolicyChange
from recruiter.policies.values import PolicyName


def changes(
    session: Session, firm_id: uuid.UUID, client_ids: Collection[uuid.UUID | None] = ()
) -> Sequence[PolicyChange]:
    """Return what the firm changed for all clients, and for each of these."""
    named = [client_id for client_id in client_ids if client_id is not None]
    query = sa.select(PolicyChange).where(PolicyChange.firm_id == firm_id)
    whose = sa.or_(PolicyChange.client_id.is_(None), PolicyChange.client_id.in_(named))
    return session.scalars(query.where(whose)).all()


def find_change(
    session: Session, firm_id: uuid.UUID, jurisdiction: str, name: PolicyName, client_id: uuid.UUID | None
) -> PolicyChange | None:
    """Return what the firm changed in exactly this value, for this client or for all."""
    query = sa.select(PolicyChange).where(
        PolicyChange.firm_id == firm_id, PolicyChange.jurisdiction == jurisdiction, PolicyChange.name == name
    )
    return session.scalar(query.where(PolicyChange.client_id.is_not_distinct_from(client_id)))
