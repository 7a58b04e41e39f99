"""Reading firms, members, invitations and API keys; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from recruiter.accounts.models import ApiKey, Firm, Member, MemberInvitation, Role
from recruiter.db.folding import fold_address
from recruiter.db.parameters import FIRM
from recruiter.errors import Invalid, NotFound


def get_firm(session: Session, firm_id: uuid.UUID) -> Firm:
    """Return the firm that this block is for."""
    return session.get_one(Firm, firm_id)


def lock_firm(session: Session, firm_id: uuid.UUID) -> Firm:
    """Return the firm and make every other change that locks it wait until this transaction ends.

    What others write for the firm does not wait, though each of their rows points at this one.
    """
    return session.scalars(sa.select(Firm).where(Firm.id == firm_id).with_for_update(key_share=True)).one()


def get_member(session: Session, firm_id: uuid.UUID, member_id: uuid.UUID) -> Member:
    """Return the member with the firm loaded, or raise ``NotFound``."""
    return _one_member(session, firm_id, Member.id == member_id)


def find_member_by_email(session: Session, firm_id: uuid.UUID, email: str) -> Member | None:
    """Return the member who signs in with this address, written as it is kept, with the firm loaded."""
    return _find_member(session, firm_id, Member.email == email)


def find_member_by_session(session: Session, firm_id: uuid.UUID, uniquifier: str) -> Member | None:
    """Return the member whose sessions carry this mark, with the firm loaded."""
    return session.scalar(_member_by_session(), {"firm_id": firm_id, "uniquifier": uniquifier})


def members(session: Session, firm_id: uuid.UUID) -> Sequence[Member]:
    """Return all members, active ones first, by name."""
    return session.scalars(
        sa.select(Member).where(Member.firm_id == firm_id).order_by(Member.active.desc(), Member.name, Member.id)
    ).all()


def get_writer(session: Session, firm_id: uuid.UUID, email: str) -> Member:
    """Return the active member of this e-mail address; raise ``Invalid`` for the field ``sender``."""
    member = find_member_by_email(session, firm_id, fold_address(email))
    if member is None or not member.active:
        raise Invalid({"sender": ["No active member of the firm has this e-mail address."]})
    return member


def find_first_admin(session: Session, firm_id: uuid.UUID) -> Member | None:
    """Return the active admin who came first, with the firm loaded; they write where nobody else is named."""
    admins = (
        sa.select(Member)
        .options(joinedload(Member.firm))
        .where(Member.firm_id == firm_id, Member.active.is_(True), Member.role == Role.ADMIN)
    )
    return session.scalar(admins.order_by(Member.created_at, Member.id).limit(1))


def active_admins(session: Session, firm_id: uuid.UUID) -> int:
    """Return how many members can still administer the firm."""
    query = sa.select(sa.func.count()).where(
        Member.firm_id == firm_id, Member.role == Role.ADMIN, Member.active.is_(True)
    )
    return session.scalars(query).one()


def open_invitations(session: Session, firm_id: uuid.UUID, now: dt.datetime) -> Sequence[MemberInvitation]:
    """Return the invitations that can still be accepted at ``now``, newest first."""
    return session.scalars(
        sa.select(MemberInvitation)
        .where(
            MemberInvitation.firm_id == firm_id,
            MemberInvitation.accepted_at.is_(None),
            MemberInvitation.revoked_at.is_(None),
            MemberInvitation.expires_at > now,
        )
        .order_by(MemberInvitation.created_at.desc(), MemberInvitation.id.desc())
    ).all()


def get_invitation(session: Session, firm_id: uuid.UUID, invitation_id: uuid.UUID) -> MemberInvitation:
    """Return the invitation, or raise ``NotFound``."""
    invitation = session.scalar(
        sa.select(MemberInvitation).where(MemberInvitation.firm_id == firm_id, MemberInvitation.id == invitation_id)
    )
    if invitation is None:
        raise NotFound("There is no such invitation.")
    return invitation


def find_invitation_by_hash(session: Session, firm_id: uuid.UUID, token_hash: str) -> MemberInvitation | None:
    """Return the invitation whose link has this SHA-256, whatever became of it."""
    return session.scalar(
        sa.select(MemberInvitation).where(
            MemberInvitation.firm_id == firm_id, MemberInvitation.token_hash == token_hash
        )
    )


def keys(session: Session, firm_id: uuid.UUID) -> Sequence[ApiKey]:
    """Return all API keys, newest first, revoked ones too."""
    return session.scalars(
        sa.select(ApiKey).where(ApiKey.firm_id == firm_id).order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
    ).all()


def get_key(session: Session, firm_id: uuid.UUID, key_id: uuid.UUID) -> ApiKey:
    """Return the API key, or raise ``NotFound``."""
    key = session.scalar(sa.select(ApiKey).where(ApiKey.firm_id == firm_id, ApiKey.id == key_id))
    if key is None:
        raise NotFound("There is no such API key.")
    return key


def find_key_by_prefix(session: Session, firm_id: uuid.UUID, prefix: str) -> ApiKey | None:
    """Return the API key that begins with this prefix, whether it still opens anything or not."""
    return session.scalar(_key_by_prefix(), {"firm_id": firm_id, "prefix": prefix})


@cache
def _member_by_session() -> sa.Select[Member]:
    """Find whose session it is; asked by every page, so it is built once, as is the next for the API."""
    query = sa.select(Member).options(joinedload(Member.firm))
    return query.where(Member.firm_id == FIRM, Member.fs_uniquifier == sa.bindparam("uniquifier"))


@cache
def _key_by_prefix() -> sa.Select[ApiKey]:
    return sa.select(ApiKey).where(ApiKey.firm_id == FIRM, ApiKey.prefix == sa.bindparam("prefix"))


def _one_member(session: Session, firm_id: uuid.UUID, condition: sa.ColumnElement[bool]) -> Member:
    member = _find_member(session, firm_id, condition)
    if member is None:
        raise NotFound("There is no such member.")
    return member


def _find_member(session: Session, firm_id: uuid.UUID, condition: sa.ColumnElement[bool]) -> Member | None:
    return session.scalar(
        sa.select(Member).options(joinedload(Member.firm)).where(Member.firm_id == firm_id, condition)
    )
