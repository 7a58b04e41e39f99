"""Reading a firm's competencies; each query names the firm."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.feedback.competencies import SEED, Catalogue
from recruiter.feedback.models import CompetencyList


def lists(session: Session, firm_id: uuid.UUID) -> list[CompetencyList]:
    """Return what the firm changed, by family."""
    return list(session.scalars(sa.select(CompetencyList).where(CompetencyList.firm_id == firm_id)))


def catalogue(session: Session, firm_id: uuid.UUID) -> Catalogue:
    """Return every family with its competencies: the firm's own where it changed them."""
    changed = {row.family: tuple(row.names) for row in lists(session, firm_id)}
    return {family: changed.get(family, names) for family, names in SEED.items()}
