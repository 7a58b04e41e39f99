"""The engine of many machines, on a real PostgreSQL: rounds here or elsewhere, never two at a time."""

import contextlib
import dataclasses
import queue
import threading

import flask
import pytest
import sqlalchemy as sa

from recruiter import config
from recruiter.db import migrate
from recruiter.engine import bell, procrastinate, storage
from recruiter.engine.procrastinate import Procrastinate
from tests.house.test_serve import wait_until
from tests.outbox.test_engine import HOUR, PATIENCE, Rounds
from tests.postgres import ROLE

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.timeout(300)]


@contextlib.contextmanager
def away(owner):
    """The database, which lets nobody in while the block lasts."""
    name = owner.url.database
    superuser = sa.create_engine(owner.url.set(username="postgres", database="postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(sa.text(ended), {"name": name})
        yield
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    superuser.dispose()


@pytest.fixture(scope="module")
def shared(settings, postgres_server):
    """Settings of an installation that has the engine's schema and nothing else."""
    application, owner = postgres_server.create_database("ticks")
    values = {"database_url": application, "migration_url": owner, "engine": config.PROCRASTINATE, "lease_seconds": 2.0}
    shared = dataclasses.replace(settings, **values)
    storage.install(shared)
    return shared


@pytest.fixture
def owner(shared):
    engine = migrate.owner_engine(shared)
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {storage.PATH}")
        connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
    engine.dispose()


@pytest.fixture
def make(shared, owner):
    """Make an engine as a process of its own would have it; what was started is stopped with the test."""
    with contextlib.ExitStack() as stack:

        def make(name, seconds, work, **options):
            engine = Procrastinate(flask.Flask("engine").app_context, shared)
            engine.every(name, seconds, work, **options)
            engine.start()
            stack.callback(engine.stop)
            return engine

        yield make


def test_a_round_runs_in_one_process_and_is_followed_while_there_is_more(make):
    rounds = Rounds(True, True, False)
    engine, _ = (make("chore", None, rounds) for _ in range(2))
    engine.kick("chore")
    engine.kick("nothing of this name")

    assert [rounds.wait() for _ in range(3)] == [True, True, False]
    bell.ring("chore")
    rounds.wait()


def test_work_comes_again_by_itself(make):
    rounds = Rounds()
    for _ in range(2):
        make("timed", 1.0, rounds)

    for _ in range(3):
        rounds.wait()


def test_the_work_of_each_process_runs_in_each(make):
    rounds = Rounds()
    for _ in range(2):
        make("here", HOUR, rounds, everywhere=True)

    for _ in range(2):
        rounds.wait()


def test_two_processes_never_run_the_same_work_at_once(make):
    inside, most, enough = [], [], threading.Event()

    def work():
        inside.append(1)
        most.append(len(inside))
        inside.pop()
        if len(most) >= 20:
            enough.set()
        return not enough.is_set()

    engines = [make("chore", None, work) for _ in range(2)]
    for _ in range(20):
        for engine in engines:
            engine.kick("chore")

    assert enough.wait(PATIENCE)
    assert set(most) == {1}


def test_a_failing_round_shows_in_the_health_and_ends_nothing(make):
    rounds = Rounds(OSError("the database is away"), False)
    engine = make("timed", 1.0, rounds)
    assert engine.health()["timed"].succeeded_at is None
    for _ in range(3):
        rounds.wait()

    assert engine.health()["timed"].failures == 0


def test_after_its_turn_work_goes_to_the_end_of_the_queue(make, monkeypatch):
    monkeypatch.setattr(procrastinate, "TURN_SECONDS", 0.0)
    rounds = Rounds(True, True, True, False)
    make("chore", None, rounds).kick("chore")

    assert [rounds.wait() for _ in range(4)] == [True, True, True, False]


def test_the_tick_of_a_process_that_is_gone_is_taken_back(make, owner):
    with owner.begin() as connection:
        connection.execute(sa.text(f"SET LOCAL search_path = {storage.PATH}"))
        connection.execute(
            sa.text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status)"
                """ VALUES ('kicked', 'recruiter.tick', 'chore', '{"timestamp": 0, "name": "chore"}', 'doing')"""
            )
        )
    rounds = Rounds()
    make("chore", None, rounds)

    rounds.wait()


def test_a_tick_of_another_release_is_let_go(make, owner):
    with owner.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {storage.PATH}")
        connection.exec_driver_sql(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)"
            """ VALUES ('kicked', 'recruiter.tick', 'chore', '{"timestamp": 0, "name": "unheard"}')"""
        )
    rounds = Rounds()
    make("chore", None, rounds).kick("chore")

    rounds.wait()  # of one lock, the older tick comes first


@contextlib.contextmanager
def no_sign(owner):
    """A database in which no worker can give a sign while the block lasts."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"REVOKE UPDATE ON {storage.NAME}.procrastinate_workers FROM {ROLE}")
        yield
        connection.exec_driver_sql(f"GRANT UPDATE ON {storage.NAME}.procrastinate_workers TO {ROLE}")


@pytest.mark.parametrize("trouble", [away, no_sign])
def test_after_trouble_with_the_database_work_goes_on(make, owner, events, trouble):
    rounds = Rounds()
    make("timed", 1.0, rounds)
    rounds.wait()
    with trouble(owner):
        wait_until(lambda: any(event["event"] == "engine_interrupted" for event in events))

    rounds.told = queue.SimpleQueue()
    rounds.wait()


def test_an_address_that_names_no_role_lets_nobody_in(settings, postgres_server):
    """Whoever runs the application then owns the schema, or the database's administrator says who may use it."""
    application, owner = postgres_server.create_database("no_role")
    values = {"database_url": application.replace(f"{ROLE}@", ""), "migration_url": owner}
    nameless = dataclasses.replace(settings, engine=config.PROCRASTINATE, **values)

    storage.install(nameless)

    with migrate.owner_engine(nameless).connect() as connection:
        asked = sa.text("SELECT has_schema_privilege(:role, :schema, 'USAGE')")
        assert connection.scalar(asked, {"role": ROLE, "schema": storage.NAME}) is False
        assert storage.look(connection, nameless).workers == 0


def test_a_tick_that_cannot_be_sent_is_let_go(shared, events, owner):
    engine = Procrastinate(flask.Flask("engine").app_context, shared)
    engine.every("chore", None, Rounds())
    with owner.begin() as connection:
        connection.exec_driver_sql(f"ALTER SCHEMA {storage.NAME} RENAME TO elsewhere")
    engine.attend()
    bell.ring("chore")
    engine.leave()
    with owner.begin() as connection:
        connection.exec_driver_sql(f"ALTER SCHEMA elsewhere RENAME TO {storage.NAME}")

    assert [event["work"] for event in events if event["event"] == "tick_lost"] == ["chore"]


@pytest.mark.parametrize(
    ("seconds", "pattern"),
    [(0.5, "* * * * * */1"), (2.0, "* * * * * */2"), (600.0, "*/10 * * * *"), (3600.0, "0 */1 * * *")],
)
def test_periods_become_patterns(seconds, pattern):
    assert procrastinate.cron(seconds) == pattern
