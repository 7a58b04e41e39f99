"""Keeps what people write to us by mail: in the log, so that it stands in their timeline and on Today."""

from sqlalchemy.orm import Session

from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.candidates import service as people
from recruiter.contacts.models import Contact, ContactKind, Direction, Outcome
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
