"""What the open transaction changed: each row that it wrote so far, with what the row held before."""

import datetime as dt
import hmac
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeGuard

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import RelationshipProperty, Session, SessionTransaction, UOWTransaction

from recruiter import config
from recruiter.db.base import Base, FirmRow, Row

_NOTED = "recruiter.changes"
PURPOSE = "row-digests"


@dataclass(slots=True)
class _Written:
    row: Row
    held: dict[str, object] = field(default_factory=dict)  # what was replaced, as it was when the transaction began
    is_new: bool = False
    is_gone: bool = False


_Noted = dict[uuid.UUID, _Written]


def digests(session: Session, row_id: uuid.UUID) -> tuple[str | None, str | None]:
    """Write out what is pending, and return the row's digest when the transaction began, and now.

    None stands for a row that was not there, or is not any more; two, for one that this transaction did not change.
    """
    session.flush()
    noted: _Noted = session.info.get(_NOTED, {})
    written = noted.get(row_id)
    if written is None:
        return None, None
    before = None if written.is_new else _digest(written.row, noted)
    return before, None if written.is_gone else _digest(written.row, {})


def digest(session: Session, firm_id: uuid.UUID, row_id: uuid.UUID) -> str | None:
    """Return the digest of a firm, or of a row of its, as it is now, whichever table it is in; None: there is none."""
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if issubclass(kind, Row):
            owner = kind.firm_id if issubclass(kind, FirmRow) else kind.id  # the firm itself
            row = session.scalar(sa.select(kind).where(owner == firm_id, kind.id == row_id))
            if row is not None:
                return _digest(row, {})
    return None


def _digest(row: Row, noted: _Noted) -> str:
    """Return HMAC-SHA256, in hex, under a key of the installation: without it no guess at a name can be tried."""
    text = json.dumps([row.__tablename__, _content(row, noted)], sort_keys=True, default=_plain)
    return hmac.digest(config.current().key(PURPOSE), text.encode(), "sha256").hex()


def _content(row: Row, noted: _Noted) -> dict[str, object]:
    """Return every column, and the rows that belong to this one alone; with what was noted, as they were before."""
    written = noted.get(row.id)
    held = written.held if written is not None else {}
    mapper = sa.inspect(type(row))
    names = [column.key for column in mapper.column_attrs]
    content = {name: held[name] if name in held else getattr(row, name) for name in names}
    for part in filter(_is_owned, mapper.relationships):
        parts: Iterable[Row] = held.get(part.key, getattr(row, part.key))  # type: ignore[assignment]
        content[part.key] = [_content(each, noted) for each in sorted(parts, key=lambda each: each.id)]
    return content


def _is_owned(relation: RelationshipProperty[object]) -> bool:
    return relation.cascade.delete_orphan


def _plain(value: object) -> str:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    """Note what was written, while each row still knows what it held before."""
    noted: _Noted = session.info.setdefault(_NOTED, {})
    for row in filter(_has_key, session.new):
        noted[row.id] = _Written(row, is_new=True)
    for row in filter(_has_key, session.dirty):
        held = noted.setdefault(row.id, _Written(row)).held
        for name, value in sa.inspect(row).committed_state.items():
            held.setdefault(name, value)
    for row in filter(_has_key, session.deleted):
        noted.setdefault(row.id, _Written(row)).is_gone = True


def _has_key(row: object) -> TypeGuard[Row]:
    return isinstance(row, Row)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_NOTED, None)
