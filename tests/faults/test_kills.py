"""Processes that deliver are killed: at random moments, and exactly at each point that a delivery passes."""

import shutil
import signal

import pytest

from tests.faults import fleet as fleets
from tests.faults.fleet import EVERYWHERE, POSTGRESQL, SHARED
from tests.faults.worker import POINTS

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES, KILLS = 600, 17  # kills with each of three combinations: 51 in all
# In the order of a delivery; at the final dot the relay has lost the mail, or taken it.
STEPS = ("claimed", "marked", "mail", "rcpt", "data", "lost", "taken", "recording", "recorded")


@EVERYWHERE
def test_kills_at_random_moments_lose_nothing(fleet, combination, relay, chance, tally):
    fleet.queue(MESSAGES)
    fleet.start()
    for number in range(1, KILLS + 1):
        relay.wait_for(number * MESSAGES // (KILLS + 2) + chance.randrange(10))
        victim = chance.choice(fleet.workers)
        victim.end(signal.SIGKILL)
        victim.start()
        victim.wait()

    twice, doubtful = tally("kill9", fleet, kills=KILLS)
    assert twice <= doubtful <= KILLS * fleets.LINES


@pytest.fixture
def kill_at(fleet, relay):
    """Kill the first process of a fleet that rests, exactly when a message gets to a point; nothing else delivers."""

    def kill_at(point):
        victim = fleet.workers[0]
        fleet.queue(20)
        if point in POINTS:
            victim.start(stop_at=point)
            victim.wait()
            victim.wait_until_stopped()
        else:
            relay.behave(holds=point)
            victim.start()
            victim.wait()
            relay.wait_until_held()
        victim.end(signal.SIGKILL)
        relay.behave()
        return victim

    return kill_at


@EVERYWHERE
def test_a_kill_at_each_point_of_a_delivery(kill_at, fleet, tally):
    """The other line may have been at its last byte too."""
    for point in STEPS:
        kill_at(point)
        fleet.start()

        twice, doubtful = tally(f"kill9-{point}", fleet)
        assert doubtful <= fleets.LINES
        assert doubtful or point not in {"lost", "taken"}
        assert twice or point != "taken"
        fleet.stop()


@pytest.mark.parametrize("combination", [POSTGRESQL, SHARED], ids=str)
def test_a_machine_that_goes_with_its_journal_leaves_doubt_that_ends(kill_at, fleet, tally):
    for point in ("marked", "taken", "recording"):
        shutil.rmtree(kill_at(point).folder)
        fleet.start()

        _, doubtful = tally(f"machine-gone-{point}", fleet)
        assert 1 <= doubtful <= fleets.LINES
        fleet.stop()
