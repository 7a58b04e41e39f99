"""What people ask about their data: noted, and where they are erased, every trace goes but a dated stub."""

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import ASKED, ASKED_LASTS
from recruiter.audit import queries as entries
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries as candidate_queries
from recruiter.candidates import service as candidates
from recruiter.candidates.models import Asked, Candidate
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Invalid
from recruiter.inbox import service as inbox
from recruiter.outbox import service as outbox
from recruiter.outbox import suppressions
from recruiter.outbox.models import Message
from recruiter.outbox.suppressions import Suppress
from recruiter.privacy import erasure, queries
from recruiter.privacy.erasure import Erasing
from recruiter.talent_pool import service as talent_pool


class Reason(enum.StrEnum):
    """Why a person is erased; chosen, not written, so that the stub tells nothing else."""

    ASKED = "They asked us to"
    KEPT_LONG_ENOUGH = "Kept as long as it was needed"
    MISTAKE = "Entered by mistake"


class MailLeaving(Conflict):
    """A mail to the person is being handed over at this moment."""

    code = "mail_leaving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """A person who is to be erased."""

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHold:
    """Why nothing about a person may be erased, in the words of whoever says so; None: it may again."""

    firm_id: uuid.UUID
    actor: Actor
    candidate_id: uuid.UUID
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRequest:
    """A person who writes about their data, by the address they write from, and what they ask for."""

    firm_id: uuid.UUID
    actor: Actor
    address: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was noted: when (UTC), for what, and by whom (empty: no member)."""

    candidate: Candidate
    asked: Asked
    noted_at: dt.datetime
    noted_by: str

    @property
    def ends_at(self) -> dt.datetime:
        """When the privacy role stops reading about them (UTC)."""
        return self.noted_at + ASKED_LASTS


def note_request(command: NoteRequest) -> Candidate:
    """Write down that a person asked about their data; from now on the privacy role may read about them for 30 days.

    Raises ``Invalid`` when nobody has this address, which is an answer to the person too.
    """
    with transaction(command.firm_id) as session:
        known = candidate_queries.known(session, command.firm_id, None, [command.address])
        if not known:
            raise Invalid({"address": ["Nobody here has this address. That may be your answer to them."]})
        change = Change(
            action=ASKED, subject_id=known[0].id, candidate_id=known[0].id, details={"asked": command.asked.value}
        )
        audit.record(session, command.firm_id, command.actor, change)
    return known[0]


def open_requests(firm_id: uuid.UUID) -> list[Request]:
    """Return the requests of the last 30 days, newest first; those of people who were erased since are done."""
    with reading(firm_id) as session:
        noted = entries.since(session, firm_id, ASKED, clock.now() - ASKED_LASTS)
        names: dict[uuid.UUID | None, str] = {member.id: member.name for member in accounts.members(session, firm_id)}
        people = candidate_queries.present(session, firm_id, {entry.subject_id for entry in noted})
    return [
        Request(person, Asked(entry.details["asked"]), entry.created_at, names.get(entry.actor_id, ""))
        for entry in noted
        if (person := people.get(entry.subject_id)) is not None
    ]


def erase(command: Erase) -> Candidate:
    """Erase the person for good; return the stub.

    Queued mail is taken back, links are revoked, the membership ends, and what the person said and what was said
    about them goes. Who asked for it is not written to again, should they come back in a file. Raises ``NotFound``,
    ``Erased``, ``LegalHold``, ``MailLeaving``, or ``FileGoingIn``.
    """
    with transaction(command.firm_id) as session:
        return erase_in(session, command)


def erase_in(session: Session, command: Erase) -> Candidate:
    """Do what ``erase`` does, inside the caller's transaction."""
    candidate = candidate_queries.get_to_erase(session, command.firm_id, command.candidate_id)
    addresses, former = candidate.addresses, _written_to(session, command)
    # First, since whoever leaves the pool takes their membership before its mail.
    talent_pool.leave(session, command.firm_id, candidate.id, command.actor, "erased")
    _stop_mail(session, command)
    session.flush()
    erasure.apply(session, Erasing(command.firm_id, candidate.id))
    for address in addresses:
        if command.reason is Reason.ASKED:
            stop = Suppress(address=address, reason=command.reason, created_by_id=command.actor.member_id)
            suppressions.suppress(session, command.firm_id, stop)
    inbox.forget(session, command.firm_id, candidate.id, {*addresses, *former})
    for address in {*addresses, *former}:
        suppressions.forget(session, command.firm_id, address)
    stub = candidates.forget(session, command.firm_id, candidate.id, command.reason)
    change = Change(action="candidate.erased", subject_id=stub.id, candidate_id=stub.id)
    audit.record(session, command.firm_id, command.actor, change)
    return stub


def set_hold(command: SetHold) -> Candidate:
    """Keep everything about a person until the hold is lifted, or lift it. Raises ``NotFound`` or ``Erased``.

    The words are not in the log, which is never altered. Once it is lifted, the policies begin with the notice anew.
    """
    with transaction(command.firm_id) as session:
        candidate = candidate_queries.get_for_update(session, command.firm_id, command.candidate_id)
        candidate.legal_hold = command.reason
        for row in queries.planned_of(session, command.firm_id, [candidate.id]):
            session.delete(row)
        action = "candidate.hold_lifted" if command.reason is None else "candidate.hold_placed"
        change = Change(action=action, subject_id=candidate.id, candidate_id=candidate.id)
        audit.record(session, command.firm_id, command.actor, change)
    return candidate


def _written_to(session: Session, command: Erase) -> Sequence[str]:
    """Return the addresses that mail to the person went to, those that they have given up too."""
    query = sa.select(Message.recipient).where(
        Message.firm_id == command.firm_id, Message.candidate_id == command.candidate_id
    )
    return session.scalars(query.distinct()).all()


def _stop_mail(session: Session, command: Erase) -> None:
    leaving = sa.select(Message.id).where(
        Message.firm_id == command.firm_id,
        Message.candidate_id == command.candidate_id,
        Message.state.in_(queries.LEAVING),
    )
    outbox.cancel_for_candidate(session, command.firm_id, command.candidate_id)
    if session.scalar(leaving.limit(1)) is not None:
        raise MailLeaving("A mail to this person is leaving right now. Try again in a minute.")
