"""Reading what a firm changed in its policies; each query names the firm."""

import uuid
from collections.abc import Collection, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.db.parameters import FIRM
from recruiter.policies.models import PolicyChange
from recruiter.policies.values import PolicyName


def changes(
    session: Session, firm_id: uuid.UUID, client_ids: Collection[uuid.UUID | None] = ()
) -> Sequence[PolicyChange]:
    """Return what the firm changed for all clients, and for each of these."""
    named = [client_id for client_id in client_ids if client_id is not None]
    return session.scalars(_changes(), {"firm_id": firm_id, "client_ids": named}).all()


@cache
def _changes() -> sa.Select[PolicyChange]:
    named = PolicyChange.client_id.in_(sa.bindparam("client_ids", expanding=True))
    whose = sa.or_(PolicyChange.client_id.is_(None), named)
    return sa.select(PolicyChange).where(PolicyChange.firm_id == FIRM, whose)


def find_change(
    session: Session, firm_id: uuid.UUID, jurisdiction: str, name: PolicyName, client_id: uuid.UUID | None
) -> PolicyChange | None:
    """Return what the firm changed in exactly this value, for this client or for all."""
    query = sa.select(PolicyChange).where(
        PolicyChange.firm_id == firm_id, PolicyChange.jurisdiction == jurisdiction, PolicyChange.name == name
    )
    return session.scalar(query.where(PolicyChange.client_id.is_not_distinct_from(client_id)))
