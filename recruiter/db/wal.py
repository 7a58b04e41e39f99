"""SQLite's write-ahead log, kept short: while there is always somebody who reads, it would grow for ever."""

import sqlite3
from contextlib import closing
from pathlib import Path

import structlog

from recruiter.db.engine import db

LONGEST = 16 * 1024 * 1024  # bytes; where nobody reads for a moment, SQLite begins it anew at 4 MB by itself
WAIT = 1.0  # seconds for those who read; whoever writes waits as long

log = structlog.get_logger()


def shorten() -> bool:
    """Empty the log once it is long; nothing follows. Should somebody read for longer than we wait, it stays."""
    if db.engine.dialect.name == "sqlite":
        database = Path(db.engine.url.database or "")
        written = database.with_name(f"{database.name}-wal")
        if written.exists() and written.stat().st_size > LONGEST:
            _empty(database, written)
    return False


def _empty(database: Path, written: Path) -> None:
    with closing(sqlite3.connect(database, timeout=WAIT, isolation_level=None)) as connection:
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        log.warning("log_stays_long", bytes=written.stat().st_size)
