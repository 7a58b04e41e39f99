"""Reading the talent pool: who is a member on a day, whose yes ends soon, and who was written to."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from recruiter.candidates.models import Candidate
from recruiter.db import keyset
from recruiter.db.base import UTC
from recruiter.db.keyset import Page, Window
from recruiter.db.parameters import Day, FirmId
from recruiter.errors import NotFound
from recruiter.talent_pool.models import Basis, InvitationState, Membership, PoolInvitation
from recruiter.texts.models import TemplateVersion

SOON = dt.timedelta(days=14)
WRITTEN = (InvitationState.HELD, InvitationState.SENT)


def is_current(firm_id: FirmId, today: Day) -> sa.ColumnElement[bool]:
    """Return the condition under which a membership stands on ``today`` (the firm's day); its last day counts."""
    return sa.and_(Membership.firm_id == firm_id, Membership.left_at.is_(None), Membership.ends_on >= today)


def get_membership(session: Session, firm_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    """Return one membership, ended or not, or raise ``NotFound``."""
    query = sa.select(Membership).where(Membership.firm_id == firm_id, Membership.id == membership_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such membership.")
    return found


def get_by_link(session: Session, firm_id: uuid.UUID, token_hash: str) -> Membership:
    """Return the membership, ended or not, whose leave link has this SHA-256, with the person.

    The link is known to be this firm's.
    """
    query = sa.select(Membership).where(Membership.firm_id == firm_id, Membership.leave_token_hash == token_hash)
    return session.scalars(query.options(joinedload(Membership.candidate))).one()


def find_open_for_update(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Membership | None:
    """Return the person's membership that nobody ended, even past its last day, and make others who end it wait."""
    return session.scalar(
        sa.select(Membership)
        .where(Membership.firm_id == firm_id, Membership.candidate_id == candidate_id, Membership.left_at.is_(None))
        .with_for_update()
    )


def find_current(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, today: dt.date) -> Membership | None:
    """Return the person's membership that stands on ``today`` (the firm's day)."""
    query = sa.select(Membership).where(is_current(firm_id, today), Membership.candidate_id == candidate_id)
    return session.scalar(query)


def memberships_of(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Sequence[Membership]:
    """Return every yes the person gave, the newest first, ended ones too."""
    return session.scalars(
        sa.select(Membership)
        .where(Membership.firm_id == firm_id, Membership.candidate_id == candidate_id)
        .order_by(Membership.created_at.desc(), Membership.id.desc())
    ).all()


def count_current(session: Session, firm_id: uuid.UUID, today: dt.date) -> int:
    """Return how many people are in the pool on ``today`` (the firm's day)."""
    return count_members(session, [is_current(firm_id, today)])


def count_members(session: Session, conditions: Sequence[sa.ColumnElement[bool]]) -> int:
    """Return how many memberships meet the conditions."""
    return session.scalars(sa.select(sa.func.count()).select_from(Membership).where(*conditions)).one()


def members(
    session: Session,
    firm_id: uuid.UUID,
    conditions: Sequence[sa.ColumnElement[bool]],
    window: Window,
) -> Page[Membership]:
    """Return the memberships that meet the conditions, the newest first, with ``candidate``."""
    query = sa.select(Membership).options(with_person()).where(Membership.firm_id == firm_id)
    return keyset.page(
        session, query.where(*conditions), (Membership.created_at, Membership.id), window, newest_first=True
    )


def is_ending(firm_id: FirmId, today: Day, soon: Day) -> sa.ColumnElement[bool]:
    """Return the condition of memberships of ``today`` whose consent ends by ``soon`` (days of the firm)."""
    return sa.and_(is_current(firm_id, today), Membership.basis == Basis.CONSENT, Membership.ends_on <= soon)


def with_person() -> ORMOption:
    """Return the option that reads memberships with ``candidate``, without addresses and skills."""
    return joinedload(Membership.candidate).options(lazyload(Candidate.emails), lazyload(Candidate.skills))


def ended_by_for_update(session: Session, firm_id: uuid.UUID, today: dt.date) -> Sequence[Membership]:
    """Return the memberships whose last day is before ``today`` and that nobody ended, and make who ends them wait."""
    return session.scalars(
        sa.select(Membership)
        .where(Membership.firm_id == firm_id, Membership.left_at.is_(None), Membership.ends_on < today)
        .order_by(Membership.id)
        .with_for_update()
    ).all()


def get_invitation(session: Session, firm_id: uuid.UUID, invitation_id: uuid.UUID) -> PoolInvitation:
    """Return one invitation, or raise ``NotFound``."""
    found = session.scalar(
        sa.select(PoolInvitation).where(PoolInvitation.firm_id == firm_id, PoolInvitation.id == invitation_id)
    )
    if found is None:
        raise NotFound("There is no such invitation.")
    return found


def invitations_by_id(
    session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, PoolInvitation]:
    """Return these invitations by id."""
    query = sa.select(PoolInvitation).where(PoolInvitation.firm_id == firm_id, PoolInvitation.id.in_(ids))
    return {invitation.id: invitation for invitation in session.scalars(query)}


def in_pool(
    session: Session, firm_id: uuid.UUID, candidate_ids: Collection[uuid.UUID], today: dt.date
) -> set[uuid.UUID]:
    """Return which of these people are in the pool on ``today`` (the firm's day)."""
    query = sa.select(Membership.candidate_id).where(is_current(firm_id, today))
    return set(session.scalars(query.where(Membership.candidate_id.in_(candidate_ids))))


def invitations(
    session: Session, firm_id: uuid.UUID, window: Window, *, candidate_id: uuid.UUID | None = None
) -> Page[PoolInvitation]:
    """Return invitations, the newest first, to one person when one is given."""
    query = sa.select(PoolInvitation).where(PoolInvitation.firm_id == firm_id)
    if candidate_id is not None:
        query = query.where(PoolInvitation.candidate_id == candidate_id)
    columns = (PoolInvitation.created_at, PoolInvitation.id)
    return keyset.page(session, query, columns, window, newest_first=True)


def find_written_since(
    session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, since: dt.datetime
) -> PoolInvitation | None:
    """Return the newest invitation to a person that waits or left and is not older than ``since``."""
    return session.scalar(
        sa.select(PoolInvitation)
        .where(written_since(firm_id, since), PoolInvitation.candidate_id == candidate_id)
        .order_by(PoolInvitation.created_at.desc())
        .limit(1)
    )


def written_since(firm_id: uuid.UUID, since: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition for invitations to a role that wait or left and are not older than ``since``."""
    return sa.and_(
        PoolInvitation.firm_id == firm_id,
        PoolInvitation.job_id.is_not(None),
        PoolInvitation.state.in_(WRITTEN),
        sa.func.coalesce(PoolInvitation.sent_at, PoolInvitation.created_at) >= since,
    )


def find_question(session: Session, firm_id: uuid.UUID, membership_id: uuid.UUID) -> PoolInvitation | None:
    """Return the mail that asks about this very yes whether the person stays, if one waits or left."""
    return session.scalar(
        sa.select(PoolInvitation).where(
            PoolInvitation.firm_id == firm_id, PoolInvitation.membership_id == membership_id, _is_question()
        )
    )


def asked_at() -> sa.ScalarSelect[dt.datetime]:
    """Return when the person of a membership was asked whether they stay, or null; for statements about them."""
    asked = sa.select(sa.type_coerce(sa.func.max(PoolInvitation.created_at), UTC()))
    mine = sa.and_(PoolInvitation.firm_id == Membership.firm_id, PoolInvitation.membership_id == Membership.id)
    return asked.where(mine, _is_question()).correlate(Membership).scalar_subquery()


def _is_question() -> sa.ColumnElement[bool]:
    return sa.and_(PoolInvitation.job_id.is_(None), PoolInvitation.state.in_(WRITTEN))


def count_by_template(session: Session, firm_id: uuid.UUID, since: dt.datetime) -> dict[uuid.UUID, int]:
    """Return how many invitations left since a moment (aware) with each template, by the template's id."""
    query = (
        sa.select(TemplateVersion.template_id, sa.func.count())
        .join(
            PoolInvitation,
            sa.and_(
                PoolInvitation.firm_id == TemplateVersion.firm_id,
                PoolInvitation.template_version_id == TemplateVersion.id,
            ),
        )
        .where(PoolInvitation.firm_id == firm_id, PoolInvitation.sent_at >= since)
        .group_by(TemplateVersion.template_id)
    )
    return dict(session.execute(query).all())
