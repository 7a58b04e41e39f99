"""Mail from a person that names no message of ours: whose it may be, logged with them, or put away."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.contacts import inbound
from recruiter.contacts.models import Contact
from recruiter.db.session import transaction
from recruiter.errors import Conflict
from recruiter.inbox import queries as inbox
from recruiter.inbox import reading, service
from recruiter.inbox.hearers import Reply


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
    kept_until: dt.datetime
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


def unplaced(session: Session, firm_id: uuid.UUID) -> list[Stray]:
    """Return the newest hundred stray mails that nobody dealt with."""
    found = [(row, reading.read(row.raw or b"")) for row in inbox.unplaced(session, firm_id)]
    owners = candidates.pointers(session, firm_id, [], [row.address for row, _ in found if row.address])
    names = candidates.names(session, firm_id, owners.values())
    return [
        Stray(
            id=row.id,
            taken_at=row.created_at,
            kept_until=service.kept_until(row.created_at),
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
        contact = inbound.keep(session, reply, command.actor, [])
        row.candidate_id, row.placed_at = owner, clock.now()
    return contact


def put_away(command: DealWith) -> None:
    """Stop showing a stray mail, and drop what it says. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        row = inbox.get_unplaced(session, command.firm_id, command.mail_id)
        row.placed_at, row.raw, row.address, row.recipients, row.sent_by = clock.now(), None, None, [], None
        audit.record(session, command.firm_id, command.actor, Change(action="mail.put_away", subject_id=row.id))
