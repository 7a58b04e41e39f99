"""How fast mail may leave, told by a clock that the test moves."""

import math
import uuid

import pytest

from recruiter.outbox import rates
from recruiter.outbox.rates import Bucket, Pace
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.transports.base import DeliveryError

pytestmark = pytest.mark.once

ACME, COPPER = uuid.uuid4(), uuid.uuid4()


def throttled(phase=Phase.DOT, verdict=Verdict.THROTTLED, code=454):
    return DeliveryError("slow down", verdict=verdict, phase=phase, code=code)


def let_through(pace, seconds, recipient="maya@example.org", firm=ACME, start=0.0):
    """How many leave when as many as possible are sent, ten looks a second."""
    total = 0
    for tick in range(int(seconds * 10)):
        now = start + tick / 10
        for _ in range(pace.room(firm, 100, now)):
            total += pace.hold(firm, recipient, now) == 0
    return total


def test_without_limits_nothing_is_held():
    pace = Pace()

    assert pace.room(ACME, 16, 0.0) == 16
    assert [pace.hold(ACME, "maya@example.org", 0.0) for _ in range(100)] == [0.0] * 100
    assert Bucket(0).room(5.0) == math.inf


@pytest.mark.parametrize("limits", [{"relay": 5}, {"firm": 5}, {"provider": 5}])
def test_a_limit_is_kept_over_time(limits):
    assert let_through(Pace(**limits), 10) == pytest.approx(50, abs=5)


def test_a_firm_has_its_own_bucket_and_the_relay_is_shared():
    apart, together = Pace(firm=2), Pace(relay=2)
    for pace, left in ((apart, 2), (together, 0)):
        for _ in range(2):
            pace.hold(ACME, "maya@example.org", 0.0)
        assert pace.room(ACME, 10, 0.0) == 0
        assert pace.room(COPPER, 10, 0.0) == left


def test_domains_of_one_provider_share_its_bucket_and_others_do_not_wait():
    pace = Pace(provider=1)

    assert pace.hold(ACME, "maya@gmail.com", 0.0) == 0
    assert pace.hold(ACME, "ken@GoogleMail.com", 0.0) == pytest.approx(1)
    assert pace.hold(ACME, "ana@gmail.com", 0.0) == pytest.approx(2), "each waits for its own turn"
    assert pace.hold(ACME, "ines@sapo.pt", 0.0) == 0
    assert pace.hold(ACME, "ken@gmail.com", 1.0) == 0


def test_who_asks_us_to_slow_down_is_heeded_once_for_a_burst_and_success_adds_back():
    bucket = Bucket(8)
    for _ in range(4):
        bucket.slow_down(0.0, 8)
    assert bucket.rate == 4
    assert bucket.room(0.0) == 0
    bucket.slow_down(2.0, 8)
    assert bucket.rate == 2
    for _ in range(100):
        bucket.speed_up()
    assert bucket.rate == 8


def test_without_a_limit_the_rate_that_was_seen_is_halved_until_it_is_fast_again():
    bucket = Bucket(0)
    bucket.slow_down(0.0, 20)
    assert bucket.rate == 10
    for _ in range(100):
        bucket.speed_up()
    assert bucket.rate == math.inf


def test_it_never_stands_still():
    bucket = Bucket(0)
    for second in range(20):
        bucket.slow_down(second * 2.0, 0)

    assert bucket.rate == rates.SLOWEST


def test_a_provider_that_asks_slows_its_own_mail_and_no_other():
    pace = Pace()
    for tick in range(100):
        pace.hold(ACME, "maya@gmail.com", tick / 10)
    pace.heard("maya@gmail.com", throttled(), 10.0)

    assert let_through(pace, 10, "maya@gmail.com", start=10.0) == pytest.approx(50, abs=5)
    assert pace.room(ACME, 16, 20.0) == 16
    assert pace.hold(ACME, "ines@sapo.pt", 20.0) == 0
    for _ in range(200):
        pace.heard("maya@gmail.com", None, 20.0)
    assert [pace.hold(ACME, "maya@gmail.com", 20.0) for _ in range(50)] == [0.0] * 50


@pytest.mark.parametrize(
    "error", [throttled(Phase.MAIL), throttled(Phase.MAIL, Verdict.LINE_LOST, 421), throttled(Phase.LOGIN)]
)
def test_a_relay_that_asks_slows_everything(error):
    pace = Pace(relay=10)
    pace.hold(ACME, "maya@gmail.com", 0.0)
    pace.heard("maya@gmail.com", error, 0.0)

    assert let_through(pace, 10, "ines@sapo.pt") < 30


def test_a_relay_that_closes_while_hardly_anything_leaves_holds_the_next_mail_for_a_second():
    pace = Pace()
    pace.heard("maya@gmail.com", throttled(Phase.CONNECT, Verdict.LINE_LOST, 421), 0.0)

    assert (pace.room(ACME, 16, 0.0), pace.room(ACME, 16, 1.0)) == (0, 1)


@pytest.mark.parametrize(
    ("reason", "verdict", "code"),
    [
        ("550 5.1.1 unknown", Verdict.NO_SUCH_ADDRESS, 550),
        ("421 4.3.2 shutting down", Verdict.LINE_LOST, 421),
        ("421 4.4.2 you said nothing", Verdict.LINE_LOST, 421),
    ],
)
def test_another_refusal_slows_nothing(reason, verdict, code):
    pace = Pace(relay=10)
    pace.heard("maya@gmail.com", DeliveryError(reason, verdict=verdict, phase=Phase.MAIL, code=code), 0.0)

    assert pace.room(ACME, 100, 0.0) == 10


def test_not_every_domain_that_ever_was_is_remembered():
    pace = Pace(provider=1)
    for number in range(rates.MOST_IDLE + 10):
        pace.hold(ACME, f"maya@example{number}.org", 0.0)

    assert len(pace._providers) == rates.MOST_IDLE  # noqa: SLF001 - what it holds in memory is the promise
