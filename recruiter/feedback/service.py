"""A firm's own competencies: what it offers while a criterion is typed."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.checker import service as checker
from recruiter.checker.document import Context
from recruiter.db import locks
from recruiter.db.session import reading, transaction
from recruiter.errors import FieldErrors, Invalid
from recruiter.feedback import queries
from recruiter.feedback.competencies import SEED, Catalogue, Family
from recruiter.feedback.models import CompetencyList

MOST = 40  # of a family
LONGEST = 120  # characters, as a criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCompetencies:
    """The names of each family, in the order in which they are offered; a family that is left out stays as it is."""

    firm_id: uuid.UUID
    actor: Actor
    names: Mapping[Family, Iterable[str]]


def read(firm_id: uuid.UUID) -> Catalogue:
    """Return what the firm offers, by family."""
    with reading(firm_id) as session:
        return queries.catalogue(session, firm_id)


def change(command: ChangeCompetencies) -> Catalogue:
    """Offer these from now on; names that come twice and empty ones are dropped. What was written stays.

    Raises ``Invalid`` by family for too many, for one that is too long, and for words that no notice may have.
    """
    wanted = {family: _tidy(names) for family, names in command.names.items()}
    errors: FieldErrors = {family.value: found for family, names in wanted.items() if (found := _problems(names))}
    if errors:
        raise Invalid(errors)
    with transaction(command.firm_id) as session:
        locks.hold(session, command.firm_id, "competencies")
        known = queries.catalogue(session, command.firm_id)
        changed = {family: names for family, names in wanted.items() if names != known[family]}
        if changed:
            _write(session, command.firm_id, changed)
            details: dict[str, object] = {"families": [family.value for family in changed]}
            entry = Change(action="competencies.changed", subject_id=command.firm_id, details=details)
            audit.record(session, command.firm_id, command.actor, entry)
    return {**known, **changed}


def _write(session: Session, firm_id: uuid.UUID, changed: Catalogue) -> None:
    """Keep the firm's own names; those that every firm begins with need no row."""
    rows = {row.family: row for row in queries.lists(session, firm_id)}
    for family, names in changed.items():
        row = rows.get(family) or CompetencyList(firm_id=firm_id, family=family)
        if names == SEED[family]:
            session.delete(row)
            continue
        row.names, row.updated_at = list(names), clock.now()
        session.add(row)


def _tidy(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(" ".join(name.split()).casefold(), " ".join(name.split()))
    return tuple(filter(None, found.values()))


def _problems(names: tuple[str, ...]) -> list[str]:
    found = [f"Shorten “{name[:40]}…” to {LONGEST} characters." for name in names if len(name) > LONGEST]
    if len(names) > MOST:
        found.append(f"Keep {MOST} at most; nobody reads more.")
    for name in names:
        blocking = checker.blocking(checker.check_text(name, "feedback.strengths.0.criterion", Context()))
        found += [f"“{name}” cannot be offered: {finding.message}" for finding in blocking[:1]]
    return found
