"""Models and migrations tell the same story, there and back."""

import pytest
import sqlalchemy as sa
from alembic import command

from recruiter.db import migrate
from recruiter.db.migrate import script_config
from recruiter.tables import metadata
from tests.conftest import DATABASE

# What the migration adds beyond the models: full text, and its bookkeeping.
BEYOND_MODELS = (
    "audit_entries_kept",
    "audit_entries_unchanged",
    "audit_seals_kept",
    "audit_seals_unchanged",
    "search_words",
    "alembic_version",
    "ix_search_documents_document",
    "document",
)


@pytest.fixture
def engines(tmp_path, request):
    """Two empty databases."""
    if DATABASE == "postgresql":
        server = request.getfixturevalue("postgres_server")
        urls = [server.create_database("compare")[1] for _ in "ab"]
    else:
        urls = [f"sqlite:///{tmp_path / n}" for n in "ab"]
    made = [sa.create_engine(url, poolclass=sa.NullPool) for url in urls]
    yield made
    for engine in made:
        engine.dispose()


def catalogue(engine: sa.Engine) -> set[tuple[str, ...]]:
    """Every column, constraint and index as the database itself describes it."""
    if engine.dialect.name == "postgresql":
        query = """
            SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL
            SELECT 'constraint', r.relname, k.conname, pg_get_constraintdef(k.oid), ''
            FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
            WHERE n.nspname = 'public'
            UNION ALL
            SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'"""
    else:
        query = "SELECT type, tbl_name, name, sql, '' FROM sqlite_master WHERE type IN ('table', 'index', 'trigger')"
    with engine.connect() as connection:
        rows = {tuple(str(part) for part in row) for row in connection.execute(sa.text(query))}
    return {row for row in rows if not any(row[1].startswith(n) or row[2].startswith(n) for n in BEYOND_MODELS)}


def sorted_words(rows: set[tuple[str, ...]]) -> list[list[str]]:
    """SQLite keeps the statement's own text, in which the order of columns and constraints is free."""
    return sorted(sorted(" ".join(row).replace(",", " ").replace("(", " ").replace(")", " ").split()) for row in rows)


def upgraded(engine: sa.Engine, revision: str = "head") -> None:
    with engine.connect() as connection:
        command.upgrade(script_config(connection), revision)


def test_migrations_make_what_the_models_say(engines):
    by_migrations, by_models = engines
    upgraded(by_migrations)
    metadata.create_all(by_models)

    found, wanted = catalogue(by_migrations), catalogue(by_models)
    if DATABASE == "postgresql":
        assert found == wanted
    else:
        assert sorted_words(found) == sorted_words(wanted)


def test_down_to_nothing_and_up_again(engines):
    engine = engines[0]
    upgraded(engine)
    before = catalogue(engine)
    with engine.connect() as connection:
        command.downgrade(script_config(connection), "base")
    assert catalogue(engine) == set()

    upgraded(engine)
    assert catalogue(engine) == before


def test_head_is_known(engines):
    engine = engines[0]
    with engine.connect() as connection:
        assert not migrate.is_at_head(connection)
    upgraded(engine)
    with engine.connect() as connection:
        assert migrate.is_at_head(connection)


if DATABASE == "postgresql":

    def test_every_tenant_table_is_walled_and_forced(owner):
        tenant = {table.name for table in metadata.tables.values() if "firm_id" in table.columns} | {"firms"}
        walled = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        with owner.connect() as connection:
            assert set(connection.scalars(sa.text(walled))) == tenant
