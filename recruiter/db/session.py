"""The two blocks through which everything reads and writes; nothing else commits."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from recruiter.db.engine import db

_BLOCK = "recruiter.block"
_writing = threading.RLock()


@contextmanager
def transaction(firm_id: uuid.UUID | None, *, is_passing: bool = False) -> Iterator[Session]:
    """Commit the block for one firm, or none of it; with ``None`` what belongs to no firm, as ``reading`` has it.

    What is committed outlives a power cut. With ``is_passing`` it outlives the process, and does not wait for the disk:
    for the steps of a delivery, of which there are several a message.

    Does not nest: pass the session down instead. When the block ends its rows are detached and keep the values
    that were loaded.
    """
    with _turn(), _block(firm_id, write=True, is_passing=is_passing) as session:
        yield session
        session.commit()


@contextmanager
def reading(firm_id: uuid.UUID | None) -> Iterator[Session]:
    """Read for one firm in one consistent view, never taking a write lock; changes are thrown away.

    ``None`` reads what precedes the firm: with row-level security no firm's rows are visible but through the doors of
    ``recruiter.db.doors``.
    """
    with _block(firm_id, write=False) as session:
        yield session
        if db.engine.dialect.name == "postgresql":
            # Commits nothing: at a ROLLBACK the driver forgets what it prepared, and all of it is planned anew.
            session.expunge_all()
            session.commit()


def _turn() -> AbstractContextManager[object]:
    """Let the threads of this process write to SQLite in turn: its own waiting sleeps, and serves the lucky first."""
    return _writing if db.engine.dialect.name == "sqlite" else nullcontext()


@contextmanager
def _block(firm_id: uuid.UUID | None, *, write: bool, is_passing: bool = False) -> Iterator[Session]:
    session = db.session()
    if _BLOCK in session.info:
        raise RuntimeError("a block is already open; pass its session down")
    session.info[_BLOCK] = "transaction" if write else "reading"
    try:
        session.connection(execution_options={"firm_id": firm_id, "write": write, "is_passing": is_passing})
        yield session
    finally:
        session.close()
        session.info.pop(_BLOCK)


@event.listens_for(Session, "after_begin")
def _want_block(session: Session, _transaction: SessionTransaction, _connection: sa.Connection) -> None:
    """Let nothing begin by itself: it would see no firm, and on SQLite lock too late."""
    if _BLOCK not in session.info:
        raise RuntimeError("the database is read inside reading() and written inside transaction()")
