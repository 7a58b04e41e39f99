"""Keeps what people write to us by mail: in the log, so that it stands in their timeline and on Today."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.candidates import service as people
from recruiter.contacts.models import Contact, ContactKind, Direction, Outcome
from recruiter.db.session import transaction
from recruiter.errors import Conflict
from recruiter.inbox import queries as inbox
from recruiter.inbox import reading
from recruiter.inbox.hearers import Reply

FROM_ELSEWHERE = "(Sent from an address that is not in their record.)"
NOT_VERIFIED = "(Not verified: our mail server found that it is not from the address it names.)"
NO_WORDS = "(The mail has no text.)"


class ReplyKeeper:
    """Logs an answer as a contact that the person began."""

    def replied(self, session: Session, reply: Reply) -> bool:
        """Log the answer and return True; of a person who was erased nothing is kept."""
        person = candidates.get_candidate(session, reply.firm_id, reply.candidate_id)
        if person.erased_at is not None:
            return False
        is_theirs = reply.address in {address.casefold() for address in person.addresses}
        keep(session, reply, Actor(ActorKind.CANDIDATE, person.id), [] if is_theirs else [FROM_ELSEWHERE])
        return True


def keep(session: Session, reply: Reply, actor: Actor, remarks: list[str]) -> Contact:
    """Log what somebody wrote, with our remarks above it, inside the caller's transaction."""
    if reply.is_unverified:
        remarks = [*remarks, NOT_VERIFIED]
    contact = Contact(
        firm_id=reply.firm_id,
        candidate_id=reply.candidate_id,
        kind=ContactKind.MAIL,
        direction=Direction.INBOUND,
        outcome=Outcome.SENT,
        happened_at=reply.written_at,
        note="\n\n".join([*remarks, reply.text or NO_WORDS]),
    )
    session.add(contact)
    session.flush()
    people.contacted(session, reply.firm_id, [reply.candidate_id], reply.written_at)
    audit.record_of(session, contact, actor, "contact.received")
    return contact


class Nobody(Conflict):
    """No candidate has the address that the mail came from."""

    code = "nobody"


@dataclass(frozen=True, slots=True)
class Stray:
    """A mail from a person that names no message of ours; ``candidate_id`` is whose address it carries, if anybody's.

    An address proves nothing, so it is a suggestion, and a member decides.
    """

    id: uuid.UUID
    taken_at: dt.datetime
    address: str
    is_unverified: bool
    subject: str
    text: str
    candidate_id: uuid.UUID | None
    candidate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWith:
    """A stray mail that a member looked at."""

    firm_id: uuid.UUID
    actor: Actor
    mail_id: uuid.UUID


def strays(session: Session, firm_id: uuid.UUID) -> list[Stray]:
    """Return the newest hundred stray mails that nobody dealt with."""
    found = [(row, reading.read(row.raw or b"")) for row in inbox.unplaced(session, firm_id)]
    owners = candidates.pointers(session, firm_id, [], [row.address for row, _ in found if row.address])
    names = candidates.names(session, firm_id, owners.values())
    return [
        Stray(
            id=row.id,
            taken_at=row.created_at,
            address=row.address or "",
            is_unverified=row.is_unverified,
            subject=mail.subject,
            text=reading.words(mail),
            candidate_id=(owner := owners.get(row.address or "")),
            candidate=names.get(owner, "") if owner else "",
        )
        for row, mail in found
    ]


def place(command: DealWith) -> Contact:
    """Log the mail with the person whose address it carries. Raises ``NotFound`` or ``Nobody``."""
    with transaction(command.firm_id) as session:
        row = inbox.get_unplaced(session, command.firm_id, command.mail_id)
        address = row.address or ""
        owner = candidates.pointers(session, command.firm_id, [], [address]).get(address)
        if owner is None:
            raise Nobody("No candidate has this address. Add it to their record first.")
        mail = reading.read(row.raw or b"")
        reply = Reply(
            firm_id=command.firm_id,
            candidate_id=owner,
            written_at=reading.written_at(mail, row.created_at),
            subject=mail.subject,
            text=reading.words(mail),
            address=address,
            is_unverified=row.is_unverified,
        )
        contact = keep(session, reply, command.actor, [])
        row.candidate_id, row.placed_at = owner, clock.now()
    return contact


def put_away(command: DealWith) -> None:
    """Stop showing a stray mail, and drop what it says. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        row = inbox.get_unplaced(session, command.firm_id, command.mail_id)
        row.placed_at, row.raw, row.address, row.recipients, row.sent_by = clock.now(), None, None, [], None
        audit.record(session, command.firm_id, command.actor, Change(action="mail.put_away", subject_id=row.id))
