"""Which policy holds for an application, and what a firm changes in it for itself or for one client."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db import locks
from recruiter.db.session import transaction
from recruiter.errors import Invalid
from recruiter.policies import jurisdictions, queries
from recruiter.policies.jurisdictions import Jurisdiction, Place, Rule
from recruiter.policies.models import PolicyChange
from recruiter.policies.values import FeedbackMode, PolicyName, PoolBasis, Reader, Span, Value

# By the stage that somebody reached; a person with an offer is in talks.
_STATUS = {
    "application": PolicyName.STATUS_APPLICATION,
    "screening": PolicyName.STATUS_SCREENING,
    "submitted": PolicyName.STATUS_SUBMITTED,
    "client_interview": PolicyName.STATUS_CLIENT_INTERVIEW,
    "final": PolicyName.STATUS_FINAL,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value as it holds: the rule it comes from, where that stands, and what the firm changed in it."""

    rule: Rule
    at: Jurisdiction
    value: Value
    change: PolicyChange | None = None

    @property
    def means(self) -> str:
        """What it means for candidates, as one sentence."""
        return self.rule.told(self.value)


@dataclass(frozen=True, slots=True)
class Policy:
    """Every value that holds in one jurisdiction, for a firm and perhaps for one client of it."""

    jurisdiction: Jurisdiction
    settings: Mapping[PolicyName, Setting]

    @property
    def feedback_mode(self) -> FeedbackMode:
        """What may be told beside the decision."""
        return FeedbackMode(str(self.settings[PolicyName.FEEDBACK_MODE].value))

    @property
    def feedback_because(self) -> str:
        """Why that may be told and no more, in a sentence for members: the firm's own reason, else the source."""
        setting = self.settings[PolicyName.FEEDBACK_MODE]
        if setting.change is not None:
            return f"Your firm: {setting.change.reason.rstrip('.')}."
        return f"{setting.at.name}: {setting.rule.origin.source.rstrip('.')}."

    @property
    def needs_second_reader(self) -> bool:
        """Whether somebody else reads feedback before it leaves."""
        return self.settings[PolicyName.READER].value == Reader.SECOND

    @property
    def pool_basis(self) -> PoolBasis:
        """On what ground the talent pool may keep a person."""
        return PoolBasis(str(self.settings[PolicyName.POOL_BASIS].value))

    def days(self, name: PolicyName) -> int:
        """Return a value that counts working days."""
        value = self.settings[name].value
        assert isinstance(value, int), "asked for days"  # noqa: S101
        return value

    def span(self, name: PolicyName) -> Span:
        """Return a value that is a time to keep something."""
        value = self.settings[name].value
        assert isinstance(value, Span), "asked for a span"  # noqa: S101
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """Another value for a jurisdiction, for one client when it names one; ``value`` as it is typed, with the reason."""

    firm_id: uuid.UUID
    actor: Actor
    jurisdiction: Jurisdiction
    name: PolicyName
    value: str
    reason: str
    client_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """A changed value that is to hold no more."""

    firm_id: uuid.UUID
    actor: Actor
    jurisdiction: Jurisdiction
    name: PolicyName
    client_id: uuid.UUID | None = None


def policy_for(session: Session, firm_id: uuid.UUID, place: Place, client_id: uuid.UUID | None) -> Policy:
    """Return the policy of the decision on an application of this place and client (none: the firm's own job)."""
    return in_force(queries.changes(session, firm_id, [client_id]), place.work, client_id)


def in_force(changes: Sequence[PolicyChange], jurisdiction: Jurisdiction, client_id: uuid.UUID | None) -> Policy:
    """Return what holds in a jurisdiction for one client, or without one, under these changes of the firm.

    The nearest place that says something of a value decides; there the client's change goes before the firm's, and
    that before the rule we know.
    """
    made = {(each.jurisdiction, each.name, each.client_id): each for each in changes}
    settings = {name: _setting(made, jurisdiction, name, client_id) for name in PolicyName}
    return Policy(jurisdiction, settings)


def pool_months(changes: Sequence[PolicyChange], place: Place, client_id: uuid.UUID | None, usual: int) -> int:
    """Return for how many months the talent pool is offered: the firm's usual ones, or fewer where the policy says so.

    What counts is where the person lives.
    """
    return min(usual, in_force(changes, place.home, client_id).span(PolicyName.POOL).months)


def pool_problems(place: str | None, basis: str, months: int) -> dict[str, list[str]]:
    """Return by field what a law or authority has against keeping somebody of this place so; empty for nothing."""
    rules = jurisdictions.find(place).rules
    wanted: tuple[tuple[str, Rule, Value], ...] = (
        ("basis", rules[PolicyName.POOL_BASIS], PoolBasis(basis)),
        ("months", rules[PolicyName.POOL], Span(months=months)),
    )
    return {
        field: [problem] for field, rule, value in wanted if rule.origin.rank.binds and (problem := rule.problem(value))
    }


def next_word(policy: Policy, promised: Mapping[str, int]) -> dict[str, int]:
    """Return by stage within how many working days somebody hears again who was told that it takes longer.

    That is what the firm promises at the stage, ``promised``, or sooner where the policy says so.
    """
    return {stage: min(days, policy.days(_STATUS[stage])) for stage, days in promised.items() if stage in _STATUS}


def file_kept(changes: Sequence[PolicyChange], place: Place, client_id: uuid.UUID | None) -> Span:
    """Return how long the file of somebody not selected is kept after the decision.

    The shorter span of where the job and where the person is holds, but none shorter than a law of either asks for.
    """
    settings = [in_force(changes, at, client_id).settings[PolicyName.FILE] for at in (place.work, place.home)]
    floors = [each.rule.at_least for each in settings if each.rule.at_least is not None]
    kept = max([min((each.value for each in settings), key=_size), *floors], key=_size)
    assert isinstance(kept, Span), "a file is kept for a span"  # noqa: S101
    return kept


def change(command: ChangePolicy) -> PolicyChange:
    """Let another value hold. Raises ``Invalid`` for what is not allowed.

    Not allowed is a value of the wrong form, and one that is out of the bounds that its source sets.
    """
    rule = command.jurisdiction.rules[command.name]
    value = _allowed(rule, command.value)
    with transaction(command.firm_id) as session:
        row = _find(session, command) or PolicyChange(
            firm_id=command.firm_id,
            jurisdiction=command.jurisdiction.code,
            name=command.name,
            client_id=command.client_id,
        )
        before = _holds(session, command)
        row.value, row.reason = rule.name.kind.write(value), command.reason
        row.member_id, row.changed_at = command.actor.member_id, clock.now()
        session.add(row)
        session.flush()
        _record(session, command, row, "policy.changed", before)
    return row


def put_back(command: PutBack) -> None:
    """Let hold again what would hold without the change; where nothing was changed, nothing is."""
    with transaction(command.firm_id) as session:
        row = _find(session, command)
        if row is not None:
            before = _holds(session, command)
            session.delete(row)
            _record(session, command, row, "policy.put_back", before)


def _setting(
    made: Mapping[tuple[str, PolicyName, uuid.UUID | None], PolicyChange],
    jurisdiction: Jurisdiction,
    name: PolicyName,
    client_id: uuid.UUID | None,
) -> Setting:
    at, rule = jurisdiction, jurisdiction.rules[name]
    while True:
        for found in (made.get((at.code, name, client_id)), made.get((at.code, name, None))):
            value = name.kind.read(found.value) if found else rule.value
            if found and not rule.problem(value):  # what a law forbids by now holds no more
                return Setting(rule, at, value, found)
        if name in at.own or at.above is None:
            return Setting(rule, at, rule.value)
        at = at.above
        rule = at.rules[name]


def _allowed(rule: Rule, typed: str) -> Value:
    try:
        value = rule.name.kind.read(typed)
    except ValueError as error:
        raise Invalid({"value": [str(error)]}) from error
    if problem := rule.problem(value):
        raise Invalid({"value": [problem]})
    return value


def _find(session: Session, command: ChangePolicy | PutBack) -> PolicyChange | None:
    names = (command.jurisdiction.code, command.name, str(command.client_id or ""))
    locks.hold(session, command.firm_id, " ".join(("policy", *names)))
    return queries.find_change(session, command.firm_id, command.jurisdiction.code, command.name, command.client_id)


def _size(value: Value) -> float:
    size = PolicyName.FILE.kind.size
    assert size is not None, "spans have a size"  # noqa: S101
    return size(value)


def _holds(session: Session, command: ChangePolicy | PutBack) -> str:
    """Return the value that holds at this moment, as it is kept."""
    made = queries.changes(session, command.firm_id, [command.client_id])
    setting = in_force(made, command.jurisdiction, command.client_id).settings[command.name]
    return command.name.kind.write(setting.value)


def _record(session: Session, command: ChangePolicy | PutBack, row: PolicyChange, action: str, before: str) -> None:
    details: dict[str, object] = {
        "jurisdiction": row.jurisdiction,
        "name": row.name,
        "client_id": row.client_id and str(row.client_id),
        "before": before,
        "now": _holds(session, command),
    }
    audit.record(session, command.firm_id, command.actor, Change(action=action, subject_id=row.id, details=details))
