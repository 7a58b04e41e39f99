"""Bring the database to the newest revision, with the owner's role, and let the application's role in."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from recruiter.config import Settings

PACKAGED = Path(__file__).parent.parent / "migrations"
CHECKOUT = Path(__file__).parent.parent.parent / "migrations"


def script_config(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration for our scripts, on this connection when one is given."""
    config = Config()
    config.set_main_option("script_location", str(PACKAGED if PACKAGED.is_dir() else CHECKOUT).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def owner_engine(settings: Settings) -> sa.Engine:
    """Return an engine of the owner's role with none of the application's connection settings."""
    url = sa.make_url(settings.migration_url)
    if url.drivername == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return sa.create_engine(url, poolclass=sa.NullPool)


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Upgrade to ``revision``; safe to run again and beside another run."""
    engine = owner_engine(settings)
    with engine.connect() as connection:
        command.upgrade(script_config(connection), revision)
        if engine.dialect.name == "postgresql":
            _grant(connection, sa.make_url(settings.database_url).username)
    engine.dispose()


def is_at_head(connection: sa.Connection) -> bool:
    """Whether this database has every migration of this release."""
    head = ScriptDirectory.from_config(script_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _grant(connection: sa.Connection, role: str | None) -> None:
    """Let the application read and write rows, and only add to the audit log."""
    if role is None or role == connection.scalar(sa.text("SELECT current_user")):
        return
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {quoted}",
        f"REVOKE UPDATE, DELETE ON audit_entries, audit_seals FROM {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}",
    ):
        connection.execute(sa.text(statement))
    connection.commit()
