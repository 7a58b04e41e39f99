"""Membership of the talent pool: a separate yes with its proof and its end, and the way out."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Candidate
from recruiter.checker import service as checker
from recruiter.db import doors, receipts
from recruiter.db.base import new_id
from recruiter.db.doors import Door, Due
from recruiter.db.session import transaction
from recruiter.errors import Invalid, NotFound, named_by
from recruiter.feedback import tally, wording
from recruiter.feedback.wording import About
from recruiter.outbox import service as outbox
from recruiter.outbox.models import StreamKind
from recruiter.policies import service as policies
from recruiter.policies.values import Span
from recruiter.talent_pool import links, queries
from recruiter.talent_pool.models import Basis, InvitationState, Membership
from recruiter.translations.catalogues import later
from recruiter.webhooks import service as webhooks
from recruiter.webhooks.service import Event, EventType

PURPOSE = "To tell you about roles like the ones you applied for."


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A person's yes, or the firm's legitimate interest, for some months from today.

    ``evidence`` says how we know: ``how``, and if known ``at`` (ISO 8601), ``text_version`` and ``reference``.
    ``shown`` names the findings about the purpose that whoever records it has seen, None where nobody is asked.
    """

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    basis: Basis
    purpose: str
    months: int
    evidence: Mapping[str, Any]
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The end of a membership, before its last day. ``how`` says who wanted it or which door was used."""

    firm_id: uuid.UUID
    actor: Actor
    membership_id: uuid.UUID
    how: str


def join(command: Join) -> Membership:
    """Take the person into the pool; who is in it already starts anew, and the proof of the earlier yes stays.

    Raises ``NotFound``, ``Erased`` for a person who was erased, ``Invalid`` for a basis or months that a law or an
    authority forbids where the person lives and for a purpose that nobody may be told, or ``ToConsider``.
    """
    with transaction(command.firm_id) as session:
        with named_by("candidate_id"):
            candidate, earlier = _found(session, command.firm_id, command.candidate_id)
        _check(session, command, candidate)
        membership = _start(session, command, candidate, earlier)
        receipts.finish(session, command.firm_id, membership.id)
    return membership


def _check(session: Session, command: Join, person: Candidate) -> None:
    firm = accounts.get_firm(session, command.firm_id)
    if problems := policies.pool_problems(person.country or firm.place, command.basis, command.months):
        raise Invalid(problems)
    # The person was told the purpose, so it is read like anything that they are told.
    about = About(firm=firm, candidate=person, language=person.language or firm.language)
    found = checker.check_text(command.purpose, "purpose", wording.context(session, about))
    if blocking := checker.blocking(found):
        raise Invalid({"purpose": [f"{finding.message} {finding.suggestion}" for finding in blocking]})
    tally.keep(session, command.firm_id, found, command.shown)


def join_by_choice(
    session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, months: int, evidence: Mapping[str, Any]
) -> Membership:
    """Take in a person who chose so on their page, for the months that it named, inside the caller's transaction.

    The same choice on the same page and day, such as a second click, is the one before.
    """
    candidate, earlier = _found(session, firm_id, candidate_id)
    chosen_now = (evidence["reference"], _today(session, firm_id))
    if earlier is not None and (earlier.evidence.get("reference"), earlier.starts_on) == chosen_now:
        return earlier
    command = Join(
        firm_id=firm_id,
        actor=Actor(ActorKind.CANDIDATE, candidate_id),
        candidate_id=candidate_id,
        basis=Basis.CONSENT,
        purpose=PURPOSE,
        months=months,
        evidence=evidence,
    )
    return _start(session, command, candidate, earlier)


def _found(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> tuple[Candidate, Membership | None]:
    """Return the person and their open membership, locked in this order, as an erasure takes them."""
    candidate = candidates.get_for_update(session, firm_id, candidate_id)
    return candidate, queries.find_open_for_update(session, firm_id, candidate_id)


def _start(session: Session, command: Join, candidate: Candidate, earlier: Membership | None) -> Membership:
    today = _today(session, command.firm_id)
    if earlier is not None:
        earlier.left_at, earlier.left_how = clock.now(), "renewed"
        question = queries.find_question(session, command.firm_id, earlier.id)
        if question is not None and outbox.withdraw(session, command.firm_id, question.message_id):
            question.state = InvitationState.WITHDRAWN  # they said it before they were asked
        session.flush()
    membership_id = new_id()
    membership = Membership(
        id=membership_id,
        firm_id=command.firm_id,
        candidate_id=candidate.id,
        basis=command.basis,
        purpose=command.purpose,
        starts_on=today,
        ends_on=Span(months=command.months).after(today),
        evidence=dict(command.evidence),
        leave_token_hash=doors.hash_of(links.token(membership_id)),
    )
    session.add(membership)
    session.flush()
    _report(session, command.actor, candidate, membership, EventType.POOL_JOINED)
    return membership


def leave_pool(command: Leave) -> Membership:
    """End a membership by its id; one that has ended stays as it is. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        membership = queries.get_membership(session, command.firm_id, command.membership_id)
        if membership.left_at is None:
            leave(session, command.firm_id, membership.candidate_id, command.actor, command.how)
        receipts.finish(session, command.firm_id, membership.id, status=200)
    return membership


def leave(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, actor: Actor, how: str) -> bool:
    """End the person's membership and take back what was queued for it, inside the caller's transaction.

    Returns whether there was one.
    """
    membership = queries.find_open_for_update(session, firm_id, candidate_id)
    if membership is None:
        return False
    _end(session, actor, membership, how)
    return True


def leave_by_link(token: str) -> uuid.UUID:
    """End the membership of the person to whom this link was sent, and return their firm's id.

    The link of an earlier yes ends a later one too; doing it again changes nothing. Raises ``NotFound``.
    """
    firm_id = firm_by_link(token)
    with transaction(firm_id) as session:
        sent_with = queries.get_by_link(session, firm_id, doors.hash_of(token))
        actor = Actor(ActorKind.CANDIDATE, sent_with.candidate_id)
        leave(session, firm_id, sent_with.candidate_id, actor, "link")
    return firm_id


def firm_by_link(token: str) -> uuid.UUID:
    """Return the firm whose mail carried this leave link, or raise ``NotFound``."""
    firm_id = doors.firm_of(Door.POOL_LEAVE, doors.hash_of(token))
    if firm_id is None:
        raise NotFound(later("This link is not ours."))
    return firm_id


def end_past(firm_id: uuid.UUID) -> int:
    """Close every membership whose last day has passed, and return how many; queries count none of them before."""
    with transaction(firm_id) as session:
        past = queries.ended_by_for_update(session, firm_id, _today(session, firm_id))
        for membership in past:
            _end(session, SYSTEM, membership, "ended")
    return len(past)


def end_all_past() -> int:
    """Do what ``end_past`` does for every firm; return how many memberships were closed."""
    return sum(end_past(firm_id) for firm_id in doors.firms_with(Due.ALL, clock.now()))


def _end(session: Session, actor: Actor, membership: Membership, how: str) -> None:
    candidate = candidates.get_candidate(session, membership.firm_id, membership.candidate_id)
    membership.left_at, membership.left_how = clock.now(), how
    session.flush()
    outbox.cancel_for_candidate(session, membership.firm_id, candidate.id, StreamKind.POOL)
    _report(session, actor, candidate, membership, EventType.POOL_LEFT)


def _report(session: Session, actor: Actor, candidate: Candidate, membership: Membership, event: EventType) -> None:
    joined = event is EventType.POOL_JOINED
    details: dict[str, object] = {
        "basis": membership.basis,
        "ends_on": membership.ends_on.isoformat(),
        "how": membership.left_how,
    }
    change = Change(
        action="pool.joined" if joined else "pool.left",
        subject_id=membership.id,
        candidate_id=candidate.id,
        details=details,
    )
    audit.record(session, membership.firm_id, actor, change)
    told = Event(
        type=event,
        subject_id=membership.id,
        candidate_id=candidate.id,
        external_ids={"candidate": candidate.external_id},
        state="joined" if joined else "left",
    )
    webhooks.emit(session, membership.firm_id, told)


def _today(session: Session, firm_id: uuid.UUID) -> dt.date:
    return clock.today(accounts.get_firm(session, firm_id).time_zone)
