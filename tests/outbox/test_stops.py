"""Nothing leaves while it is paused or refused; nothing is lost by that, and nothing counts against a message."""

import datetime as dt
import itertools

import pytest

from recruiter import clock
from recruiter.audit.service import SYSTEM
from recruiter.db.session import reading
from recruiter.outbox import claims, delivery, stops
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Attempt, MessageState, StopKind
from tests import build
from tests.outbox.conftest import Box

_numbers = itertools.count(1)
REFUSAL = "550 5.7.26 unauthenticated"


@pytest.fixture
def context(app):
    with app.app_context():
        yield


def halt(box):
    with reading(box.firm.id) as session:
        return stops.find(session, box.firm.id)


def test_a_paused_firm_sends_nothing_until_it_is_resumed(app, box, deliver, smtp_sink, context):
    other = Box(app, build.firm("Another"))
    waits, leaves = box.queue(), other.queue()
    stops.pause(box.firm.id, SYSTEM)
    stops.pause(box.firm.id, SYSTEM)
    deliver()

    assert [box.look(waits).state, other.look(leaves).state] == [MessageState.QUEUED, MessageState.ACCEPTED]
    assert (box.look(waits).due_at, box.look(waits).attempts) == (waits.due_at, 0)
    assert (halt(box).kind, halt(box).is_everybodys) == (StopKind.PAUSED, False)
    assert stops.resume(box.firm.id, SYSTEM)
    assert not stops.resume(box.firm.id, SYSTEM)
    deliver()
    assert box.look(waits).state is MessageState.ACCEPTED


def test_a_pause_takes_back_what_was_claimed_and_taking_back_a_message_still_works(box, context):
    claimed, withdrawn = box.queue(), box.queue()
    leases = claims.claim(box.firm.id, "somebody", 10)
    stops.pause(box.firm.id, SYSTEM)

    assert delivery.turn([], leases) == []
    assert box.withdraw(withdrawn)
    assert (box.look(claimed).state, box.look(withdrawn).state) == (MessageState.QUEUED, MessageState.CANCELLED)


def test_a_pause_of_everybody_holds_every_firm_and_leaves_its_own_stop(app, box, deliver, smtp_sink, context):
    other = Box(app, build.firm("Another"))
    messages = [box.queue(), other.queue()]
    (lease,) = claims.claim(box.firm.id, "somebody", 10)
    stops.pause(other.firm.id, SYSTEM)
    stops.pause_everybody("The relay moves.")
    stops.pause_everybody("The relay moves to a new house.")
    deliver()

    assert delivery.turn([], [lease]) == []
    assert smtp_sink.raw == []
    assert (halt(box).detail, halt(box).is_everybodys) == ("The relay moves to a new house.", True)
    assert stops.resume_everybody()
    assert not stops.resume_everybody()
    deliver()
    assert [box.look(messages[0]).state, other.look(messages[1]).state] == [MessageState.ACCEPTED, MessageState.QUEUED]


def refuse(box, deliver, smtp_sink, answer=REFUSAL):
    smtp_sink.faults.data.append(answer)
    message = box.queue(recipient=Mailbox("", f"somebody{next(_numbers)}@example.org"))
    deliver()
    return message


def test_after_three_refusals_of_the_sender_the_firm_stops(app, box, deliver, smtp_sink, context):
    other = Box(app, build.firm("Another"))
    refuse(box, deliver, smtp_sink)
    refuse(box, deliver, smtp_sink, "550 5.1.1 somebody else's fault")
    refuse(box, deliver, smtp_sink)
    assert halt(box) is None

    third = refuse(box, deliver, smtp_sink)
    waits, elsewhere = box.queue(), other.queue()
    deliver()

    assert (halt(box).kind, halt(box).detail) == (StopKind.REFUSED, REFUSAL)
    assert box.look(third).state is MessageState.REJECTED
    assert (box.look(waits).state, box.look(waits).attempts) == (MessageState.QUEUED, 0)
    assert other.look(elsewhere).state is MessageState.ACCEPTED


def test_refusals_of_before_the_resuming_or_of_long_ago_do_not_count(box, deliver, smtp_sink, context):
    old = [refuse(box, deliver, smtp_sink) for _ in range(2)]
    for message in old:
        (attempt,) = box.attempts(message)
        box.change_row(Attempt, attempt.id, started_at=clock.now() - dt.timedelta(minutes=11))
    for _ in range(2):
        refuse(box, deliver, smtp_sink)
    assert halt(box) is None
    refuse(box, deliver, smtp_sink)
    assert halt(box) is not None

    stops.resume(box.firm.id, SYSTEM)
    refuse(box, deliver, smtp_sink)
    assert halt(box) is None
