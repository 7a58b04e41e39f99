"""The clock of a machine is moved while mail leaves and more is held."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.outbox.worker import AHEAD
from tests.faults.fleet import EVERYWHERE, LINES, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES, HELD = 300, 30
SCALE = 0.02  # the hold lasts 12 seconds


@EVERYWHERE
@pytest.mark.parametrize("hours", [1, -1])
def test_a_moved_clock_sends_nothing_early_and_takes_nothing_from_anybody(make, combination, relay, tally, hours):
    """One machine's is moved; what is held for ten minutes can be taken back meanwhile."""
    relay.behave(delay=0.01)
    fleet = make(combination, schedule_scale=SCALE)
    held = fleet.queue(HELD, due_at=clock.now() + dt.timedelta(minutes=10))
    fleet.queue(MESSAGES)
    fleet.start()
    relay.wait_for(MESSAGES // 5)
    fleet.workers[0].tell("move_clock", hours * 3600)
    wait_until(lambda: "clock_moved" in fleet.workers[0].log)
    taken_back = sum(fleet.withdraw(message) for message in held)
    fleet.workers[0].tell("move_clock", 0)

    assert taken_back == HELD
    twice, doubtful = tally(f"clock{hours:+}h", fleet)
    # To other machines, the leases of one whose clock was set back have ended.
    assert doubtful <= (AHEAD * LINES if hours < 0 and combination.machines > 1 else 0)
    assert twice <= doubtful
