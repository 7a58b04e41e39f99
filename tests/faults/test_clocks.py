"""The clock of a machine is moved while mail leaves and more is held."""

import datetime as dt

import pytest

from recruiter import clock
from tests.faults.fleet import EVERYWHERE, POSTGRESQL, SHARED, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES, HELD = 300, 30
SCALE = 0.02  # the hold lasts 12 seconds
ON_MANY_MACHINES = pytest.mark.parametrize("combination", [POSTGRESQL, SHARED], ids=str)


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
    if combination.database == "sqlite":
        wait_until(lambda: "clock_moved" in fleet.workers[0].log)
    else:  # the server's clock was not moved, and all go by that
        relay.wait_for(MESSAGES // 2)
    taken_back = sum(fleet.withdraw(message) for message in held)
    fleet.workers[0].tell("move_clock", 0)

    assert taken_back == HELD
    assert tally(f"clock{hours:+}h", fleet) == (0, 0)


@ON_MANY_MACHINES
@pytest.mark.parametrize("minutes", [10, -10])
def test_a_machine_whose_clock_is_wrong_all_the_time_works_like_any_other(make, combination, relay, tally, minutes):
    """By its own clock the leases of all others would have ended, and what is held would be due."""
    relay.behave(delay=0.02)
    fleet = make(combination)
    held = fleet.queue(HELD, due_at=clock.now() + dt.timedelta(minutes=9))
    fleet.queue(MESSAGES)
    fleet.workers[0].start(move_clock=minutes * 60)
    fleet.workers[0].wait()
    relay.wait_for(MESSAGES // 10)
    for right in fleet.workers[1:]:
        right.start()
        right.wait()
    relay.wait_for(MESSAGES // 2)
    taken_back = sum(fleet.withdraw(message) for message in held)

    assert taken_back == HELD
    assert tally(f"clock-wrong{minutes:+}min", fleet) == (0, 0)
