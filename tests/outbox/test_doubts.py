"""A mail that may have arrived: how long a sign of it is waited for, and who decides what then happens."""

import dataclasses
import datetime as dt

import pytest

from recruiter import clock, config
from recruiter.accounts.models import Firm
from recruiter.audit.service import SYSTEM
from recruiter.errors import NotFound
from recruiter.outbox import doubts, recovery
from recruiter.outbox.doubts import Choice, Decide, NotDoubtful
from recruiter.outbox.models import MessageState


@pytest.fixture
def doubtful(box, deliver, smtp_sink):
    smtp_sink.faults.data.append("drop")
    message = box.queue()
    deliver()
    assert box.look(message).state is MessageState.DOUBTFUL
    return message


def run_out(box, message):
    box.change(message, lease_until=clock.now() - dt.timedelta(seconds=1))
    with box.app.app_context():
        recovery.end_leases(clock.now())


def decide(box, message, choice, firm=None):
    with box.app.app_context():
        firm_id = (firm or box.firm).id
        return doubts.decide(Decide(firm_id=firm_id, actor=SYSTEM, message_id=message.id, choice=choice))


def test_a_sign_of_it_is_waited_for_a_quarter_of_an_hour(box, doubtful):
    waits = box.look(doubtful).lease_until - clock.now()

    assert dt.timedelta(minutes=14) < waits <= dt.timedelta(minutes=15)


def test_how_long_is_a_setting(box, settings, deliver, smtp_sink):
    config.use(dataclasses.replace(settings, evidence_seconds=0))
    try:
        smtp_sink.faults.data.append("drop")
        message = box.queue()
        deliver()
        assert box.look(message).lease_until <= clock.now()
    finally:
        config.use(settings)


def test_where_the_firm_wants_it_the_mail_waits_for_a_person(box, doubtful, deliver, smtp_sink, stream):
    box.change_row(Firm, box.firm.id, holds_doubtful=True)
    run_out(box, doubtful)
    run_out_again = box.look(doubtful)
    assert (run_out_again.state, run_out_again.lease_until) == (MessageState.DOUBTFUL, None)
    with box.app.app_context():
        recovery.end_leases(clock.now())
    deliver()
    assert len(smtp_sink.raw) == 1

    decide(box, doubtful, Choice.SEND)
    deliver()

    assert box.look(doubtful).state is MessageState.ACCEPTED
    assert smtp_sink.raw[0] == smtp_sink.raw[1]
    assert stream.outcomes(doubtful) == ["doubtful", "accepted"]


def test_a_person_may_decide_earlier_and_once(box, doubtful, stream):
    decide(box, doubtful, Choice.LEAVE)

    row = box.look(doubtful)
    assert (row.state, row.problem_code) == (MessageState.DEAD, "doubtful")
    assert stream.outcomes(doubtful) == ["doubtful", "dead"]
    with pytest.raises(NotDoubtful):
        decide(box, doubtful, Choice.SEND)


def test_a_message_that_is_not_there_cannot_be_decided(box):
    with pytest.raises(NotFound):
        decide(box, box.firm, Choice.SEND)
