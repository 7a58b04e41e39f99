"""Several delivering processes: side by side, standing still, away, and with too many ticks or none."""

import signal
import threading

import pytest

from tests.faults import fleet as fleets
from tests.faults.conftest import AWAY
from tests.faults.fleet import EVERYWHERE, POSTGRESQL, SHARED, SQLITE

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES = 300
ON_SHARED = pytest.mark.parametrize("combination", [SHARED], ids=str)
CALM = 120.0  # a lease in which nobody is taken for dead because the machine is busy


@pytest.mark.parametrize("combination", [SQLITE._replace(machines=2), POSTGRESQL, SHARED], ids=str)
def test_processes_side_by_side_send_each_message_once_and_end_cleanly(make, combination, tally):
    fleet = make(combination, lease_seconds=CALM)
    fleet.queue(MESSAGES)
    fleet.start()

    assert tally(f"{combination.machines}-processes", fleet) == (0, 0)
    assert set(fleet.stop()) == {0}
    if combination is SHARED:
        condition = fleet.condition()
        assert (condition.workers, condition.running, condition.stalled) == (0, 0, 0)


@pytest.mark.parametrize("combination", [POSTGRESQL, SHARED], ids=str)
@pytest.mark.parametrize("point", ["claimed", "marked", "recording"])
def test_a_process_that_stands_still_past_its_lease_changes_nothing_when_it_goes_on(fleet, tally, point):
    """At the last point it stands still inside of a transaction."""
    victim = fleet.workers[0]
    fleet.queue(60)
    victim.start(stop_at=point)
    victim.wait()
    victim.wait_until_stopped()
    for each in fleet.workers[1:]:
        each.start()
        each.wait()
    fleet.wait_until_settled()
    victim.send(signal.SIGCONT)

    assert set(fleet.stop()) == {0}
    _, doubtful = tally(f"stands-still-{point}", fleet)
    assert doubtful <= fleets.LINES


@EVERYWHERE
def test_while_no_process_delivers_mail_waits(fleet, relay, tally):
    """Ticks of before are taken up again, be they old, doubled or of somebody else."""
    fleet.queue(MESSAGES // 2)
    fleet.start()
    relay.wait_for(MESSAGES // 6)
    for each in fleet.workers:
        each.end(signal.SIGKILL)
    fleet.queue(MESSAGES // 2)
    threading.Event().wait(AWAY)
    if fleet.combination is SHARED:
        _spoil_ticks(fleet)
    fleet.start()

    _, doubtful = tally("workers-stopped", fleet)
    assert doubtful <= len(fleet.workers) * fleets.LINES
    fleet.stop()
    if fleet.combination is SHARED:
        assert fleet.condition().running == 0


def _spoil_ticks(fleet):
    again = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status)"
        " SELECT queue_name, task_name, lock, args, 'todo'"
        " FROM procrastinate_jobs, generate_series(1, 5) WHERE status = 'todo'"
    )
    assert fleet.ticks(again) >= 5
    foreign = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('kicked', :task, :args)"
    fleet.ticks(foreign, task="recruiter.tick", args='{"timestamp": 0, "name": "mail:999"}')
    fleet.ticks(foreign, task="of.another.release", args="{}")


@ON_SHARED
def test_lost_ticks_delay_and_lose_nothing(make, combination, relay, tally):
    fleet = make(combination, lease_seconds=CALM)
    fleet.queue(MESSAGES)
    fleet.start()
    for least in (MESSAGES // 10, MESSAGES // 3, MESSAGES // 2):
        relay.wait_for(least)
        fleet.ticks("DELETE FROM procrastinate_jobs WHERE status = 'todo'")

    assert tally("ticks-lost", fleet) == (0, 0)
