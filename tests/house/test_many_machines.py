"""An installation whose work is shared: pages in one process, `recruiter worker` in others, one PostgreSQL."""

import dataclasses
import signal
import subprocess

import httpx2
import pytest
import sqlalchemy as sa

from recruiter import clock, config
from recruiter.db import migrate
from recruiter.db.session import transaction
from recruiter.engine import storage
from recruiter.outbox import claims, recovery
from recruiter.outbox.models import Message, MessageState
from tests.faults import fleet as fleets
from tests.house.test_serve import deliverers, wait_until
from tests.product import CONSOLE_SCRIPT, PATIENCE, Product, environment, surroundings

PAGES = fleets.SHARED._replace(machines=0)

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def installation(app, settings, postgres_server, tmp_path):
    """Settings of an empty database that this installation shares."""
    application, owner = postgres_server.create_database("machines")
    values = {"database_url": application, "migration_url": owner, "data_dir": tmp_path, "lease_seconds": 3.0}
    yield dataclasses.replace(settings, **values)
    config.use(settings)


@pytest.fixture
def variables(installation):
    lease = str(installation.lease_seconds)
    return environment(installation, RECRUITER_ENGINE="procrastinate", RECRUITER_LEASE_SECONDS=lease)


@pytest.fixture
def shared(run, variables):
    """Run a command for this installation."""
    return lambda *arguments: run(*arguments, **variables)


@pytest.fixture
def worker(variables, tmp_path):
    """Start `recruiter worker`; what still runs is ended with the test."""
    started = []

    def start():
        with (tmp_path / "worker.log").open("ab") as log:
            command = [CONSOLE_SCRIPT, "worker"]
            started.append(subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stderr=log))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)


def test_doctor_and_metrics_say_how_the_shared_work_is_doing(shared, variables, worker, tmp_path):
    assert "broken  The engine's schema is missing or of another release" in shared("doctor").output
    assert [shared("db", "upgrade").exit_code for _ in range(2)] == [0, 0]
    assert "better  No worker is at work and 0 ticks wait: start `recruiter worker`." in shared("doctor").output

    with Product(surroundings(measured=True) | variables, tmp_path / "log") as product:
        processes = [worker(), worker()]
        wait_until(lambda: "recruiter_engine_workers 2.0" in httpx2.get(f"{product.url}/metrics").text)
        wait_until(lambda: "good    Workers share the work (" in shared("doctor").output)
        assert deliverers(product) == []
        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(PATIENCE) for process in processes] == [0, 0]

        assert shared("db", "remove-engine").exit_code == 0
        assert "recruiter_engine" not in httpx2.get(f"{product.url}/metrics").text
    assert "Traceback" not in (tmp_path / "worker.log").read_text()


def test_pages_deliver_too_when_asked(shared, variables, tmp_path):
    shared("db", "upgrade")

    with Product(variables, tmp_path / "log", "serve", "--worker") as product:
        wait_until(lambda: deliverers(product))

        assert product.stop() == 0


def test_a_worker_that_is_silent_shows_until_another_takes_over(shared, variables, worker):
    shared("db", "upgrade")
    process = worker()
    wait_until(lambda: "good    Workers share" in shared("doctor").output)
    process.send_signal(signal.SIGSTOP)
    wait_until(lambda: "better" in shared("doctor").output)
    process.send_signal(signal.SIGCONT)

    wait_until(lambda: "good    Workers share" in shared("doctor").output)


def test_a_tick_that_hangs_on_a_silent_worker_shows_while_others_work(shared, variables, installation):
    shared("db", "upgrade")
    owner = migrate.owner_engine(installation)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {storage.PATH}")
        connection.exec_driver_sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + '1 hour')")
        tick = "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('kicked', 'x', 'doing')"
        connection.exec_driver_sql(tick)
    owner.dispose()

    assert "better  1 ticks hang: a worker fell silent" in shared("doctor").output


def test_a_machine_that_stands_still_in_a_transaction_keeps_its_rows_for_a_lease(
    app, settings, postgres_server, smtp_sink, tmp_path
):
    with (
        fleets.running(settings, postgres_server, smtp_sink, tmp_path, PAGES, lease_seconds=0.5) as fleet,
        fleet.app.app_context(),
    ):
        fleet.queue(1)
        (message,) = fleet.messages()
        claims.claim(message.firm_id, "elsewhere", 1)

        def stand_still():
            with transaction(message.firm_id) as session:
                session.scalars(sa.select(Message).with_for_update()).one()
                wait_until(lambda: taken_back(fleet))

        with pytest.raises(sa.exc.DBAPIError):
            stand_still()


def taken_back(fleet):
    """End leases, waiting for whoever has a row, and return whether every message waits again."""
    with fleet.app.app_context():
        recovery.end_leases(clock.now())
    return {message.state for message in fleet.messages()} == {MessageState.QUEUED}


def test_sqlite_has_no_engine_to_share_or_remove(run, tmp_path):
    sqlite = {"RECRUITER_DATABASE_URL": f"sqlite:///{tmp_path / 'one.sqlite3'}", "RECRUITER_MIGRATION_URL": ""}

    shared = run("worker", RECRUITER_ENGINE="procrastinate", **sqlite)
    removed = run("db", "remove-engine", **sqlite)

    assert (shared.exit_code, removed.exit_code) == (1, 1)
    assert "RECRUITER_ENGINE: procrastinate needs PostgreSQL: set RECRUITER_DATABASE_URL" in shared.stderr
    assert "On SQLite no engine keeps anything in the database." in removed.stderr
