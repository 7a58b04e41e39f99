"""What must be found before the firm is known: named doors that answer with a firm and nothing else.

On PostgreSQL each door is a SECURITY DEFINER function of the owner's, since row-level security shows the
application's role no row until a firm is set.
"""

import datetime as dt
import enum
import functools
import hashlib
import uuid

import sqlalchemy as sa

from recruiter.db.base import UTC
from recruiter.db.session import reading


class Door(enum.Enum):
    """One way from a value that a stranger holds to the firm it belongs to: table, column, column of the firm."""

    FIRM_SLUG = ("firms", "slug", "id")
    MEMBER_EMAIL = ("members", "email", "firm_id")
    MEMBER_SESSION = ("members", "fs_uniquifier", "firm_id")
    MEMBER_INVITATION = ("member_invitations", "token_hash", "firm_id")
    API_KEY = ("api_keys", "prefix", "firm_id")
    FEEDBACK_PAGE = ("feedback_pages", "token_hash", "firm_id")
    REPLACED_LINK = ("replaced_links", "token_hash", "firm_id")
    POOL_LEAVE = ("memberships", "leave_token_hash", "firm_id")
    MESSAGE = ("messages", "id", "firm_id")  # the id as 32 hexadecimal digits
    MESSAGE_ID = ("messages", "message_id", "firm_id")


_IS_LISTENED_TO = (
    "endpoint_id IN (SELECT id FROM webhook_endpoints WHERE disabled_at IS NULL "
    "AND (quiet_until IS NULL OR quiet_until <= :now))"
)


class Due(enum.Enum):
    """Work that waits in many firms: table and the condition under which it is due at ``:now``."""

    MESSAGES = ("messages", "state = 'queued' AND due_at <= :now")
    LEASES = ("messages", "state IN ('leased', 'sending', 'doubtful') AND lease_until <= :now")
    WEBHOOKS = (
        "webhook_deliveries",
        f"state = 'pending' AND due_at <= :now AND {_IS_LISTENED_TO}",
    )
    IMPORTS = ("import_runs", "state IN ('waiting', 'running') AND created_at <= :now")
    OLD_EVENTS = ("webhook_events", "occurred_at <= :now")
    OLD_RECEIPTS = ("receipts", "created_at <= :now")
    INBOUND = ("inbound_mails", "state = 'waiting' AND due_at <= :now")
    LINKS = ("resources", "check_at <= :now")
    ALL = ("firms", "created_at <= :now")


# Random values that are never given out twice: what was found once needs no second look.
_FOR_EVER = frozenset({Door.API_KEY, Door.MEMBER_SESSION})


def hash_of(secret: str) -> str:
    """Return what a row keeps of a token or key, and doors look for: its SHA-256 in hexadecimal.

    That is enough for 256 random bits, which cannot be guessed (ASVS 5.0, 6.5.2).
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def firm_of(door: Door, value: str) -> uuid.UUID | None:
    """Return the firm that this value belongs to, or None; may open and end a read of its own.

    It says nothing about what is behind the door: a key that was deleted meanwhile may still lead to its firm.
    """
    if door not in _FOR_EVER:
        return _ask(door, value)
    try:
        return _remembered(door, value)
    except LookupError:
        return None


@functools.lru_cache(maxsize=10_000)
def _remembered(door: Door, value: str) -> uuid.UUID:
    """Raise ``LookupError`` for an unknown value, which is not remembered."""
    found = _ask(door, value)
    if found is None:
        raise LookupError
    return found


def _ask(door: Door, value: str) -> uuid.UUID | None:
    table, column, firm = door.value
    with reading(None) as session:
        query: sa.Select[uuid.UUID]
        if session.get_bind().dialect.name == "postgresql":
            query = sa.select(getattr(sa.func, f"firm_by_{door.name.lower()}")(value, type_=sa.Uuid()))
        else:
            query = sa.select(sa.column(firm, sa.Uuid())).select_from(sa.table(table)).where(sa.column(column) == value)
        return session.scalar(query)


def firms_with(due: Due, now: dt.datetime) -> list[uuid.UUID]:
    """Return the firms that have such work due at ``now``, in no promised order; a read of its own."""
    table, condition = due.value
    moment = sa.bindparam("now", now, UTC())
    firm = sa.column("id" if table == "firms" else "firm_id", sa.Uuid())
    with reading(None) as session:
        query: sa.Select[uuid.UUID]
        if session.get_bind().dialect.name == "postgresql":
            query = sa.select(getattr(sa.func, f"firms_with_{due.name.lower()}")(moment, type_=sa.Uuid()))
        else:
            query = sa.select(firm).distinct().select_from(sa.table(table))
            query = query.where(sa.text(condition).bindparams(moment))
        return list(session.scalars(query))
