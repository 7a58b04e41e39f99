"""What is sent in spite of the checker: who answers for it, and what is kept with the notice."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter.accounts import queries as accounts
from recruiter.audit.service import Actor
from recruiter.checker import service as checker
from recruiter.checker.document import Finding, Severity
from recruiter.feedback import tally
from recruiter.feedback.models import Choice
from recruiter.notices import checks

# What sending says about the findings that are still there; a hint asks nothing.
_CHOICES = {Severity.BLOCK: Choice.OVERRIDDEN, Severity.WARN: Choice.KEPT}


@dataclass(frozen=True, slots=True)
class Approval:
    """Who answers for sending in spite of what must be fixed, in which role, and why."""

    member_id: str
    approver: str
    role: str
    reason: str


def find(session: Session, firm_id: uuid.UUID, actor: Actor, reason: str, found: Sequence[Finding]) -> Approval | None:
    """Return the approval that a member gives by naming a reason, or None where nobody may or nobody does.

    A key of the API is nobody: an approver has a name.
    """
    if not reason.strip() or actor.member_id is None or not checks.is_overridable(found):
        return None
    member = accounts.get_member(session, firm_id, actor.member_id)
    if not member.active or not member.role.leads:
        return None
    return Approval(str(member.id), member.name, member.role.value, reason.strip())


def choose(
    session: Session, firm_id: uuid.UUID, found: Iterable[Finding], actor: Actor, approval: Approval | None
) -> list[dict[str, Any]]:
    """Count what a person sends in spite of, and return the findings as the notice keeps them.

    What a key of the API sends was looked at by nobody here, so nothing of it was chosen.
    """
    kept = []
    for finding in found:
        choice = _CHOICES.get(finding.severity) if actor.member_id is not None else None
        why = asdict(approval) if approval and choice is Choice.OVERRIDDEN else {}
        kept.append(asdict(finding) | ({"choice": choice.value} if choice else {}) | why)
        if choice:
            tally.count(session, firm_id, [(finding.rule, choice)])
    return kept


def rules(kept: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the rules by what was chosen about their findings, for the audit log."""
    found: dict[str, list[str]] = {}
    for each in kept:
        if "choice" in each:
            found.setdefault(each["choice"], []).append(each["rule"])
    return found


def was_given(finding: Finding, kept: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether somebody answered for this very finding when the notice was queued."""
    answered = {(each["rule"], each["words"]) for each in kept if each.get("choice") == Choice.OVERRIDDEN}
    return (finding.rule, finding.words) in answered and checker.may_be_overridden(finding)
