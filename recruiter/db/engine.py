"""The engine and session holder, and what each database needs on every connection."""

import math
import sqlite3
import time
import uuid
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from recruiter import config
from recruiter.config import Settings
from recruiter.db.base import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": True})

PATIENTLY = "busy_timeout = 10000"
SQLITE_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    PATIENTLY,
    "secure_delete=on",  # what is erased is not left in the file
)

OFTEN, OFTEN_SECONDS = 500, 0.0003
SYNCHRONOUS = "recruiter.synchronous"
PREPARED = 200  # statements that a connection to PostgreSQL keeps planned
# Packing long values its older way is a quarter of PostgreSQL's work of queueing a mail; not every server has this one.
PACK_WITH_LZ4 = """SELECT set_config(name, 'lz4', false) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"""
LONGEST_REST = 1.0  # seconds in the pool after which a connection may have been lost unseen


def options(url: str) -> dict[str, Any]:
    """Return the engine options that fit the database of this URL.

    The connection that was used last is used next: it knows the statements and pages of its like.
    """
    if url.startswith("sqlite"):
        # A connection reads the statistics when it opens, so none stays for ever.
        return {
            "connect_args": {"timeout": 10, "check_same_thread": False},
            "pool_recycle": 600,
            "pool_use_lifo": True,
        }
    return {"pool_size": 10, "max_overflow": 10, "pool_use_lifo": True}


def prepare(engine: sa.Engine) -> None:
    """Let ``recruiter.db.session`` begin transactions as each database needs it, in one round trip.

    A transaction is begun with three execution options: ``firm_id``, whose rows it may see, ``write``, and
    ``is_passing``, which lets it commit without waiting for the disk.
    """
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Keep foreign keys, wait for a lock, and lock at the start of a write.

    The driver's own transactions start too late to isolate a read that a write depends on.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        wanted = connection.get_execution_options()
        write, wait = wanted.get("write", False), "normal" if wanted.get("is_passing", False) else "full"
        if write and connection.info.get(SYNCHRONOUS, "full") != wait:
            connection.exec_driver_sql(f"PRAGMA synchronous = {wait}")
            connection.info[SYNCHRONOUS] = wait
        if write:
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: sa.Connection) -> None:
    """Take the lock for writing; ask for it often at first.

    SQLite's own waiting rests longer each time, up to 100 ms, while who delivers holds the lock for less than one.
    """
    ours: Any = connection.connection.dbapi_connection
    ours.execute("PRAGMA busy_timeout = 0")
    try:
        for _ in range(OFTEN):
            with suppress(sqlite3.OperationalError):
                ours.execute("BEGIN IMMEDIATE")
                return
            time.sleep(OFTEN_SECONDS)
    finally:
        ours.execute(f"PRAGMA {PATIENTLY}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_postgresql(engine: sa.Engine) -> None:
    """Tell row-level security the firm as the transaction begins, and notice a server that was started anew.

    The firm is set in every transaction, so that a pooled connection carries none over. A connection is asked
    whether it still works only when it has rested: asking costs as much as a query.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.prepared_max = PREPARED
        # Our queries are short; compiling one takes longer than running it.
        connection.execute(f"SET jit = off; SET idle_in_transaction_session_timeout = {patience_ms(config.current())}")
        connection.execute(PACK_WITH_LZ4)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        wanted = connection.get_execution_options()
        firm_id: uuid.UUID | None = wanted.get("firm_id")
        mode = "" if wanted.get("write", False) else " READ ONLY"
        wait = "; SET LOCAL synchronous_commit = off" if wanted.get("is_passing", False) else ""
        connection.exec_driver_sql(f"BEGIN{mode}; SET LOCAL recruiter.firm_id = '{firm_id or ''}'{wait}")

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) < LONGEST_REST:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error


def patience_ms(settings: Settings) -> int:
    """Return after how many milliseconds PostgreSQL ends a transaction whose process says nothing more: a lease.

    A machine that stands still in the middle of one would keep its rows from every other.
    """
    return math.ceil(settings.lease_seconds * 1000)


def refresh_statistics() -> bool:
    """Tell SQLite how the rows are spread, else it takes any index that begins with the firm; nothing follows.

    Takes some 30 ms, whatever the size. PostgreSQL does it by itself.
    """
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection, connection.execution_options(write=True).begin():
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("ANALYZE")
    return False
