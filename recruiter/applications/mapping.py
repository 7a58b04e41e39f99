"""Saying what the reasons of an ATS mean here; whoever came with one gets its outcome code."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications import reasons
from recruiter.applications.models import Application, AtsReason
from recruiter.applications.outcomes import OUTCOMES
from recruiter.applications.reasons import Seen
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db.session import reading, transaction
from recruiter.errors import Invalid, NotFound, Stale


@dataclass(frozen=True, slots=True, kw_only=True)
class MapReasons:
    """The outcome code of each reason, by the reason's id; None takes its meaning away.

    ``seen`` is what each meant when that was chosen. Where somebody else said something meanwhile, that stays unless
    another code was chosen here too.
    """

    firm_id: uuid.UUID
    actor: Actor
    codes: Mapping[uuid.UUID, str | None]
    seen: Mapping[uuid.UUID, str | None]


def seen(firm_id: uuid.UUID) -> list[Seen]:
    """Return the reasons that the firm's ATS named, those without a meaning first."""
    with reading(firm_id) as session:
        return reasons.seen(session, firm_id)


def map_reasons(command: MapReasons) -> int:
    """Keep what the reasons mean and give the code to who came with them; return to how many people.

    Who was told already keeps the code of that day, and so does whose code somebody chose by hand. Raises
    ``Invalid`` for a code that is none of ours, ``NotFound`` for a reason that the firm does not have, and ``Stale``
    when somebody else gave one of them another meaning after it was ``seen``; then nothing is kept.
    """
    if not {code for code in command.codes.values() if code} <= OUTCOMES.keys():
        raise Invalid({"": ["Choose one of the reasons in the list."]})
    with transaction(command.firm_id) as session:
        return sum(_map(session, command, reason_id, code) for reason_id, code in sorted(command.codes.items()))


def _map(session: Session, command: MapReasons, reason_id: uuid.UUID, code: str | None) -> int:
    query = sa.select(AtsReason).where(AtsReason.firm_id == command.firm_id, AtsReason.id == reason_id)
    reason = session.scalar(query.with_for_update())
    if reason is None:
        raise NotFound("There is no such reason.")
    before = reason.outcome_code
    seen = command.seen.get(reason_id, before)
    code = before if code == seen else code
    if before not in {seen, code}:
        raise Stale(f"Somebody else said meanwhile what “{reason.words}” means. Look at it again.")
    reason.outcome_code = code
    changed = _give(session, reason, before)
    for application_id, candidate_id in changed:
        change = Change(
            action="application.reason_mapped",
            subject_id=application_id,
            candidate_id=candidate_id,
            details={"outcome_code": code},
        )
        audit.record(session, command.firm_id, command.actor, change)
    if before != code:
        details: dict[str, object] = {"outcome_code": code, "before": before, "applications": len(changed)}
        change = Change(action="reason.mapped", subject_id=reason.id, details=details)
        audit.record(session, command.firm_id, command.actor, change)
    return len({candidate_id for _, candidate_id in changed})


def _give(session: Session, reason: AtsReason, before: str | None) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Set the code where there is none or the one that the reason meant before; return whose it was."""
    has_it_from_here = sa.or_(Application.outcome_code.is_(None), Application.outcome_code == before)
    change = (
        sa.update(Application)
        .where(
            Application.firm_id == reason.firm_id,
            Application.ats_reason_id == reason.id,
            Application.told_at.is_(None),
            has_it_from_here,
            Application.outcome_code.is_distinct_from(reason.outcome_code),
        )
        .values(outcome_code=reason.outcome_code, updated_at=clock.now())
        .returning(Application.id, Application.candidate_id)
        .execution_options(synchronize_session=False)
    )
    return [(row.id, row.candidate_id) for row in session.execute(change)]
