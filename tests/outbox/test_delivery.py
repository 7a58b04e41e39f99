"""From a queued row to a mail at a real server, and back to the row."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import AttemptOutcome, MessageState
from recruiter.outbox.service import AlreadyQueued
from recruiter.outbox.streams import Stop


def test_a_due_message_arrives_and_what_was_said_is_kept_without_its_link(box, deliver, smtp_sink, stream):
    message = box.queue("Read it at https://firm.example/f/t0ken please.")

    deliver()

    (mail,) = smtp_sink.messages
    assert str(mail["From"]) == "Sam Okafor <recruiter@agency.example.com>"
    assert str(mail["To"]) == "Maya Ferreira <maya@example.org>"
    assert str(mail["Reply-To"]) == "Sam Okafor <sam@northgate.example>"
    assert str(mail["Message-ID"]) == message.message_id
    assert "https://firm.example/f/t0ken" in mail.get_body(("plain",)).get_content()
    assert "<p>Read it" in mail.get_body(("html",)).get_content()
    row = box.look(message)
    assert (row.state, row.attempts, row.problem_code) == (MessageState.ACCEPTED, 1, None)
    assert row.accepted_at is not None
    assert row.sent_text == "Read it at https://firm.example/f/[link] please."
    (attempt,) = box.attempts(message)
    assert (attempt.outcome, attempt.reply) == (AttemptOutcome.ACCEPTED, "250 2.0.0 queued as 1")
    assert stream.outcomes(message) == ["accepted"]


def test_nothing_leaves_before_it_is_due(box, deliver, smtp_sink):
    message = box.queue(due_at=clock.now() + dt.timedelta(minutes=10))

    deliver()

    assert (smtp_sink.raw, box.look(message).state) == ([], MessageState.QUEUED)


def test_the_same_cause_is_queued_once(box):
    box.queue(dedupe_key="notice:1")

    with pytest.raises(AlreadyQueued):
        box.queue(dedupe_key="notice:1")


def test_what_is_withdrawn_in_time_never_leaves(box, deliver, smtp_sink):
    message = box.queue()

    assert box.withdraw(message)
    assert not box.withdraw(message)
    deliver()

    assert (smtp_sink.raw, box.look(message).state) == ([], MessageState.CANCELLED)


def test_what_has_left_cannot_be_withdrawn(box, deliver):
    message = box.queue()
    deliver()

    assert not box.withdraw(message)
    assert box.look(message).state is MessageState.ACCEPTED


def test_a_retry_is_byte_for_byte_the_same(box, deliver, smtp_sink):
    message = box.queue("Your letter.")
    smtp_sink.faults.data.append("451 4.3.0 later")
    deliver()
    box.make_due(message)
    deliver()

    assert len(smtp_sink.refused) == len(smtp_sink.raw) == 1
    assert smtp_sink.refused == smtp_sink.raw
    assert [attempt.outcome for attempt in box.attempts(message)] == [
        AttemptOutcome.DEFERRED,
        AttemptOutcome.ACCEPTED,
    ]


def test_a_temporary_refusal_is_tried_again_later(box, deliver, smtp_sink, stream):
    smtp_sink.faults.recipient.append("451 4.7.1 greylisted, come back")
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.tries, row.problem_code) == (MessageState.QUEUED, 1, "greylisted")
    assert dt.timedelta(minutes=4) < row.due_at - clock.now() < dt.timedelta(minutes=6)
    assert stream.outcomes(message) == ["deferred"]
    box.make_due(message)
    deliver()
    assert box.look(message).state is MessageState.ACCEPTED
    assert stream.outcomes(message) == ["deferred", "accepted"]


def test_before_its_content_was_handed_over_a_deferred_message_can_be_withdrawn(box, deliver, smtp_sink):
    smtp_sink.faults.recipient.append("451 4.7.1 greylisted, come back")
    smtp_sink.faults.data.append("451 4.3.0 later")
    early, late = box.queue(), box.queue()
    deliver()

    taken_back = {box.withdraw(early), box.withdraw(late)}

    assert taken_back == {True, False}


def test_a_dead_address_gets_nothing_more(box, deliver, smtp_sink, stream):
    smtp_sink.faults.recipient.append("550 5.1.1 no such mailbox")
    first = box.queue()
    deliver()
    second = box.queue(recipient=Mailbox("Maya", "Maya@Example.org"))
    deliver()

    assert (box.look(first).state, box.look(first).problem_code) == (MessageState.REJECTED, "no_such_address")
    assert (box.look(second).state, box.look(second).problem_code) == (MessageState.SUPPRESSED, "suppressed")
    assert "550 5.1.1 no such mailbox" in box.look(second).problem_detail
    assert (stream.outcomes(first), stream.outcomes(second)) == (["rejected"], ["suppressed"])
    assert smtp_sink.raw == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 5.7.1 policy", MessageState.REJECTED), ("554 5.6.7 needs SMTPUTF8", MessageState.DEAD)],
)
def test_a_refusal_for_good_ends_the_message_but_not_the_address(box, deliver, smtp_sink, answer, state):
    smtp_sink.faults.data.append(answer)
    message = box.queue()
    deliver()
    box.queue()
    deliver()

    assert (box.look(message).state, len(smtp_sink.raw)) == (state, 1)


def test_a_stopped_message_ends_with_its_reason(box, deliver, smtp_sink, stream):
    stream.stop = Stop("hired", "Maya was hired meanwhile.")
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.problem_code, row.problem_detail, row.attempts) == (
        MessageState.STOPPED, "hired", "Maya was hired meanwhile.", 0,
    )  # fmt: skip
    assert (smtp_sink.raw, stream.outcomes(message)) == ([], ["stopped"])


def test_a_message_that_must_wait_is_asked_about_again(box, deliver, smtp_sink, stream):
    later = clock.now() + dt.timedelta(hours=2)
    stream.stop = Stop("night", "It is night where Maya lives.", until=later)
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.due_at, row.problem_code) == (MessageState.QUEUED, later, "night")
    assert (smtp_sink.raw, stream.heard) == ([], [])


def test_a_message_past_its_time_is_not_sent_any_more(box, deliver, smtp_sink, stream):
    message = box.queue(not_after=clock.now() - dt.timedelta(seconds=1))
    deliver()

    assert (box.look(message).state, smtp_sink.raw) == (MessageState.EXPIRED, [])
    assert stream.outcomes(message) == ["expired"]
