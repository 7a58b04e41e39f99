"""Firms and their members: made, changed, ended."""

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from recruiter.accounts import addresses, queries
from recruiter.accounts.models import Firm, Member, Role
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.db.base import new_id
from recruiter.db.conflicts import named
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, RuleBroken

# What a feature above gives a new firm to begin with, in the transaction that makes the firm.
Seed = Callable[[Session, uuid.UUID], None]


class LastAdmin(RuleBroken):
    """Without this member nobody could administer the firm."""

    code = "last_admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFirm:
    """A firm to make. ``slug`` is its short name in commands, unique in the installation."""

    name: str
    slug: str
    time_zone: str = "UTC"
    country: str | None = None
    is_sample: bool = False
    seeds: Sequence[Seed] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFirm:
    """What an admin decides for the firm; promises are working days by stage."""

    firm_id: uuid.UUID
    actor: Actor
    name: str
    time_zone: str
    country: str | None
    region: str | None = None
    postal_address: str
    phone: str
    hold_minutes: int
    pool_months: int
    holds_doubtful: bool
    promise_days: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    """A member to make at once, without an invitation; ``password_hash`` may be missing until a link sets one."""

    firm_id: uuid.UUID
    actor: Actor
    email: str
    name: str
    role: Role
    title: str = ""
    phone: str = ""
    password_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProfile:
    """What a member says about themself; candidates read name, title and telephone number."""

    firm_id: uuid.UUID
    member_id: uuid.UUID
    name: str
    title: str
    phone: str
    single_key_shortcuts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """A member's role from now on."""

    firm_id: uuid.UUID
    actor: Actor
    member_id: uuid.UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateMember:
    """A member to let in no more."""

    firm_id: uuid.UUID
    actor: Actor
    member_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateMember:
    """A member to let in again."""

    firm_id: uuid.UUID
    actor: Actor
    member_id: uuid.UUID


def create_firm(command: CreateFirm) -> Firm:
    """Make a firm with what its seeds give it. Raises ``Conflict`` when the slug is taken."""
    firm = Firm(
        id=new_id(),
        name=command.name,
        slug=command.slug,
        time_zone=command.time_zone,
        country=command.country,
        is_sample=command.is_sample,
    )
    taken = Conflict(f"There is a firm with the slug {command.slug} already.")
    with transaction(firm.id) as session, named(session, {"uq_firms_slug": taken}):
        session.add(firm)
        session.flush()
        for seed in command.seeds:
            seed(session, firm.id)
        audit.record(session, firm.id, SYSTEM, Change(action="firm.created", subject_id=firm.id))
    return firm


def get_firm(firm_id: uuid.UUID) -> Firm:
    """Return the firm."""
    with reading(firm_id) as session:
        return queries.get_firm(session, firm_id)


def update_firm(command: UpdateFirm) -> Firm:
    """Keep the firm's settings. A promise that was made keeps its date."""
    with transaction(command.firm_id) as session:
        firm = queries.get_firm(session, command.firm_id)
        changed = _assign(
            firm,
            name=command.name,
            time_zone=command.time_zone,
            country=command.country,
            region=command.region,
            postal_address=command.postal_address,
            phone=command.phone,
            hold_minutes=command.hold_minutes,
            pool_months=command.pool_months,
            holds_doubtful=command.holds_doubtful,
            promise_days=dict(command.promise_days),
        )
        if changed:
            change = Change(action="firm.changed", subject_id=firm.id, details={"fields": changed})
            audit.record(session, firm.id, command.actor, change)
    return firm


def add_member(command: AddMember) -> Member:
    """Make a member.

    Raises ``Conflict`` when somebody in the installation signs in with this address, ``Unanswered`` for one
    that nobody reads.
    """
    with transaction(command.firm_id) as session:
        return insert_member(session, command)


def insert_member(session: Session, command: AddMember) -> Member:
    """Make a member in the caller's transaction; as ``add_member``."""
    member = Member(
        id=new_id(),
        firm_id=command.firm_id,
        email=addresses.of_member(command.email),
        name=command.name,
        role=command.role,
        title=command.title,
        phone=command.phone,
        password=command.password_hash,
        fs_uniquifier=new_session_mark(),
    )
    taken = Conflict("This address signs in to a firm already. Use another one.")
    with named(session, {"uq_members_email": taken}):
        session.add(member)
    change = Change(action="member.added", subject_id=member.id, details={"role": member.role.value})
    audit.record(session, command.firm_id, command.actor, change)
    return member


def let_in(session: Session, member: Member, command: AddMember) -> Member:
    """Give a member who was made without a password what they say at their first sign-in."""
    changed = _assign(
        member, name=command.name, title=command.title, phone=command.phone, password=command.password_hash
    )
    fields = [field for field in changed if field != "password"]
    change = Change(action="member.let_in", subject_id=member.id, details={"fields": fields})
    audit.record(session, command.firm_id, command.actor, change)
    return member


def list_members(firm_id: uuid.UUID) -> Sequence[Member]:
    """Return all members, active ones first, by name."""
    with reading(firm_id) as session:
        return queries.members(session, firm_id)


def get_member(firm_id: uuid.UUID, member_id: uuid.UUID) -> Member:
    """Return the member with the firm loaded, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return queries.get_member(session, firm_id, member_id)


def update_profile(command: UpdateProfile) -> Member:
    """Keep what a member says about themself. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        member = queries.get_member(session, command.firm_id, command.member_id)
        changed = _assign(
            member,
            name=command.name,
            title=command.title,
            phone=command.phone,
            single_key_shortcuts=command.single_key_shortcuts,
        )
        if changed:
            change = Change(action="member.changed", subject_id=member.id, details={"fields": changed})
            audit.record(session, command.firm_id, themself(member), change)
    return member


def change_role(command: ChangeRole) -> Member:
    """Give a member another role, from their next click on. Raises ``NotFound`` and ``LastAdmin``."""
    with transaction(command.firm_id) as session:
        queries.lock_firm(session, command.firm_id)
        member = queries.get_member(session, command.firm_id, command.member_id)
        if command.role is not member.role:
            if command.role is not Role.ADMIN:
                _keep_an_admin(session, member)
            details: dict[str, object] = {"from": member.role.value, "to": command.role.value}
            member.role = command.role
            change = Change(action="member.role_changed", subject_id=member.id, details=details)
            audit.record(session, command.firm_id, command.actor, change)
    return member


def deactivate_member(command: DeactivateMember) -> Member:
    """Let a member in no more and end every session; what they wrote stays. Raises ``NotFound`` and ``LastAdmin``."""
    with transaction(command.firm_id) as session:
        queries.lock_firm(session, command.firm_id)
        member = queries.get_member(session, command.firm_id, command.member_id)
        if member.active:
            _keep_an_admin(session, member)
            member.active = False
            member.fs_uniquifier = new_session_mark()
            change = Change(action="member.deactivated", subject_id=member.id)
            audit.record(session, command.firm_id, command.actor, change)
    return member


def reactivate_member(command: ReactivateMember) -> Member:
    """Let a member in again, with the password and role they had. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        member = queries.get_member(session, command.firm_id, command.member_id)
        if not member.active:
            member.active = True
            change = Change(action="member.reactivated", subject_id=member.id)
            audit.record(session, command.firm_id, command.actor, change)
    return member


def new_session_mark() -> str:
    """Return a mark that a member's sessions carry; giving a member another one ends them all."""
    return secrets.token_hex(16)


def themself(member: Member) -> Actor:
    """Return the member as the one who acts."""
    return Actor(ActorKind.MEMBER, member.id)


def _keep_an_admin(session: Session, leaving: Member) -> None:
    """Refuse to take the last admin away; the firm is locked, so two cannot both be the last but one."""
    if leaving.active and leaving.role is Role.ADMIN and queries.active_admins(session, leaving.firm_id) == 1:
        raise LastAdmin("This is the firm's only admin. Make another member an admin first.")


def _assign(row: Firm | Member, **values: object) -> list[str]:
    """Set the values and return the names of those that are new."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
