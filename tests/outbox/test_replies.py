"""What becomes of a message at every class of reply: its state, its count, its next try, and the address."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.db.session import reading
from recruiter.outbox import suppressions
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Attempt, MessageState
from recruiter.outbox.replies import Said, Verdict, explained

QUEUED, REJECTED, DEAD = MessageState.QUEUED, MessageState.REJECTED, MessageState.DEAD
SECOND, MINUTE, HOUR = 1, 60, 3600


def suppressed(box, address="maya@example.org"):
    with box.app.app_context(), reading(box.firm.id) as session:
        return suppressions.find(session, box.firm.id, address)


@pytest.mark.parametrize(
    ("code", "detail", "words", "raw"),
    [
        ("no_such_address", "5.1.1 User unknown", "The address does not exist.", "5.1.1 User unknown"),
        ("bounced", "5.1.1 550 5.1.1 gone", "The address does not exist.", "5.1.1 550 5.1.1 gone"),
        ("bounced", "4.4.7 expired", "The mail server could not be reached.", "4.4.7 expired"),
        ("bounced", "5.7.1", "The mail server takes no mail from us.", "5.7.1"),
        (
            None,
            "Mail came back on 2026-03-02: 5.1.1 x",
            "Mail came back on 2026-03-02: the address does not exist.",
            "5.1.1 x",
        ),
        ("bounced", "Sorry, no mailbox here.", "Sorry, no mailbox here.", ""),
        ("expired", "It was not to be sent any more.", "It was not to be sent any more.", ""),
        ("maybe_twice", None, "", ""),
    ],
)
def test_what_a_server_said_is_explained(code, detail, words, raw):
    assert explained(code, detail) == Said(words, raw)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_a_sentence(verdict):
    assert verdict.words.endswith(".")


@pytest.mark.parametrize(
    ("step", "answer", "state", "code", "tries", "seconds"),
    [
        ("mail", "421 4.3.2 going down", QUEUED, "line_lost", 0, 2 * SECOND),
        ("recipient", "451 4.3.2 not accepting", QUEUED, "line_lost", 0, 2 * SECOND),
        ("recipient", "450 4.4.1 no route", QUEUED, "line_lost", 0, 2 * SECOND),
        ("recipient", "450 4.7.1 come back", QUEUED, "greylisted", 1, 5 * MINUTE),
        ("recipient", "451 4.2.0 come back", QUEUED, "greylisted", 1, 5 * MINUTE),
        ("data", "452 4.2.2 mailbox full", QUEUED, "mailbox_full", 1, HOUR),
        ("recipient", "552 5.2.2 over quota", QUEUED, "mailbox_full", 1, HOUR),
        ("data", "454 4.7.0 throttled", QUEUED, "throttled", 0, 15 * SECOND),
        ("data", "450 4.7.28 unusual rate", QUEUED, "throttled", 0, 15 * SECOND),
        ("mail", "450 rate limit", QUEUED, "throttled", 0, 15 * SECOND),
        ("data", "451 4.3.0 later", QUEUED, "temporary", 1, 5 * MINUTE),
    ],
)
def test_what_may_pass_is_tried_again_by_its_own_ladder(
    box, deliver, smtp_sink, step, answer, state, code, tries, seconds
):
    getattr(smtp_sink.faults, step).append(answer)
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.problem_code, row.tries, row.first_due_at) == (state, code, tries, message.first_due_at)
    waits = (row.due_at - clock.now()).total_seconds()
    assert seconds * 0.9 - 20 < waits <= seconds * 1.1
    assert suppressed(box) is None


@pytest.mark.parametrize(
    ("step", "answer", "state", "code", "is_suppressed"),
    [
        ("recipient", "550 5.1.1 unknown", REJECTED, "no_such_address", True),
        ("recipient", "550 5.1.2 no such host", REJECTED, "no_such_address", True),
        ("recipient", "553 5.1.3 bad syntax", REJECTED, "no_such_address", True),
        ("recipient", "556 5.1.10 null MX", REJECTED, "no_such_address", True),
        ("recipient", "550 5.2.1 disabled", REJECTED, "no_such_address", True),
        ("data", "550 5.7.1 policy", REJECTED, "sender_refused", False),
        ("data", "550 5.7.26 unauthenticated", REJECTED, "sender_refused", False),
        ("data", "550 5.7.515 unauthenticated", REJECTED, "sender_refused", False),
        ("data", "554 bad reputation", REJECTED, "sender_refused", False),
        ("recipient", "550 no", REJECTED, "refused", False),
        ("data", "554 5.6.7 needs SMTPUTF8", DEAD, "unsendable", False),
        ("mail", "503 5.5.1 bad sequence", DEAD, "unsendable", False),
        ("data", "552 5.3.4 too big", DEAD, "unsendable", False),
    ],
)
def test_what_is_final_ends_and_a_dead_address_alone_is_suppressed(
    box, deliver, smtp_sink, step, answer, state, code, is_suppressed
):
    getattr(smtp_sink.faults, step).append(answer)
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.problem_code, row.problem_detail) == (state, code, answer)
    assert (suppressed(box) is not None) is is_suppressed
    if is_suppressed:
        assert suppressed(box).expires_at is None


@pytest.mark.parametrize("answer", ["535 5.7.8 wrong password", "530 5.7.0 log in first"])
def test_a_relay_that_does_not_know_us_counts_against_no_message(box, deliver, smtp_sink, answer):
    smtp_sink.faults.mail.append(answer)
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.problem_code, row.tries) == (QUEUED, "credentials", 0)
    assert (row.due_at - clock.now()).total_seconds() > 5


def test_greylisting_is_waited_out_at_5_15_30_and_60_minutes_and_then_hourly(box, deliver, smtp_sink):
    message, waits = box.queue(), []
    smtp_sink.faults.always_recipient = "451 4.7.1 greylisted"
    for _ in range(5):
        box.make_due(message)
        deliver()
        waits.append(round((box.look(message).due_at - clock.now()).total_seconds() / 60))

    assert [low <= wait <= high for wait, (low, high) in zip(
        waits, [(4, 6), (13, 17), (27, 33), (54, 66), (54, 66)], strict=True
    )] == [True] * 5  # fmt: skip


def test_a_mailbox_that_was_full_for_three_mails_gets_nothing_for_a_month(box, deliver, smtp_sink, stream):
    smtp_sink.faults.always_recipient = "452 4.2.2 mailbox full"
    first, second = box.queue(), box.queue(recipient=Mailbox("Maya", "Maya@Example.org"))
    deliver()
    box.make_due(first)
    deliver()
    assert suppressed(box) is None

    third, other = box.queue(), box.queue(recipient=Mailbox("Ken", "ken@example.org"))
    deliver()

    assert [box.look(message).state for message in (first, second, other)] == [QUEUED] * 3
    assert (box.look(third).state, stream.outcomes(third)) == (MessageState.SUPPRESSED, ["suppressed"])
    ends = suppressed(box).expires_at - clock.now()
    assert dt.timedelta(days=29) < ends <= dt.timedelta(days=30)


def test_a_mailbox_that_was_full_long_ago_counts_no_more(app, box, deliver, smtp_sink):
    smtp_sink.faults.always_recipient = "452 4.2.2 mailbox full"
    old = [box.queue(), box.queue()]
    deliver()
    for message in old:
        (attempt,) = box.attempts(message)
        box.change_row(Attempt, attempt.id, started_at=clock.now() - dt.timedelta(days=15))
    last = box.queue()
    deliver()

    assert (box.look(last).state, box.look(last).problem_code) == (QUEUED, Verdict.MAILBOX_FULL)


def test_a_suppression_that_has_ended_keeps_nothing_back(box, deliver, smtp_sink):
    smtp_sink.faults.always_recipient = "452 4.2.2 mailbox full"
    for _ in range(3):  # one after the other: what is tried at the same moment does not see each other
        box.queue()
        deliver()
    box.change_row(suppressions.Suppression, suppressed(box).id, expires_at=clock.now() - dt.timedelta(seconds=1))
    smtp_sink.faults.always_recipient = None
    message = box.queue()
    deliver()

    assert box.look(message).state is MessageState.ACCEPTED


@pytest.mark.parametrize(
    ("address", "state"), [("maya@bücher.example", MessageState.ACCEPTED), ("mäya@example.org", DEAD)]
)
def test_a_name_of_another_script_is_written_in_ascii_or_parked_with_the_reason(
    box, deliver, smtp_sink, address, state
):
    message = box.queue(recipient=Mailbox("Maya", address))
    deliver()

    assert box.look(message).state is state
    if state is DEAD:
        assert box.look(message).problem_detail
        assert smtp_sink.raw == []
    else:
        assert smtp_sink.envelopes[0][1] == ["maya@xn--bcher-kva.example"]
