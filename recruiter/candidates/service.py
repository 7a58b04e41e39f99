"""Keeping people: taken in once, found again by ATS id or address, changed, forgotten."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries
from recruiter.candidates.models import Candidate, CandidateEmail, CandidateSkill, SearchDocument
from recruiter.db import conflicts, locks, receipts
from recruiter.db.folding import fold, fold_address, words
from recruiter.db.session import transaction
from recruiter.errors import Conflict, NotFound
from recruiter.outbox import suppressions
from recruiter.outbox.models import Suppression
from recruiter.outbox.suppressions import Suppress

FACTS = ("external_id", "time_zone", "language", "country", "location", "phone")


class TwoPeople(Conflict):
    """The ATS id and the addresses belong to different people; ``candidate_ids`` names them."""

    code = "two_people"


class Taken(Conflict):
    """The ATS id or an address belongs to another person of this firm."""

    code = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a firm knows about a person.

    ``emails`` are in order, the first is written to. ``time_zone`` is an IANA name, ``language`` a BCP 47 tag,
    ``country`` ISO 3166-1 alpha-2.
    """

    name: str
    emails: tuple[str, ...]
    external_id: str | None = None
    time_zone: str | None = None
    language: str | None = None
    country: str | None = None
    location: str | None = None
    phone: str | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCandidate:
    """A person the firm hears of, perhaps not for the first time."""

    firm_id: uuid.UUID
    actor: Actor
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCandidate:
    """What the firm now knows about a person; ``seen`` is the ``updated_at`` that the change is based on."""

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    person: Person
    seen: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressAddress:
    """No mail goes to one of a person's addresses any more, for a reason that members read."""

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSuppression:
    """Mail may go to one of a person's addresses again."""

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    address: str


def person_of(candidate: Candidate) -> Person:
    """Return what the firm knows about a person who was not erased."""
    return Person(
        name=candidate.name or "",
        emails=tuple(candidate.addresses),
        skills=tuple(candidate.skill_names),
        **{fact: getattr(candidate, fact) for fact in FACTS},
    )


def add(command: AddCandidate) -> tuple[Candidate, bool]:
    """Take the person in; return them, and whether they are new.

    Raises ``TwoPeople`` when the ATS id and the addresses point at more than one.
    """
    with transaction(command.firm_id) as session:
        candidate, created = take_in(session, command.firm_id, command.actor, command.person)
        receipts.finish(session, command.firm_id, candidate.id, status=201 if created else 200)
    return candidate, created


def take_in(session: Session, firm_id: uuid.UUID, actor: Actor, person: Person) -> tuple[Candidate, bool]:
    """Find the person again and fill what is empty, or add them; composed, otherwise as ``add``."""
    folded = [fold_address(address) for address in person.emails]
    locks.hold(session, firm_id, *folded, f"ats {person.external_id}")
    found = queries.known(session, firm_id, person.external_id, person.emails)
    if len(found) > 1:
        raise TwoPeople(
            "The ATS id and the addresses belong to different people.",
            candidate_ids=[str(candidate.id) for candidate in found],
        )
    if found:
        return _fill(session, actor, found[0], person), False
    return _create(session, firm_id, actor, person), True


def change(command: ChangeCandidate) -> Candidate:
    """Write what the firm now knows. Raises ``NotFound``, ``Erased``, ``Stale`` or ``Taken``."""
    with transaction(command.firm_id) as session:
        candidate = queries.get_for_update(session, command.firm_id, command.candidate_id)
        conflicts.refuse_stale(candidate, command.seen)
        before = person_of(candidate)
        _write(session, candidate, command.person)
        _keep(session, command.actor, candidate, before)
    return candidate


def suppress(command: SuppressAddress) -> Suppression:
    """Stop all mail to the address. Raises ``NotFound`` for a person or an address of theirs that is not there."""
    with transaction(command.firm_id) as session:
        address = _address(session, command.firm_id, command.candidate_id, command.address)
        stop = Suppress(address=address, reason=command.reason, created_by_id=command.actor.member_id)
        suppression = suppressions.suppress(session, command.firm_id, stop)
        change = Change(action="address.suppressed", subject_id=suppression.id, candidate_id=command.candidate_id)
        audit.record(session, command.firm_id, command.actor, change)
    return suppression


def lift(command: LiftSuppression) -> None:
    """Let mail go to the address again; where none was stopped, nothing changes. Raises as ``suppress``."""
    with transaction(command.firm_id) as session:
        address = _address(session, command.firm_id, command.candidate_id, command.address)
        if suppressions.lift(session, command.firm_id, address):
            change = Change(action="address.lifted", subject_id=command.candidate_id, candidate_id=command.candidate_id)
            audit.record(session, command.firm_id, command.actor, change)


def forget(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, reason: str) -> Candidate:
    """Leave a stub with the date and the reason, inside the transaction that erases the person.

    Raises ``NotFound``, or ``Erased`` when that happened before.
    """
    candidate = queries.get_for_update(session, firm_id, candidate_id)
    for part in (CandidateEmail, CandidateSkill, SearchDocument):
        session.execute(sa.delete(part).where(part.firm_id == firm_id, part.candidate_id == candidate_id))
    queries.forget_words(session)
    session.expire(candidate, ["emails", "skills"])
    for fact in FACTS:
        setattr(candidate, fact, None)
    candidate.name = None
    candidate.name_folded = ""
    candidate.last_contact_at = None
    candidate.erased_at = candidate.updated_at = clock.now()
    candidate.erased_reason = reason
    session.flush()
    return candidate


def contacted(session: Session, firm_id: uuid.UUID, candidate_ids: Collection[uuid.UUID], at: dt.datetime) -> None:
    """Remember when we last reached these people or they us (aware), inside the caller's transaction."""
    session.execute(
        sa.update(Candidate)
        .where(Candidate.firm_id == firm_id, Candidate.id.in_(candidate_ids))
        .where(sa.or_(Candidate.last_contact_at.is_(None), Candidate.last_contact_at < at))
        .values(last_contact_at=at)
    )


def _address(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, address: str) -> str:
    candidate = queries.get_present(session, firm_id, candidate_id)
    for email in candidate.emails:
        if email.address_folded == fold_address(address):
            return email.address
    raise NotFound("This person has no such address.")


def _create(session: Session, firm_id: uuid.UUID, actor: Actor, person: Person) -> Candidate:
    candidate = Candidate(firm_id=firm_id, emails=[], skills=[], updated_at=clock.now())
    _write(session, candidate, person)
    change = Change(action="candidate.added", subject_id=candidate.id, candidate_id=candidate.id)
    audit.record(session, firm_id, actor, change)
    return candidate


def _fill(session: Session, actor: Actor, candidate: Candidate, person: Person) -> Candidate:
    """Add addresses that are new, and every fact that was missing; what is known stays."""
    before = person_of(candidate)
    facts = {fact: getattr(before, fact) or getattr(person, fact) for fact in FACTS}
    filled = Person(
        name=before.name,
        emails=_distinct(*before.emails, *person.emails),
        skills=before.skills or person.skills,
        **facts,
    )
    if filled != before:
        _write(session, candidate, filled)
        _keep(session, actor, candidate, before)
    return candidate


def _keep(session: Session, actor: Actor, candidate: Candidate, before: Person) -> None:
    """Record which facts changed, never what they were; none is no change."""
    after = person_of(candidate)
    fields = sorted(field for field in Person.__slots__ if getattr(after, field) != getattr(before, field))
    if not fields:
        return
    candidate.updated_at = clock.now()
    change = Change(
        action="candidate.changed", subject_id=candidate.id, candidate_id=candidate.id, details={"fields": fields}
    )
    audit.record(session, candidate.firm_id, actor, change)


def _write(session: Session, candidate: Candidate, person: Person) -> None:
    taken = Taken("This ATS id or address belongs to another person.")
    rules = {"uq_candidates_firm_id_external_id": taken, "uq_candidate_emails_firm_id_address_folded": taken}
    with conflicts.named(session, rules):
        candidate.name = person.name
        candidate.name_folded = fold(person.name)
        for fact in FACTS:
            setattr(candidate, fact, getattr(person, fact))
        _write_emails(candidate, person)
        _write_skills(candidate, person)
        session.add(candidate)
    _index(session, candidate)


def _write_emails(candidate: Candidate, person: Person) -> None:
    kept = {email.address_folded: email for email in candidate.emails}
    candidate.emails = []
    for position, address in enumerate(_distinct(*person.emails)):
        folded = fold_address(address)
        email = kept.get(folded) or CandidateEmail(firm_id=candidate.firm_id, address_folded=folded)
        email.address, email.position = address, position
        candidate.emails.append(email)


def _write_skills(candidate: Candidate, person: Person) -> None:
    kept = {skill.name_folded: skill for skill in candidate.skills}
    wanted = {fold(name): name for name in reversed(person.skills)}
    candidate.skills = []
    for folded, name in sorted(wanted.items()):
        skill = kept.get(folded) or CandidateSkill(firm_id=candidate.firm_id, name_folded=folded)
        skill.name = name
        candidate.skills.append(skill)


def _index(session: Session, candidate: Candidate) -> None:
    """Keep the words the person is found by; both databases keep their full-text index over this row."""
    document = session.scalar(
        sa.select(SearchDocument).where(
            SearchDocument.firm_id == candidate.firm_id, SearchDocument.candidate_id == candidate.id
        )
    )
    if document is None:
        document = SearchDocument(firm_id=candidate.firm_id, candidate_id=candidate.id)
        session.add(document)
    texts = [candidate.name or "", candidate.location or "", *candidate.skill_names]
    document.name = candidate.name_folded
    document.words = " ".join(word for text in texts for word in words(text))
    session.flush()


def _distinct(*addresses: str) -> tuple[str, ...]:
    """Return each address once, in order; letters in another case are the same address."""
    found: dict[str, str] = {}
    for address in addresses:
        found.setdefault(fold_address(address), address)
    return tuple(found.values())
