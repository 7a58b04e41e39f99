"""A clock that is moved sends nothing early and loses nothing; a night with an hour more or less is no such thing."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
import time_machine

from recruiter import clock
from recruiter.outbox import claims
from recruiter.outbox.jumps import HOLD_SECONDS, Jumps
from recruiter.outbox.models import MessageState
from recruiter.outbox.worker import Post
from tests import mail

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_two_clocks_that_go_together_hold_nothing():
    jumps = Jumps()

    assert [jumps.holds(NOON + dt.timedelta(seconds=seconds), 100.0 + seconds) for seconds in range(3)] == [False] * 3


@pytest.mark.parametrize("moved", [HOUR, -HOUR, dt.timedelta(seconds=6)])
def test_a_clock_that_was_moved_holds_for_one_undo_window(events, moved):
    jumps = Jumps()
    jumps.holds(NOON, 100.0)

    assert jumps.holds(NOON + moved, 100.0)
    assert jumps.holds(NOON + moved + dt.timedelta(seconds=HOLD_SECONDS - 1), 100.0 + HOLD_SECONDS - 1)
    assert not jumps.holds(NOON + moved + dt.timedelta(seconds=HOLD_SECONDS), 100.0 + HOLD_SECONDS)
    assert [(event["event"], event["ms"]) for event in events] == [("clock_moved", moved.total_seconds() * 1000)]


def test_a_clock_that_is_corrected_a_little_holds_nothing():
    jumps = Jumps()
    jumps.holds(NOON, 100.0)

    assert not jumps.holds(NOON + dt.timedelta(seconds=4), 100.0)


class MovedClock:
    """The wall clock of the process, moved by as much as the test says."""

    def __init__(self, monkeypatch):
        self.by = dt.timedelta()
        real = clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.by)


@pytest.fixture
def wall(monkeypatch):
    return MovedClock(monkeypatch)


def test_what_is_held_does_not_leave_early_when_the_clock_is_moved_forward(app, settings, box, smtp_sink, wall):
    held = box.queue(due_at=clock.now() + dt.timedelta(minutes=10))
    with mail.posting(app, settings, smtp_sink.url) as post:
        mail.deliver(app, post)
        wall.by = HOUR
        mail.deliver(app, post)
        assert smtp_sink.raw == []
        assert box.withdraw(held)


def test_nor_when_it_is_moved_while_the_lines_are_busy(app, settings, box, smtp_sink, wall):
    smtp_sink.faults.waits_for = threading.Event()
    for _ in range(6):
        box.queue()
    held = box.queue(due_at=clock.now() + dt.timedelta(minutes=10))

    def move():
        wall.by = HOUR
        smtp_sink.faults.waits_for.set()

    with mail.posting(app, settings, smtp_sink.url, mail_connections=1) as post:
        with app.app_context():
            post.drain()
        smtp_sink.wait_for_data()
        later = threading.Timer(0.1, move)
        later.start()
        mail.deliver(app, post)
        later.join()

    assert box.withdraw(held)


def test_what_is_given_back_under_a_moved_clock_is_due_when_it_is_right_again(app, box, deliver, smtp_sink, wall):
    box.queue()
    with app.app_context():
        (lease,) = claims.claim(box.firm.id, "elsewhere", 1)
        wall.by = HOUR
        claims.release(lease)
    wall.by = dt.timedelta(minutes=3)
    deliver()

    assert len(smtp_sink.raw) == 1


@pytest.mark.parametrize("sweep", [Post.sweep, Post.end_leases], ids=["one machine", "many machines"])
def test_a_lease_is_not_taken_from_its_holder_because_the_clock_was_moved(app, settings, box, smtp_sink, wall, sweep):
    with mail.posting(app, settings, smtp_sink.url) as post, app.app_context():
        sweep(post)
        message = box.queue()
        box.change(
            message,
            state=MessageState.SENDING,
            lease_owner="elsewhere",
            lease_until=clock.now() + dt.timedelta(minutes=2),
        )
        wall.by = HOUR
        sweep(post)

    assert box.look(message).state is MessageState.SENDING


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Lisbon", "2026-03-29T00:30:00"),
        ("America/New_York", "2026-11-01T00:30:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:00:00"),
    ],
)
def test_an_undo_window_over_the_night_of_the_change_is_as_long_as_any(app, settings, box, smtp_sink, zone, night):
    begins = dt.datetime.fromisoformat(night).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    with time_machine.travel(begins, tick=False) as traveller:
        held = box.queue(due_at=clock.now() + 2 * HOUR)
        with mail.posting(app, settings, smtp_sink.url) as post:
            for minutes, arrived in ((119, 0), (1, 1)):
                traveller.shift(dt.timedelta(minutes=minutes))
                post._jumps = Jumps()  # noqa: SLF001 - the test's clock was moved on purpose
                mail.deliver(app, post)
                assert len(smtp_sink.raw) == arrived

    assert box.look(held).accepted_at == begins + 2 * HOUR
