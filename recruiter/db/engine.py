"""The engine and session holder, and what each database needs on every connection."""

from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from recruiter.db.base import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": True})

SQLITE_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=normal",
    "foreign_keys=on",
    "busy_timeout=10000",
    "secure_delete=on",  # what is erased is not left in the file
)


def options(url: str) -> dict[str, Any]:
    """Return the engine options that fit the database of this URL."""
    if url.startswith("sqlite"):
        # A connection reads the statistics when it opens, so none stays for ever.
        return {"connect_args": {"timeout": 10, "check_same_thread": False}, "pool_recycle": 600}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def prepare(engine: sa.Engine) -> None:
    """Make SQLite keep foreign keys, wait for a lock, and begin transactions itself.

    The driver's own transactions start too late to isolate a read that a write depends on. A write therefore
    takes the lock at its start (``BEGIN IMMEDIATE``); a read never does.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def refresh_statistics() -> bool:
    """Tell SQLite how the rows are spread, else it takes any index that begins with the firm; nothing follows.

    Takes some 30 ms, whatever the size. PostgreSQL does it by itself.
    """
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection, connection.execution_options(write=True).begin():
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("ANALYZE")
    return False
