"""Three delivering processes on one PostgreSQL: stopped, killed, continued, without ticks and with too many."""

import signal
import tempfile
import threading
from pathlib import Path

import pytest

from recruiter.db.engine import db
from recruiter.outbox.models import MessageState
from tests import postgres
from tests.outbox import fleet as fleets

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES = 300


@pytest.fixture(scope="module")
def server():
    """A server of this module's own, which may be stopped; commits are durable, since it is."""
    postgres.require()
    with tempfile.TemporaryDirectory(prefix="recruiter-fleet-") as home, postgres.running(Path(home)) as server:
        yield server


@pytest.fixture
def fleet(app, settings, server, smtp_sink, tmp_path):
    with fleets.running(settings, server, smtp_sink, tmp_path) as fleet:
        yield fleet


@pytest.fixture
def calm(app, settings, server, smtp_sink, tmp_path):
    """A fleet in which nobody is taken for dead because the machine is busy."""
    with fleets.running(settings, server, smtp_sink, tmp_path, lease_seconds=120.0) as fleet:
        yield fleet


def agree(fleet, sink):
    """The relay has each message that the database calls accepted, once; or twice where the database says it may be."""
    rows = fleet.wait_until_settled()
    assert {row.state for row in rows} == {MessageState.ACCEPTED}
    assert set(sink.counts) == {row.message_id for row in rows}
    twice = {message_id for message_id, times in sink.counts.items() if times > 1}
    assert twice <= {row.message_id for row in rows if row.doubts}
    assert max(sink.counts.values()) <= 2
    return len(twice)


def test_three_workers_send_each_message_once_and_end_cleanly(calm, smtp_sink):
    calm.start()
    calm.queue(MESSAGES)

    assert agree(calm, smtp_sink) == 0
    assert calm.condition().workers == len(calm.workers)
    assert calm.stop() == [0, 0, 0]
    condition = calm.condition()
    assert (condition.workers, condition.running, condition.stalled) == (0, 0, 0)
    assert [worker.log for worker in calm.workers] == ["", "", ""]


def test_a_worker_that_stands_still_past_its_lease_changes_nothing_when_it_goes_on(fleet, smtp_sink):
    smtp_sink.faults.waits_for = threading.Event()
    fleet.queue(MESSAGES)
    fleet.start()
    smtp_sink.wait_for_data()
    owners = {
        message.lease_owner.split("-")[0] for message in fleet.messages() if message.state is MessageState.SENDING
    }
    victim = next(worker for worker in fleet.workers if str(worker.process.pid) in owners)

    victim.send(signal.SIGSTOP)
    smtp_sink.faults.waits_for.set()
    doubles = agree(fleet, smtp_sink)
    victim.send(signal.SIGCONT)

    assert 0 < doubles <= fleets.LINES
    assert fleet.stop() == [0, 0, 0]
    assert "lease_lost" in victim.log
    assert agree(fleet, smtp_sink) == doubles


def test_each_worker_is_killed_while_it_sends(fleet, smtp_sink):
    fleet.queue(MESSAGES)
    fleet.start()
    for number, worker in enumerate(fleet.workers, start=1):
        smtp_sink.wait_until(lambda least=number * MESSAGES // 5: len(smtp_sink.counts) >= least, fleets.PATIENCE)
        worker.end(signal.SIGKILL)
        worker.start()

    assert agree(fleet, smtp_sink) <= len(fleet.workers) * fleets.LINES


def test_old_doubled_and_foreign_ticks_change_nothing(fleet, smtp_sink):
    fleet.queue(MESSAGES // 2)
    fleet.start()
    smtp_sink.wait_for(MESSAGES // 6, fleets.PATIENCE)
    for worker in fleet.workers:
        worker.end(signal.SIGKILL)
    fleet.queue(MESSAGES // 2)
    again = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status)"
        " SELECT queue_name, task_name, lock, args, 'todo'"
        " FROM procrastinate_jobs, generate_series(1, 5) WHERE status = 'todo'"
    )
    assert fleet.ticks(again) >= 5
    foreign = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('kicked', :task, :args)"
    fleet.ticks(foreign, task="recruiter.tick", args='{"timestamp": 0, "name": "mail:999"}')
    fleet.ticks(foreign, task="of.another.release", args="{}")

    fleet.start()

    assert agree(fleet, smtp_sink) <= len(fleet.workers) * fleets.LINES
    fleet.stop()
    assert fleet.condition().running == 0


def test_lost_ticks_delay_and_lose_nothing(calm, smtp_sink):
    calm.queue(MESSAGES)
    calm.start()
    for least in (MESSAGES // 10, MESSAGES // 3, MESSAGES // 2):
        smtp_sink.wait_until(lambda least=least: len(smtp_sink.counts) >= least, fleets.PATIENCE)
        calm.ticks("DELETE FROM procrastinate_jobs WHERE status = 'todo'")

    assert agree(calm, smtp_sink) == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_the_database_starts_anew_while_mail_leaves(fleet, server, smtp_sink, how):
    fleet.queue(MESSAGES)
    fleet.start()
    smtp_sink.wait_until(lambda: len(smtp_sink.counts) >= MESSAGES // 5, fleets.PATIENCE)

    server.stop(how)
    server.start()
    with fleet.app.app_context():
        db.engine.dispose()

    agree(fleet, smtp_sink)
    assert fleet.stop() == [0, 0, 0]
