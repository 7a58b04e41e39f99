"""Moving applications: stages, promises, decisions, and whether the person was told."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.applications import queries, reasons, standing
from recruiter.applications.models import Application, DecidedBy, Decision, Stage
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.db import conflicts, locks, receipts
from recruiter.db.folding import fold_address
from recruiter.db.session import transaction
from recruiter.errors import Conflict, DomainError, Invalid, named_by
from recruiter.jobs import queries as jobs
from recruiter.policies import promises


class Taken(Conflict):
    """Another application has this ATS id, or is open for the same person and job."""

    code = "taken"


class Decided(Conflict):
    """The application is decided, so its stage stands."""

    code = "decided"


class AlreadyTold(Conflict):
    """The person was told the decision of this round; only reopening leads to another."""

    code = "already_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a firm says about an application.

    ``owner`` is a member's e-mail address or id. ``promised_on`` is a day set by hand, in the firm's zone; without
    it the stage sets the promise. ``last_interview_at`` is aware.
    """

    stage: Stage
    external_id: str | None = None
    owner: str | None = None
    promised_on: dt.date | None = None
    last_interview_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddApplication:
    """One candidate for one job."""

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    job_id: uuid.UUID
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApplication:
    """What the firm now says; ``seen`` is the ``updated_at`` that the change is based on."""

    firm_id: uuid.UUID
    actor: Actor
    application_id: uuid.UUID
    facts: Facts
    seen: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided, why (an internal code, or an ATS's words for it), by whom, when (aware; now, if left out)."""

    decision: Decision
    outcome_code: str | None = None
    ats_reason: str | None = None
    decided_by: DecidedBy | None = None
    decided_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """A decision, or with no ``verdict`` its reopening."""

    firm_id: uuid.UUID
    actor: Actor
    application_id: uuid.UUID
    verdict: Verdict | None


def facts_of(application: Application) -> Facts:
    """Return what the firm says about an application."""
    return Facts(
        stage=application.stage,
        external_id=application.external_id,
        owner=str(application.owner_id) if application.owner_id else None,
        promised_on=application.promised_on if application.promise_by_hand else None,
        last_interview_at=application.last_interview_at,
    )


def add(command: AddApplication) -> tuple[Application, bool]:
    """Add the application; return it with candidate, job and owner, and whether it is new.

    An open one of the same person and job, or one of the same ATS id, is found again and stays as it is. Raises
    ``NotFound`` for a candidate or job that the firm does not have, ``Erased`` for a stub, ``Invalid`` for an owner
    who is no member, and ``Taken`` for an ATS id of another person or job.
    """
    with transaction(command.firm_id) as session:
        application, created = take_in(session, command)
        receipts.finish(session, command.firm_id, application.id, status=201 if created else 200)
    return application, created


def take_in(session: Session, command: AddApplication) -> tuple[Application, bool]:
    """Find the application again or add it; composed, otherwise as ``add``."""
    firm_id, facts = command.firm_id, command.facts
    with named_by("candidate_id"):
        candidates.get_for_update(session, firm_id, command.candidate_id)  # or an erasure under way would miss this
    with named_by("job_id"):
        jobs.get_job(session, firm_id, command.job_id)
    locks.hold(session, firm_id, f"application {command.candidate_id} {command.job_id}")
    known = queries.find_open(session, firm_id, command.candidate_id, command.job_id)
    if known is None and facts.external_id is not None:
        known = queries.find_by_external_id(session, firm_id, facts.external_id)
    if known is not None:
        if (known.candidate_id, known.job_id) != (command.candidate_id, command.job_id):
            raise Taken("This ATS id belongs to an application of another person or job.")
        return known, False
    application = Application(firm_id=firm_id, candidate_id=command.candidate_id, job_id=command.job_id)
    _enter(session, application, facts.stage)
    _write(session, application, facts)
    _record(session, application, command.actor, "application.added", stage=facts.stage)
    return queries.get_application(session, firm_id, application.id), True


def change(command: ChangeApplication) -> Application:
    """Write what the firm now says; another stage sets the promise anew, unless it was set by hand.

    Raises ``NotFound``, ``Stale``, ``Invalid`` for an owner who is no member, ``Taken``, and ``Decided`` when the
    stage of a decided application would change.
    """
    with transaction(command.firm_id) as session:
        application = queries.get_for_update(session, command.firm_id, command.application_id)
        conflicts.refuse_stale(application, command.seen)
        before = application.stage
        if command.facts == facts_of(application):
            return application
        if command.facts.stage != before:
            if not application.is_open:
                raise Decided("This application is decided. Reopen the decision before you change its stage.")
            _enter(session, application, command.facts.stage)
        _write(session, application, command.facts)
        action = "application.changed" if before == application.stage else "application.moved"
        _record(session, application, command.actor, action, stage=application.stage)
        session.expire(application, ["owner"])
        return queries.get_application(session, command.firm_id, application.id)


def record_decision(command: Decide) -> Application:
    """Decide, or reopen. Raises as ``decide`` and ``reopen``, and ``NotFound``."""
    with transaction(command.firm_id) as session:
        application = queries.get_for_update(session, command.firm_id, command.application_id)
        if command.verdict is None:
            reopen(session, application, command.actor)
        else:
            decide(session, application, command.actor, command.verdict)
        receipts.finish(session, command.firm_id, application.id, status=200)
    return application


def decide(session: Session, application: Application, actor: Actor, verdict: Verdict) -> None:
    """Record the decision of this round, or correct it while nobody was told.

    Raises ``AlreadyTold`` for another decision than the person was told, ``Invalid`` for a time in the future.
    """
    now = clock.now()
    if verdict.decided_at is not None and clock.is_ahead(verdict.decided_at):
        raise Invalid({"decided_at": ["This is in the future."]})
    if not application.is_open and application.told_at is not None and application.decision != verdict.decision:
        raise AlreadyTold("The person was told the decision. Reopen it before you decide otherwise.")
    repeated = application.decision == verdict.decision
    reasons.give(session, application, verdict.outcome_code, verdict.ats_reason, repeated=repeated)
    application.decision = verdict.decision
    application.decided_by = verdict.decided_by or (application.decided_by if repeated else None)
    decided_at = verdict.decided_at or (application.decided_at if repeated else None) or now
    application.decided_at = decided_at.astimezone(dt.UTC)
    why = {"outcome_code": application.outcome_code, "decided_by": application.decided_by}
    _record(session, application, actor, "application.decided", decision=verdict.decision, **why)


def reopen(session: Session, application: Application, actor: Actor) -> None:
    """Take the decision back and begin the next round with a new promise; an open application stays as it is.

    Raises ``Taken`` when the person has another open application for the job.
    """
    if application.is_open:
        return
    with conflicts.named(session, _taken()):
        application.decision = application.decided_at = application.decided_by = None
        reasons.forget(application)
        application.round += 1
        application.told_at = application.told_in_time = None
        application.reopened_at, application.promise_by_hand = clock.now(), False
        application.promised_on = _promise(session, application, clock.now())
    _record(session, application, actor, "application.reopened", round=application.round)


def mark_told(session: Session, application: Application, actor: Actor, at: dt.datetime) -> None:
    """Keep the promise: the person was told the decision at this aware moment. Telling twice changes nothing."""
    if application.told_at is None:
        application.told_at = at.astimezone(dt.UTC)
        application.told_in_time = _is_in_time(session, application, at)
        _record(session, application, actor, "application.told", told_at=at.isoformat())


def unsay(session: Session, application: Application, actor: Actor, at: dt.datetime) -> None:
    """Open the promise again: what told the person at this moment did not reach them. Other news keeps it closed."""
    if application.told_at == at:
        application.told_at = application.told_in_time = None
        _record(session, application, actor, "application.untold")


def move_promise(session: Session, application: Application, actor: Actor, promised_on: dt.date | None = None) -> None:
    """Give the person another day, in the firm's zone; without one, that of the policy's rhythm from today on."""
    day = promised_on or standing.next_word_on(session, application)
    application.promised_on, application.promise_by_hand = day, promised_on is not None
    _record(session, application, actor, "promise.moved", promised_on=day and day.isoformat())


def _is_in_time(session: Session, application: Application, at: dt.datetime) -> bool:
    """Whether this moment keeps the promise; where none was given, any moment does."""
    firm = accounts.get_firm(session, application.firm_id)
    return application.promised_on is None or clock.local_date(at, firm.time_zone) <= application.promised_on


def _enter(session: Session, application: Application, stage: Stage) -> None:
    """Reach a stage now; the promise follows, unless it was set by hand."""
    application.stage = stage
    application.stage_since = clock.now()
    if not application.promise_by_hand:
        application.promised_on = _promise(session, application, application.stage_since)


def _promise(session: Session, application: Application, began: dt.datetime) -> dt.date | None:
    firm = accounts.get_firm(session, application.firm_id)
    day = clock.local_date(began, firm.time_zone)
    return promises.promised_on(application.stage, day, firm.place, firm.promise_days)


def _write(session: Session, application: Application, facts: Facts) -> None:
    with conflicts.named(session, _taken()):
        application.external_id = facts.external_id
        application.last_interview_at = facts.last_interview_at and facts.last_interview_at.astimezone(dt.UTC)
        if facts.owner != facts_of(application).owner:
            application.owner_id = owner_named(session, application.firm_id, facts.owner)
        if facts.promised_on is not None:
            application.promised_on = facts.promised_on
        elif application.promise_by_hand:
            application.promised_on = _promise(session, application, application.stage_since)
        application.promise_by_hand = facts.promised_on is not None
        application.updated_at = clock.now()
        session.add(application)


def _taken() -> dict[str, DomainError]:
    return {
        "uq_applications_firm_id_external_id": Taken("Another application has this ATS id."),
        "uq_applications_open": Taken("This person has another open application for the same job."),
    }


def owner_named(session: Session, firm_id: uuid.UUID, named: str | None) -> uuid.UUID | None:
    """Return the id of the active member of this address or id, or None; raise ``Invalid`` when there is none such."""
    if named is None:
        return None
    folded = fold_address(named)
    for member in accounts.members(session, firm_id):
        if member.active and folded in (str(member.id), fold_address(member.email)):
            return member.id
    raise Invalid({"owner": ["No active member of this firm has this address or id."]})


def _record(session: Session, application: Application, actor: Actor, action: str, **details: object) -> None:
    application.updated_at = clock.now()
    audit.record_of(session, application, actor, action, **details)
