"""Why somebody was not selected: the code that was named, or what the ATS's own words mean here."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from recruiter.applications import catalogue
from recruiter.applications.models import Application, AtsReason
from recruiter.applications.outcomes import OUTCOMES
from recruiter.candidates.models import Candidate
from recruiter.db import locks
from recruiter.db.folding import fold
from recruiter.db.parameters import FirmId

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """A reason with how many people it came with, and how many of these wait for it to mean something."""

    reason: AtsReason
    people: int
    waiting: int


def give(
    session: Session, application: Application, outcome_code: str | None, words: str | None, *, repeated: bool
) -> None:
    """Set code and reason of a decision; of a ``repeated`` one what is not said again stays.

    A code that is none of ours counts as the ATS's words, and words that are one of our codes as that code. Of a person
    who was erased no words are kept: they may name them.
    """
    if outcome_code not in OUTCOMES:
        words, outcome_code = words or outcome_code, None
    said = (words or "").strip()
    if said.upper() in OUTCOMES:
        said, outcome_code = "", outcome_code or said.upper()
    is_kept = bool(said) and not _is_erased(session, application)
    reason = _found_or_kept(session, application.firm_id, said) if is_kept else None
    if reason is None and repeated:
        application.outcome_code = outcome_code or application.outcome_code
        return
    _set(application, outcome_code or (reason.outcome_code if reason else None), reason)


def forget(application: Application) -> None:
    """Take code and reason away."""
    _set(application, None, None)


def seen(session: Session, firm_id: uuid.UUID) -> list[Seen]:
    """Return the first hundred reasons: those without a meaning first, then the one that most people came with."""
    people = sa.func.count(Application.id)
    waiting = sa.func.count(sa.case((is_unmapped(), Application.id)))
    of_reason = sa.and_(Application.firm_id == AtsReason.firm_id, Application.ats_reason_id == AtsReason.id)
    query = (
        sa.select(AtsReason, people, waiting)
        .outerjoin(Application, of_reason)
        .where(AtsReason.firm_id == firm_id)
        .group_by(AtsReason.id)
        .order_by(AtsReason.outcome_code.is_not(None), people.desc(), AtsReason.words_folded)
        .limit(SHOWN)
    )
    return [Seen(*row) for row in session.execute(query)]


def is_unmapped(application: type[Application] = Application) -> sa.ColumnElement[bool]:
    """Return the condition of applications whose reason has no meaning yet and whose person was told nothing."""
    return sa.and_(
        application.ats_reason_id.is_not(None), application.outcome_code.is_(None), application.told_at.is_(None)
    )


def count_unmapped(firm_id: FirmId) -> sa.Select[int]:
    """Return the statement that counts the people who came with such a reason."""
    named = aliased(Application)  # the statement around it may be about applications too
    people = sa.func.count(named.candidate_id.distinct())
    return sa.select(people).where(named.firm_id == firm_id, is_unmapped(named))


def _is_erased(session: Session, application: Application) -> bool:
    query = sa.select(Candidate.erased_at).where(
        Candidate.firm_id == application.firm_id, Candidate.id == application.candidate_id
    )
    return session.scalar(query) is not None


def _set(application: Application, outcome_code: str | None, reason: AtsReason | None) -> None:
    application.outcome_code, application.ats_reason_id = outcome_code, reason.id if reason else None
    set_committed_value(application, "ats_reason", reason)


def _found_or_kept(session: Session, firm_id: uuid.UUID, words: str) -> AtsReason:
    folded = catalogue.folded(words) or fold(words)
    return _find(session, firm_id, folded) or _keep(session, firm_id, words, folded)


def _keep(session: Session, firm_id: uuid.UUID, words: str, folded: str) -> AtsReason:
    locks.hold(session, firm_id, f"ats reason {folded}")
    found = _find(session, firm_id, folded)  # somebody else may have kept it before the lock was ours
    reason = found or AtsReason(firm_id=firm_id, words=words, words_folded=folded)
    session.add(reason)
    session.flush()
    return reason


def _find(session: Session, firm_id: uuid.UUID, folded: str) -> AtsReason | None:
    query = sa.select(AtsReason).where(AtsReason.firm_id == firm_id, AtsReason.words_folded == folded)
    return session.scalar(query)
