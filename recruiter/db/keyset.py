"""Pages of a long list by the last row seen, so that rows that arrive meanwhile shift nothing."""

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from recruiter.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list and the cursor that continues after them, or None at the end."""

    items: Sequence[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: at most ``limit`` rows, after ``cursor``."""

    limit: int = 50
    cursor: str | None = None


def page(
    session: Session,
    query: sa.Select[T],
    columns: Sequence[InstrumentedAttribute[Any]],
    window: Window,
    *,
    newest_first: bool = False,
) -> Page[T]:
    """Run ``query`` in the order of ``columns`` and return one page.

    ``columns`` belong to the selected entity, are never null, and end with its key. Raises ``Invalid`` for a cursor
    that this list did not give out.
    """
    keys: list[Any] = [column.desc() if newest_first else column for column in columns]
    query = query.order_by(None).order_by(*keys)
    if window.cursor:
        last = _values(window.cursor, columns)
        position = sa.tuple_(*columns)
        query = query.where(position < last if newest_first else position > last)
    # Written into the statement: PostgreSQL plans a page of unknown length anew each time.
    most = sa.literal(window.limit + 1, sa.Integer(), literal_execute=True)
    rows = session.scalars(query.limit(most)).unique().all()
    more = len(rows) > window.limit
    items = rows[: window.limit]
    return Page(items, _cursor(items[-1], columns) if more else None)


def encode(values: Sequence[object]) -> str:
    """Return a cursor that holds the place of a row in its list's order."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def decode(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """Return the values, of these types, that ``encode`` was given; raise ``Invalid`` for any other cursor."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_PARSE[kind](value) for kind, value in zip(kinds, raw, strict=True)]
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Invalid(
            {"cursor": ["This cursor was not given out by this list. Leave it out to start again."]}
        ) from error


def _cursor(row: Any, columns: Sequence[InstrumentedAttribute[Any]]) -> str:
    return encode([getattr(row, column.key) for column in columns])


def _values(cursor: str, columns: Sequence[InstrumentedAttribute[Any]]) -> sa.Tuple:
    values = decode(cursor, [column.type.python_type for column in columns])
    return sa.tuple_(*(sa.literal(value, column.type) for column, value in zip(columns, values, strict=True)))


def _moment(value: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment


def _number(value: str) -> int:
    number = int(value)
    number.to_bytes(8, signed=True)  # no database keeps a larger one
    return number


_PARSE: dict[type, Any] = {
    uuid.UUID: uuid.UUID,
    dt.datetime: _moment,
    dt.date: dt.date.fromisoformat,
    str: str,
    int: _number,
}
