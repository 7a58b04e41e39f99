"""The worker keeps to the rates that are set, heeds who asks it to slow down, and lets a new firm begin slowly."""

import dataclasses
import datetime as dt
import uuid

import pytest

from recruiter import clock, config
from recruiter.outbox import warming
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Attempt, MessageState
from tests import build, mail
from tests.outbox.conftest import Box

SLOW = 0.01  # messages a second: one, and then none for longer than a test lasts


def states(box, messages):
    return [box.look(message).state for message in messages]


@pytest.mark.parametrize("limit", ["mail_rate", "mail_firm_rate"])
def test_no_more_leave_than_the_rate_allows(app, settings, box, smtp_sink, limit):
    messages = [box.queue() for _ in range(3)]
    with mail.posting(app, settings, smtp_sink.url, **{limit: SLOW}) as post:
        mail.deliver(app, post)

    assert sorted(states(box, messages)) == [MessageState.ACCEPTED, MessageState.QUEUED, MessageState.QUEUED]


def test_mail_to_a_slow_provider_waits_for_its_turn_and_holds_up_nothing_else(app, settings, box, smtp_sink):
    slow = [box.queue(recipient=Mailbox("", f"maya{number}@gmail.com")) for number in range(40)]
    other = box.queue(recipient=Mailbox("", "ines@sapo.pt"))
    with mail.posting(app, settings, smtp_sink.url, mail_provider_rate=SLOW, mail_connections=1) as post:
        mail.deliver(app, post)

    assert box.look(other).state is MessageState.ACCEPTED
    waiting = [row for row in map(box.look, slow) if row.state is MessageState.QUEUED]
    assert len(waiting) == 39
    assert {(row.problem_code, row.attempts) for row in waiting} == {("slowed", 0)}
    assert len({row.due_at for row in waiting}) == 39, "each has a turn of its own"


def test_a_provider_that_asks_us_to_slow_down_rests_nobody_else(app, settings, box, smtp_sink):
    smtp_sink.faults.data.append("454 4.7.28 slow down")
    first = box.queue(recipient=Mailbox("", "maya@gmail.com"))
    with mail.posting(app, settings, smtp_sink.url) as post:
        mail.deliver(app, post)
        second = box.queue(recipient=Mailbox("", "ken@gmail.com"))
        other = box.queue(recipient=Mailbox("", "ines@sapo.pt"))
        mail.deliver(app, post)

    assert (box.look(first).problem_code, box.look(first).tries) == ("throttled", 0)
    assert box.look(second).problem_code == "slowed"
    assert box.look(other).state is MessageState.ACCEPTED


def test_the_sample_firm_is_not_slowed(app, settings, stream, smtp_sink):
    with app.app_context():
        sample = Box(app, build.firm("Sample", is_sample=True))
    messages = [sample.queue() for _ in range(3)]
    with mail.posting(app, settings, smtp_sink.url, mail_rate=SLOW) as post:
        mail.deliver(app, post)

    assert states(sample, messages) == [MessageState.ACCEPTED] * 3


@pytest.fixture
def warming_up(settings):
    config.use(dataclasses.replace(settings, mail_warm_up=2))
    yield
    config.use(settings)


def test_a_new_firm_begins_slowly_and_sends_half_as_much_more_the_next_day(box, deliver, smtp_sink, warming_up):
    messages = [box.queue() for _ in range(6)]
    deliver()

    waiting = [row for row in map(box.look, messages) if row.state is MessageState.QUEUED]
    assert len(smtp_sink.raw) == 2
    assert {(row.problem_code, row.due_at) for row in waiting} == {("warming_up", warming.tomorrow())}

    sent = [row for row in map(box.look, messages) if row.state is MessageState.ACCEPTED]
    for number, row in enumerate(sent):
        (attempt,) = box.attempts(row)
        yesterday = clock.now() - dt.timedelta(days=1)
        box.change_row(Attempt, attempt.id, id=uuid.UUID(int=number + 1), started_at=yesterday)
    for row in waiting:
        box.make_due(row)
    deliver()
    assert len(smtp_sink.raw) == 2 + 3


def test_the_allowance_grows_by_half_a_day_and_ends_after_a_month():
    assert [warming.allowance(50, day) for day in (0, 1, 2, 29, 30)] == [50, 75, 112, 6391701, None]
    assert warming.allowance(0, 0) is None


def test_a_firm_that_is_known_may_send_any_number(box, deliver, smtp_sink, warming_up):
    first = box.queue()
    deliver()
    (attempt,) = box.attempts(first)
    box.change_row(Attempt, attempt.id, id=uuid.UUID(int=1), started_at=clock.now() - dt.timedelta(days=40))
    for _ in range(5):
        box.queue()
    deliver()

    assert len(smtp_sink.raw) == 6
