"""How often words were sent or kept in spite of the check, counted for each rule; it tells of no text and no person."""

import uuid
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.checker.document import Finding
from recruiter.db.session import reading
from recruiter.feedback import asked
from recruiter.feedback.models import Choice, FindingChoice


def keep(session: Session, firm_id: uuid.UUID, found: Iterable[Finding], shown: Collection[str] | None) -> None:
    """Count the findings to consider that a member keeps; what a key of the API writes was ``shown`` to nobody.

    Raises ``ToConsider`` for one whose name is not among those that were shown.
    """
    if shown is None:
        return
    kept = asked.asking(found)
    asked.refuse_unshown(kept, shown)
    count(session, firm_id, [(finding.rule, Choice.KEPT) for finding in kept])


def count(session: Session, firm_id: uuid.UUID, chosen: Iterable[tuple[str, Choice]]) -> None:
    """Count what was chosen about a finding of each of these rules."""
    session.add_all(FindingChoice(firm_id=firm_id, rule=rule, choice=choice) for rule, choice in chosen)


def counts(firm_id: uuid.UUID) -> dict[str, dict[Choice, int]]:
    """Return by rule how often its findings were kept and overridden."""
    query = (
        sa.select(FindingChoice.rule, FindingChoice.choice, sa.func.count())
        .where(FindingChoice.firm_id == firm_id)
        .group_by(FindingChoice.rule, FindingChoice.choice)
    )
    found: dict[str, dict[Choice, int]] = {}
    with reading(firm_id) as session:
        for rule, choice, number in session.execute(query):
            found.setdefault(rule, {})[choice] = number
    return found
