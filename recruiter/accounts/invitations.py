"""Invitations: an admin, or the command that makes a firm, lets a person in by a link that works once."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import addresses, links, queries, service, stream
from recruiter.accounts.models import Member, MemberInvitation, Role
from recruiter.accounts.service import AddMember
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.db.base import new_id
from recruiter.db.doors import Door, firm_of, hash_of
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Gone, NotFound

LASTS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Whom to let in, as what. A member's invitation is mailed; a command hands the link over itself."""

    firm_id: uuid.UUID
    email: str
    role: Role
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """What the invited person says about themself; the password as an argon2id hash."""

    token: str
    name: str
    password_hash: str
    title: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    """An invitation to end."""

    firm_id: uuid.UUID
    actor: Actor
    invitation_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The kept row and the address of its page."""

    row: MemberInvitation
    url: str


def invite(command: Invite) -> Invited:
    """Invite a person for seven days; earlier invitations of the same address end.

    Raises ``Conflict`` when the person signs in already, and ``Unanswered`` for an address that nobody reads; a member
    without a password can be invited.
    """
    with transaction(command.firm_id) as session:
        return _insert(session, command)


def find(token: str) -> MemberInvitation:
    """Return the open invitation of a link. Raises ``NotFound`` for an unknown link and ``Gone`` for an ended one."""
    token_hash = hash_of(token)
    firm_id = firm_of(Door.MEMBER_INVITATION, token_hash)
    if firm_id is None:
        raise NotFound("This link does not lead to an invitation.")
    with reading(firm_id) as session:
        return _open(queries.find_invitation_by_hash(session, firm_id, token_hash))


def accept(command: Accept) -> Member:
    """Make the invited person a member, or let one in who has no password yet.

    Raises what ``find`` raises, and ``Conflict`` for an address in use.
    """
    invitation = find(command.token)
    with transaction(invitation.firm_id) as session:
        queries.lock_firm(session, invitation.firm_id)
        invitation = _open(queries.get_invitation(session, invitation.firm_id, invitation.id))
        invited = AddMember(
            firm_id=invitation.firm_id,
            actor=SYSTEM,
            email=invitation.email,
            name=command.name,
            role=invitation.role,
            title=command.title,
            phone=command.phone,
            password_hash=command.password_hash,
        )
        known = queries.find_member_by_email(session, invitation.firm_id, invitation.email)
        if known is not None and known.password is None:
            member = service.let_in(session, known, invited)
        else:
            member = service.insert_member(session, invited)
        invitation.accepted_at = clock.now()
    return member


def revoke(command: Revoke) -> None:
    """End an invitation that is open; its mail does not leave any more. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        invitation = queries.get_invitation(session, command.firm_id, command.invitation_id)
        if links.is_open(invitation):
            _end(session, invitation, command.actor)


def list_open(firm_id: uuid.UUID) -> Sequence[MemberInvitation]:
    """Return the invitations that can still be accepted, newest first."""
    with reading(firm_id) as session:
        return queries.open_invitations(session, firm_id, clock.now())


def _insert(session: Session, command: Invite) -> Invited:
    firm = queries.lock_firm(session, command.firm_id)
    email, now, key = addresses.of_member(command.email), clock.now(), new_id()
    known = queries.find_member_by_email(session, firm.id, email)
    if known is not None and known.password is not None:
        raise Conflict("This person is a member already.")
    for earlier in queries.open_invitations(session, firm.id, now):
        if earlier.email == email:
            _end(session, earlier, command.actor)
    token = links.invitation_token(key)
    row = MemberInvitation(
        id=key,
        firm_id=firm.id,
        email=email,
        role=command.role,
        token_hash=hash_of(token),
        expires_at=now + LASTS,
        invited_by_id=command.actor.member_id,
    )
    session.add(row)
    session.flush()
    if command.actor.member_id is not None:
        inviter = queries.get_member(session, firm.id, command.actor.member_id)
        stream.queue_invitation(session, firm, row, inviter)
    change = Change(action="invitation.made", subject_id=row.id, details={"role": row.role.value})
    audit.record(session, firm.id, command.actor, change)
    return Invited(row=row, url=links.invitation_url(token))


def _open(invitation: MemberInvitation | None) -> MemberInvitation:
    if invitation is None or not links.is_open(invitation):
        raise Gone("This invitation was used or has ended. Ask for a new one.")
    return invitation


def _end(session: Session, invitation: MemberInvitation, actor: Actor) -> None:
    invitation.revoked_at = clock.now()
    change = Change(action="invitation.revoked", subject_id=invitation.id)
    audit.record(session, invitation.firm_id, actor, change)
