import contextlib
import threading

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.db import conflicts, engine
from recruiter.db.base import new_id
from recruiter.db.engine import db
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict
from recruiter.jobs.models import Client
from tests import build


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def test_a_block_commits_whole_or_not_at_all():
    firm = build.firm()

    def fail_half_way():
        with transaction(firm.id) as session:
            session.get_one(Firm, firm.id).name = "Changed"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    with reading(firm.id) as session:
        assert session.get_one(Firm, firm.id).name == "Harbour & Pine"


def test_what_is_read_cannot_be_written():
    firm = build.firm()
    with reading(firm.id) as session:
        session.get_one(Firm, firm.id).name = "Changed"

    with reading(firm.id) as session:
        assert session.get_one(Firm, firm.id).name == "Harbour & Pine"


def test_what_is_read_cannot_be_written_by_a_flush_either():
    """PostgreSQL refuses, SQLite throws it away."""
    firm = build.firm()
    with contextlib.suppress(sa.exc.DBAPIError), reading(firm.id) as session:
        session.get_one(Firm, firm.id).name = "Changed"
        session.flush()

    with reading(firm.id) as session:
        assert session.get_one(Firm, firm.id).name == "Harbour & Pine"


def test_what_is_read_often_is_planned_once():
    """SQLite keeps what it prepared by itself."""
    firm = build.firm()
    for _ in range(7):
        with reading(firm.id) as session:
            session.scalar(sa.select(Firm.slug).where(Firm.id == firm.id))

    with reading(firm.id) as session:
        seen = "FROM pg_prepared_statements WHERE statement LIKE 'SELECT firms.slug %'"
        is_postgresql = db.engine.dialect.name == "postgresql"
        assert session.scalar(sa.text(f"SELECT count(*) {seen if is_postgresql else ''}")) == 1


def test_blocks_do_not_nest():
    firm = build.firm()
    with reading(firm.id), pytest.raises(RuntimeError, match="already open"), transaction(firm.id):
        pass


def test_a_query_outside_a_block_is_refused():
    with pytest.raises(RuntimeError, match="inside reading"):
        db.session.scalar(sa.select(Firm))
    db.session.remove()


def test_a_moment_without_a_time_zone_is_not_kept():
    firm = build.firm()
    naive = clock.now().replace(tzinfo=None)

    with pytest.raises(sa.exc.StatementError, match="a moment needs a time zone"), transaction(firm.id) as session:
        session.get_one(Firm, firm.id).created_at = naive


def test_a_conflict_that_nobody_foresaw_is_told_as_it_is():
    firm = build.firm()
    known = {"firm_id": firm.id, "name_folded": "lumen", "updated_at": clock.now()}
    twice = [Client(name=name, **known) for name in ("Lumen", "LUMEN")]
    foreseen = {"uq_jobs_firm_id_external_id": Conflict("Another job has this ATS id.")}

    with pytest.raises(sa.exc.IntegrityError), transaction(firm.id) as session, conflicts.named(session, foreseen):
        session.add_all(twice)


def test_a_row_cannot_belong_to_a_firm_that_is_not_there():
    with pytest.raises(sa.exc.DBAPIError):
        build.member(build.firm(), firm_id=new_id())


def test_a_connection_that_was_lost_while_it_rested_is_made_anew(owner, monkeypatch):
    """SQLite has no line that could be lost."""
    firm = build.firm()
    monkeypatch.setattr(engine, "LONGEST_REST", 0.0)
    if owner.dialect.name == "postgresql":
        superuser = sa.create_engine(owner.url.set(username="postgres"), poolclass=sa.NullPool)
        with superuser.connect() as connection:
            ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = :role"
            connection.execute(sa.text(ended), {"role": db.engine.url.username})

    with reading(firm.id) as session:
        assert session.get_one(Firm, firm.id).id == firm.id


def test_what_is_committed_is_on_the_disk_unless_it_is_passing():
    """1 is NORMAL, 2 is FULL; PostgreSQL waits for the disk by itself."""
    firm = build.firm()
    asked = "PRAGMA synchronous" if db.engine.dialect.name == "sqlite" else "SELECT 2"
    seen = []
    for is_passing in (False, True, False):
        with transaction(firm.id, is_passing=is_passing) as session:
            seen.append(session.scalar(sa.text(asked)))

    assert seen == ([2, 1, 2] if db.engine.dialect.name == "sqlite" else [2, 2, 2])


def test_who_writes_waits_for_another_that_takes_its_time():
    firm = build.firm()
    with contextlib.ExitStack() as stack:
        another = stack.enter_context(db.engine.connect())
        stack.enter_context(another.execution_options(firm_id=firm.id, write=True).begin())
        another.execute(sa.update(Firm).values(name="First"))
        late = threading.Timer(0.5, stack.close)
        late.start()

        with transaction(firm.id) as session:
            session.execute(sa.update(Firm).values(name=Firm.name + " and second"))
            assert session.scalars(sa.select(Firm.name)).one() == "First and second"
        late.join()


def test_long_values_are_packed_the_quick_way():
    """SQLite packs nothing."""
    asked = "current_setting('default_toast_compression')" if db.engine.dialect.name == "postgresql" else "'lz4'"
    with reading(None) as session:
        assert session.scalar(sa.text(f"SELECT {asked}")) == "lz4"
