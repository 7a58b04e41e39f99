"""Where Procrastinate keeps its ticks: a schema of its own beside our tables, made, brought up to date and removed.

Nothing in it is worth keeping, so another release's schema is thrown away and made anew.
"""

import functools
from dataclasses import dataclass
from importlib import metadata

import sqlalchemy as sa

from recruiter.config import Settings
from recruiter.db.migrate import owner_engine
from recruiter.errors import Conflict

NAME = "recruiter_engine"
PATH = f"{NAME},pg_temp"  # nothing of Procrastinate's may ever resolve to a table of another schema
LOCK = 7_263_549


@dataclass(frozen=True, slots=True)
class Condition:
    """All processes together: those that gave a sign lately; ticks that wait, run, or hang on a silent worker."""

    workers: int
    waiting: int
    running: int
    stalled: int


class NotInstalled(Exception):
    """The schema is missing, or another release's: ``recruiter db upgrade`` makes it."""


def stalled_after(settings: Settings) -> float:
    """Return after how many seconds without a sign a worker's ticks are given to others: a quarter of a lease."""
    return settings.lease_seconds / 4


def install(settings: Settings) -> None:
    """Make the schema with the owner's role unless it is there as this release needs it, and let the application in.

    Does nothing where the settings name an engine that needs none.
    """
    if not settings.shares_work:
        return
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - costs each start a quarter of a second

    engine = owner_engine(settings)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if _mark(connection) != _wanted():
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {NAME} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {NAME}")
            connection.exec_driver_sql(f"SET LOCAL search_path = {PATH}")
            literally = {"no_parameters": True}  # its percent signs are its own
            connection.exec_driver_sql(SchemaManager.get_schema(), execution_options=literally)
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {NAME} IS '{_wanted()}'")
        _grant(connection, sa.make_url(settings.database_url).username)
    engine.dispose()


def remove(settings: Settings) -> None:
    """Drop the schema with the owner's role; nothing is lost but ticks. Raises ``Conflict`` on SQLite."""
    engine = owner_engine(settings)
    if engine.dialect.name != "postgresql":
        raise Conflict("On SQLite no engine keeps anything in the database.")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {NAME} CASCADE")
    engine.dispose()


def look(connection: sa.Connection, settings: Settings) -> Condition:
    """Return the engine's condition. Raises ``NotInstalled``; database errors pass through."""
    if _mark(connection) != _wanted():
        raise NotInstalled
    # Each process is there twice, once for each of its queues.
    fresh = "last_heartbeat > now() - make_interval(secs => :seconds)"
    counts = sa.text(
        f"""
        SELECT (SELECT (count(*) + 1) / 2 FROM {NAME}.procrastinate_workers WHERE {fresh}),
            count(*) FILTER (WHERE status = 'todo'),
            count(*) FILTER (WHERE status = 'doing'),
            count(*) FILTER (WHERE status = 'doing' AND NOT EXISTS (
                SELECT FROM {NAME}.procrastinate_workers worker WHERE worker.id = worker_id AND {fresh}))
        FROM {NAME}.procrastinate_jobs
        """  # noqa: S608 - constants of ours
    )
    workers, waiting, running, stalled = connection.execute(counts, {"seconds": stalled_after(settings)}).one()
    return Condition(workers, waiting, running, stalled)


@functools.cache
def _wanted() -> str:
    return f"Procrastinate {metadata.version('procrastinate')}"


def _mark(connection: sa.Connection) -> str | None:
    found: str | None = connection.scalar(
        sa.text("SELECT obj_description(to_regnamespace(:name), 'pg_namespace')"), {"name": NAME}
    )
    return found


def _grant(connection: sa.Connection, role: str | None) -> None:
    """Let the application's role add, take and end ticks, and change no table."""
    if role is None:
        return
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA {NAME} TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {NAME} TO {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {NAME} TO {quoted}",
    ):
        connection.execute(sa.text(statement))
