"""What two people at once can run into becomes a refusal by name: a constraint, or a row that somebody else changed."""

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recruiter.db.base import Base
from recruiter.errors import DomainError, Stale


class Changing(Protocol):
    """A row that keeps when it was last changed."""

    @property
    def updated_at(self) -> dt.datetime:
        """When that was (UTC)."""
        ...


@contextmanager
def named(session: Session, errors: Mapping[str, DomainError]) -> Iterator[None]:
    """Flush the block's changes; raise ``errors[constraint]`` when that constraint or unique index refuses them."""
    try:
        yield
        session.flush()
    except IntegrityError as error:
        refusal = errors.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal from error


def refuse_stale(
    row: Changing,
    seen: dt.datetime | None,
    message: str = "Somebody changed this meanwhile. Read it again, then change.",
) -> None:
    """Raise ``Stale`` when a locked row is not as it was ``seen``: its ``updated_at`` then; None goes on from any."""
    if seen is not None and row.updated_at != seen:
        raise Stale(message)


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint or index that was violated, or an empty string when none is named."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    # SQLite names the columns of a unique index, not the index.
    _, _, columns = str(error.orig).partition("UNIQUE constraint failed: ")
    return _unique_by_columns().get(columns, "")


@functools.cache
def _unique_by_columns() -> dict[str, str]:
    found: dict[str, str] = {}
    for table in Base.metadata.tables.values():
        rules: list[sa.UniqueConstraint | sa.Index] = [index for index in table.indexes if index.unique]
        rules += [rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)]
        for rule in rules:
            found[", ".join(f"{table.name}.{column.name}" for column in rule.columns)] = str(rule.name)
    return found
