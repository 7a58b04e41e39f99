"""The relay misbehaves, in one way at a time and in all at once; and firms share it."""

import time

import pytest

from tests.faults.fleet import EVERYWHERE, SQLITE, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES = 300
MANY = 3000  # for 100,000
PLANS = {
    "later": {"later": 0.05},
    "never": {"never": 0.05},
    "greylists": {"greylists": 1.0},
    "421": {"letters": 20},
    "cuts-content": {"cuts_content": 0.05},
    "cuts-answer": {"cuts_answer": 0.02},
    "stalls": {"stalls": 0.01},
    "delay": {"delay": 0.05},
}
IN_DOUBT = {"cuts-content", "cuts-answer", "stalls"}  # a short mail was written whole when its line is cut
ALL = {"later": 0.05, "never": 0.05, "greylists": 1.0, "letters": 20, "cuts_content": 0.03, "cuts_answer": 0.03}


@pytest.mark.parametrize("combination", [SQLITE], ids=str)
@pytest.mark.parametrize("fault", PLANS)
def test_a_relay_that_misbehaves_in_one_way(make, combination, relay, tally, request, fault):
    fleet = make(combination, mail_connections=10)
    relay.behave(seed=request.node.name, **PLANS[fault])
    fleet.queue(MESSAGES)
    fleet.start()

    _, doubtful = tally(f"relay-{fault}", fleet)
    assert bool(doubtful) == (fault in IN_DOUBT)


@EVERYWHERE
def test_a_relay_that_misbehaves_in_every_way(fleet, relay, tally, request):
    relay.behave(seed=request.node.name, **ALL)
    fleet.queue(MESSAGES)
    fleet.start()
    relay.wait_for(MESSAGES // 3)
    relay.away()
    relay.back()

    tally("relay-everything", fleet)


@pytest.mark.parametrize("combination", [SQLITE._replace(machines=2)], ids=str)
def test_one_mail_does_not_wait_behind_many_of_another_firm_which_can_be_taken_back(fleet, relay, tally):
    """A tenth of the many has left when somebody takes the rest back."""
    few, *others = fleet.firms
    relay.behave(delay=0.01)
    many = fleet.queue(MANY, others[:1])
    fleet.start()
    relay.wait_for(MANY // 10)
    waits = []
    for _ in range(5):
        begins = time.monotonic()
        (single,) = fleet.queue(1, [few])
        wait_until(lambda key=single.message_id: key in relay.counts())
        waits.append(time.monotonic() - begins)
    taken_back = sum(fleet.withdraw(message) for message in reversed(many))

    assert max(waits) < 10
    tally(f"behind-{MANY}-of-another-firm", fleet, worst_wait=f"{max(waits):.2f}s")
    assert taken_back == MANY - (len(relay.counts()) - len(waits))
