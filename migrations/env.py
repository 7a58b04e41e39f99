"""Run migrations on a connection of their own: no pragmas of the application, locks that do not wait for long."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from recruiter.db.base import UTC
from recruiter.tables import metadata

LOCK = 7_263_548


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write types so that a migration never imports the application."""
    if kind == "type" and isinstance(item, UTC):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON) and item._variant_mapping:  # noqa: SLF001 - no public reader
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the full-text shadow tables out of comparisons."""
    return not (kind == "table" and name is not None and name.startswith("search_words"))


def run(connection: sa.Connection) -> None:
    """Bring this connection's database to the wanted revision, one transaction a revision."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(sa.text("SET lock_timeout = '5s'"))
        connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        include_name=include_name,
        compare_type=False,
        render_as_batch=not postgresql,
        transaction_per_migration=True,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if postgresql:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()


run(context.config.attributes["connection"])
