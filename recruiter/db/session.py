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
_FIRM = "recruiter.firm_id"
_writing = threading.RLock()


@contextmanager
def transaction(firm_id: uuid.UUID) -> Iterator[Session]:
    """Commit the block for one firm, or none of it.

    Does not nest: pass the session down instead. When the block ends its rows are detached and keep the values
    that were loaded.
    """
    with _turn(), _block(firm_id, write=True) as session:
        yield session
        session.commit()


@contextmanager
def reading(firm_id: uuid.UUID | None) -> Iterator[Session]:
    """Read for one firm in one consistent view, never taking a write lock; changes are thrown away.

    ``None`` reads what precedes the firm: with row-level security nothing is visible but the doors of
    ``recruiter.db.doors``.
    """
    with _block(firm_id, write=False) as session:
        yield session


def _turn() -> AbstractContextManager[object]:
    """Let the threads of this process write to SQLite in turn: its own waiting sleeps, and serves the lucky first."""
    return _writing if db.engine.dialect.name == "sqlite" else nullcontext()


@contextmanager
def _block(firm_id: uuid.UUID | None, *, write: bool) -> Iterator[Session]:
    session = db.session()
    if _BLOCK in session.info:
        raise RuntimeError("a block is already open; pass its session down")
    session.info[_BLOCK] = "transaction" if write else "reading"
    session.info[_FIRM] = firm_id
    try:
        if write:
            session.connection(execution_options={"write": True})
        yield session
    finally:
        session.close()
        session.info.pop(_BLOCK)
        session.info.pop(_FIRM)


@event.listens_for(Session, "after_begin")
def _enter_firm(session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    """Tell row-level security the firm, in every transaction, so that a pooled connection carries none over."""
    if _BLOCK not in session.info:
        raise RuntimeError("the database is read inside reading() and written inside transaction()")
    if connection.dialect.name == "postgresql":
        firm_id = session.info[_FIRM]
        connection.execute(
            sa.text("SELECT set_config('recruiter.firm_id', :firm_id, true)"),
            {"firm_id": str(firm_id or "")},
        )
