"""``Idempotency-Key``: the same request sent again answers with what the first one made."""

import contextlib
import datetime as dt
import functools
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import g, request

from recruiter import clock
from recruiter.db import receipts
from recruiter.db.conflicts import named
from recruiter.db.receipts import Receipt
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Invalid, RuleBroken

LEASE = dt.timedelta(seconds=60)

Show = Callable[[uuid.UUID], Any]


class KeyReused(RuleBroken):
    """The key came before with another body."""

    code = "idempotency_key_reused"


class StillRunning(Conflict):
    """The first request with this key has not finished."""

    code = "still_running"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running. Try again in a moment.")


def idempotent(show: Show) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a POST be repeated with the same key; ``show`` returns the resource of an id as the first answer did.

    The service behind the operation calls ``receipts.finish`` in its own transaction, so the key and the effect
    stand or fall together.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            key = request.headers.get("Idempotency-Key")
            if key is None:
                return view(*args, **kwargs)
            return _once(key, show, lambda: view(*args, **kwargs))

        answer._apidoc = {"manual_doc": {"parameters": ["IDEMPOTENCY_KEY"]}}  # type: ignore[attr-defined]  # noqa: SLF001 - how flask-smorest keeps it
        return answer

    return decorate


def _once(key: str, show: Show, act: Callable[[], Any]) -> Any:
    if not 1 <= len(key) <= 200:
        raise Invalid({"Idempotency-Key": ["Use 1 to 200 characters."]})
    firm_id: uuid.UUID = g.caller.firm_id
    key = hashlib.sha256(key.encode()).hexdigest()  # a client may write whom it is about
    digest = _digest()
    try:
        receipt_id = _reserve(firm_id, key, digest)
    except StillRunning:
        return _repeat(firm_id, key, digest, show)
    token = receipts.pending.set(receipt_id)
    try:
        return act()
    finally:
        receipts.pending.reset(token)
        _release(firm_id, receipt_id)


def _reserve(firm_id: uuid.UUID, key: str, digest: str) -> uuid.UUID:
    """Return the reserved receipt; raise ``StillRunning`` when a request with this key came before."""
    now = clock.now()
    with transaction(firm_id) as session:
        session.execute(sa.delete(Receipt).where(Receipt.firm_id == firm_id, Receipt.key == key, _is_spent(now)))
        receipt = Receipt(firm_id=firm_id, key=key, request_hash=digest, lease_until=now + LEASE)
        with named(session, {"uq_receipts_firm_id_key": StillRunning()}):
            session.add(receipt)
    return receipt.id


def _is_spent(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Whether a receipt's time is over, or its request ended without an effect."""
    dead = sa.and_(Receipt.resource_id.is_(None), Receipt.lease_until <= now)
    return sa.or_(Receipt.created_at <= now - receipts.KEPT, dead)


def _repeat(firm_id: uuid.UUID, key: str, digest: str, show: Show) -> Any:
    """Answer what the first request with this key made. Raises ``KeyReused`` and ``StillRunning``."""
    with reading(firm_id) as session:
        first = session.scalar(sa.select(Receipt).where(Receipt.firm_id == firm_id, Receipt.key == key))
    if first is not None and first.request_hash != digest:
        raise KeyReused("This Idempotency-Key was used for another request. Use a new key for a new request.")
    if first is None or first.resource_id is None:
        raise StillRunning
    return show(first.resource_id), first.status


def _release(firm_id: uuid.UUID, receipt_id: uuid.UUID) -> None:
    """Forget a key whose request made nothing, so that a corrected request may use it."""
    with transaction(firm_id) as session:
        session.execute(
            sa.delete(Receipt).where(
                Receipt.firm_id == firm_id, Receipt.id == receipt_id, Receipt.resource_id.is_(None)
            )
        )


def _digest() -> str:
    """Return what a repeat must share: method, address, and the body's content or, where it is no JSON, its bytes."""
    body = request.get_data()
    with contextlib.suppress(ValueError, RecursionError):
        body = json.dumps(json.loads(body), sort_keys=True).encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()
