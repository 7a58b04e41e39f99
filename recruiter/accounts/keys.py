"""API keys: made, shown once, checked, revoked; only a prefix and a hash are kept."""

import datetime as dt
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from recruiter import clock
from recruiter.accounts import queries
from recruiter.accounts.models import ApiKey, Scope
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db.doors import Door, firm_of, hash_of
from recruiter.db.session import reading, transaction
from recruiter.errors import Invalid

LAST_USE_KEPT_FOR = dt.timedelta(hours=1)
_PREFIX_LENGTH = len("rk_") + 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateKey:
    """A key to make: what it is called, what it may do, and until when (UTC; ``None``: until it is revoked)."""

    firm_id: uuid.UUID
    name: str
    scopes: Sequence[Scope]
    expires_at: dt.datetime | None = None
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeKey:
    """A key to end."""

    firm_id: uuid.UUID
    actor: Actor
    key_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedKey:
    """The kept row, and the secret that is never seen again."""

    row: ApiKey
    secret: str


def create_key(command: CreateKey) -> CreatedKey:
    """Make a key and return it with its secret, which cannot be read again.

    Raises ``Invalid`` when no scope is given or the end is not in the future.
    """
    if not command.scopes:
        raise Invalid({"scopes": ["Choose at least one scope."]})
    if command.expires_at is not None and command.expires_at <= clock.now():
        raise Invalid({"expires_at": ["Choose a day in the future."]})
    prefix = f"rk_{secrets.token_hex(6)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    with transaction(command.firm_id) as session:
        row = ApiKey(
            firm_id=command.firm_id,
            name=command.name,
            prefix=prefix,
            secret_hash=hash_of(secret),
            scopes=[scope.value for scope in Scope if scope in command.scopes],
            expires_at=command.expires_at,
            created_by_id=command.actor.member_id,
        )
        session.add(row)
        session.flush()
        change = Change(action="api_key.created", subject_id=row.id, details={"scopes": row.scopes})
        audit.record(session, command.firm_id, command.actor, change)
    return CreatedKey(row=row, secret=secret)


def revoke_key(command: RevokeKey) -> ApiKey:
    """End a key now; a key that has ended already stays as it is. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        key = queries.get_key(session, command.firm_id, command.key_id)
        if key.revoked_at is None:
            key.revoked_at = clock.now()
            change = Change(action="api_key.revoked", subject_id=key.id)
            audit.record(session, command.firm_id, command.actor, change)
    return key


def list_keys(firm_id: uuid.UUID) -> Sequence[ApiKey]:
    """Return all keys of the firm, newest first, revoked ones too."""
    with reading(firm_id) as session:
        return queries.keys(session, firm_id)


def get_key(firm_id: uuid.UUID, key_id: uuid.UUID) -> ApiKey:
    """Return the key, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return queries.get_key(session, firm_id, key_id)


def find_by_secret(secret: str) -> ApiKey | None:
    """Return the key that this secret opens, or None when it is unknown, has ended or was revoked.

    Notes the use at most once an hour, in a transaction of its own after the read has ended.
    """
    prefix = secret[:_PREFIX_LENGTH]
    firm_id = firm_of(Door.API_KEY, prefix)
    if firm_id is None:
        return None
    with reading(firm_id) as session:
        key = queries.find_key_by_prefix(session, firm_id, prefix)
    if key is None or not hmac.compare_digest(key.secret_hash, hash_of(secret)) or not is_open(key):
        return None
    _note_use(key)
    return key


def is_open(key: ApiKey) -> bool:
    """Whether the key opens anything at this moment."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > clock.now())


def _note_use(key: ApiKey) -> None:
    now = clock.now()
    if key.last_used_at is not None and key.last_used_at > now - LAST_USE_KEPT_FOR:
        return
    with transaction(key.firm_id) as session:
        session.execute(
            sa.update(ApiKey).where(ApiKey.firm_id == key.firm_id, ApiKey.id == key.id).values(last_used_at=now)
        )
