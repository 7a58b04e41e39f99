import pytest
import sqlalchemy as sa

from recruiter.db.base import new_id
from recruiter.db.engine import db
from recruiter.db.session import reading, transaction
from recruiter.tables import metadata
from tests import build
from tests.everything import FIRMLESS, one_of_each

BACKEND = "SELECT pg_backend_pid()"
TABLES = [table for table in metadata.sorted_tables if table.name not in FIRMLESS]


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def on_postgresql():
    """Row-level security is PostgreSQL's; on SQLite there is nothing that these tests could show."""
    return db.engine.dialect.name == "postgresql"


def rows_seen(session):
    """How many rows of each table a query finds that forgot the firm; only tables with some."""
    counts = {table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) for table in TABLES}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_row_belongs_to_a_firm_and_is_pointed_at_with_it(table):
    assert not table.columns["firm_id"].nullable
    across = [
        key.name
        for key in table.foreign_key_constraints
        if key.referred_table.name != "firms" and "firm_id" not in key.column_keys
    ]
    assert across == []


def test_one_row_of_every_table_can_be_made():
    firm = build.firm()
    ids = one_of_each(firm.id)

    with reading(firm.id) as session:
        seen = rows_seen(session)

    assert set(ids) == set(seen) | {"firms"}


def test_a_query_that_forgets_the_firm_finds_only_this_firms_rows(on_postgresql):
    acme, copper = build.firm(), build.firm()
    one_of_each(acme.id)
    one_of_each(copper.id)

    with reading(acme.id) as session:
        seen = set(rows_seen(session).values())

    assert seen == ({1} if on_postgresql else {2})


def test_without_a_firm_nothing_is_there_on_a_fresh_and_on_a_reused_connection(on_postgresql):
    one_of_each(build.firm().id)
    db.engine.dispose()  # the next connection is fresh

    def look():
        with reading(None) as session:
            return rows_seen(session), session.scalar(sa.text(BACKEND if on_postgresql else "SELECT 1"))

    first, connection = look()
    with reading(build.firm().id):
        pass
    second, same_connection = look()

    assert connection == same_connection
    assert (first == second == {}) is on_postgresql


def test_a_row_cannot_be_written_for_another_firm(on_postgresql):
    acme, copper = build.firm(), build.firm()

    def write():
        with transaction(acme.id) as session:
            values = {"id": new_id(), "name": "Lumen", "name_folded": "lumen", "updated_at": copper.created_at}
            session.execute(sa.insert(metadata.tables["clients"]).values(firm_id=copper.id, **values))

    if on_postgresql:
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            write()
    else:
        write()


def test_another_firms_rows_cannot_be_changed_or_removed_by_a_query_that_forgets_the_firm(on_postgresql):
    acme, copper = build.firm(), build.firm()
    one_of_each(copper.id)
    tables = [metadata.tables[name] for name in ("candidates", "members", "messages")]

    with transaction(acme.id) as session:
        changed = sum(session.execute(sa.update(table).values(created_at=acme.created_at)).rowcount for table in tables)

    assert changed == (0 if on_postgresql else len(tables))


@pytest.mark.parametrize("setting", ["", str(new_id())], ids=["nothing", "no firm"])
def test_a_setting_left_on_a_pooled_connection_shows_nothing(on_postgresql, setting):
    one_of_each(build.firm().id)

    with db.engine.connect() as connection:
        if on_postgresql:
            connection.execute(sa.text("SELECT set_config('recruiter.firm_id', :value, true)"), {"value": setting})
            assert connection.scalar(sa.text("SELECT count(*) FROM candidates")) == 0


def test_the_application_is_neither_owner_nor_above_the_law(on_postgresql):
    if on_postgresql:
        with db.engine.connect() as connection:
            row = connection.execute(
                sa.text(
                    "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) "
                    "FROM pg_roles WHERE rolname = current_user"
                )
            ).one()
        assert tuple(row) == (False, False, 0)
