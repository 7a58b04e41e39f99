"""Rounds of messages on one line: marked in groups, settled together, and none in another's way."""

import threading

import pytest
from sqlalchemy import event

from recruiter import clock
from recruiter.db.engine import db
from recruiter.db.session import transaction
from recruiter.outbox import claims, delivery, leases, recovery, sender, service, streams, suppressions
from recruiter.outbox.journal import Journal
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import AttemptOutcome, MessageState, StreamKind
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.sender import Sender
from recruiter.outbox.service import AlreadyQueued, NewMessage
from recruiter.outbox.settlement import Accepted, Ended
from recruiter.outbox.streams import Content, Stop
from recruiter.outbox.suppressions import Suppress
from recruiter.outbox.transports.base import DeliveryError
from recruiter.outbox.transports.maildir import MaildirTransport
from tests import mail

CONTENT = Content(subject="s", text="t", html="h")


@pytest.fixture(params=[1, 10], ids=["marks", "groups"])
def marks(request):
    return request.param


@pytest.fixture
def grouped(app, settings, smtp_sink, marks):
    with mail.posting(app, settings, smtp_sink.url, mail_connections=1, mail_marks=marks) as post:
        yield lambda: mail.deliver(app, post)


def states(box, messages):
    return [box.look(message).state for message in messages]


def test_a_round_is_delivered_whole(box, grouped, smtp_sink, stream):
    messages = [box.queue(f"Letter {number} with t0ken.") for number in range(25)]
    grouped()

    assert smtp_sink.counts == {message.message_id: 1 for message in messages}
    assert set(states(box, messages)) == {MessageState.ACCEPTED}
    rows = [box.look(message) for message in messages]
    assert [row.sent_text for row in rows] == [f"Letter {number} with [link]." for number in range(25)]
    assert {row.attempts for row in rows} == {1}
    tries = [attempt for message in messages for attempt in box.attempts(message)]
    assert [(each.number, each.outcome) for each in tries] == [(1, AttemptOutcome.ACCEPTED)] * 25
    assert sorted(stream.heard) == sorted((message.id, "accepted") for message in messages)


def test_a_relay_that_hangs_up_within_a_round_is_called_again(box, grouped, smtp_sink):
    smtp_sink.faults.close_after = 1
    messages = [box.queue() for _ in range(3)]
    grouped()

    assert smtp_sink.lines == 3
    assert smtp_sink.counts == {message.message_id: 1 for message in messages}
    assert set(states(box, messages)) == {MessageState.ACCEPTED}


def test_a_mail_takes_few_statements_however_many_there_are(app, box, settings, smtp_sink):
    def count(number):
        said = []
        for _ in range(number):
            box.queue()
        with mail.posting(app, settings, smtp_sink.url, mail_connections=1, mail_marks=10) as post:
            with app.app_context():
                engine = db.engine
            event.listen(engine, "before_cursor_execute", note := lambda *seen: said.append(seen[2]))
            mail.deliver(app, post)
            event.remove(engine, "before_cursor_execute", note)
        return sum(not statement.startswith("PRAGMA") for statement in said)  # of a connection, not of a mail

    few = count(2)
    assert count(10) <= few
    assert few <= 30


def test_what_happens_to_one_of_a_group_happens_to_no_other(box, grouped, smtp_sink):
    smtp_sink.faults.recipient += [None, "550 5.1.1 p1@EXAMPLE.org is unknown", "451 4.3.0 later"]
    wrong = box.queue(recipient=Mailbox("A\r\nB", "maya@example.org"))
    messages = [box.queue(recipient=Mailbox("", f"p{number}@example.org")) for number in range(5)]
    grouped()

    assert box.look(wrong).state is MessageState.DEAD
    found = states(box, messages)
    assert sorted(found) == sorted([MessageState.ACCEPTED] * 3 + [MessageState.REJECTED, MessageState.QUEUED])
    assert box.look(messages[1]).problem_detail == "550 5.1.1 [address] is unknown"
    assert len(smtp_sink.raw) == 3


def test_a_suppressed_address_is_left_out_of_its_group(app, box, grouped, smtp_sink):
    with app.app_context(), transaction(box.firm.id) as session:
        suppressions.suppress(session, box.firm.id, Suppress(address="NO@example.org", reason="She asked."))
    messages = [box.queue(recipient=Mailbox("", f"{name}@example.org")) for name in ("a", "no", "b")]
    grouped()

    assert states(box, messages) == [MessageState.ACCEPTED, MessageState.SUPPRESSED, MessageState.ACCEPTED]
    assert box.look(messages[1]).problem_detail == "She asked."
    assert len(smtp_sink.raw) == 2


def test_a_421_in_a_group_costs_the_line_and_no_message(box, grouped, smtp_sink):
    smtp_sink.faults.mail += [None, "421 4.3.2 enough"]
    messages = [box.queue() for _ in range(5)]
    grouped()
    for message in messages:
        if box.look(message).state is MessageState.QUEUED:
            box.make_due(message)
    grouped()

    assert set(states(box, messages)) == {MessageState.ACCEPTED}
    assert set(smtp_sink.counts.values()) == {1}


@pytest.mark.parametrize(("together", "left", "tried"), [(10, 0, 4), (1, 4, 0)])
def test_what_was_marked_and_not_said_comes_back(app, box, settings, together, left, tried):
    messages = [box.queue() for _ in range(5)]
    journal = Journal(settings.data_dir / "outbox")
    goes_on = iter([True, True])  # for the group and for its first message
    with app.app_context(), MaildirTransport(settings.data_dir / "mail").line() as line:
        (work,) = leases.rounds(claims.claim(box.firm.id, journal.owner, 10), 1)
        one = Sender(
            line,
            journal.page(),
            together,
            delivery.turn,
            threading.Event(),
            lambda: next(goes_on, False),
            lambda *_: None,
        )
        assert len(one.send(work)) == left
    journal.close(keep=False)

    found = states(box, messages)
    assert found.count(MessageState.ACCEPTED) == 1
    assert found.count(MessageState.QUEUED) == tried
    outcomes = [each.outcome for message in messages for each in box.attempts(message)]
    assert outcomes.count(AttemptOutcome.NOT_SENT) == tried


def test_the_journal_tells_every_message_of_a_group_apart(app, box, settings):
    journal = Journal(settings.data_dir / "outbox")
    page = journal.page()
    taken, doubted, begun, untouched = messages = [box.queue("Read t0ken.") for _ in range(4)]
    with app.app_context():
        found = claims.claim(box.firm.id, journal.owner, 10)
        delivery.turn([], found)
    page.clear()
    page.begin(taken.id, 1)
    page.note(Phase.DOT)
    page.accept("250 ok")
    page.begin(doubted.id, 1)
    page.note(Phase.DOT)
    page.begin(begun.id, 1)
    journal.close(keep=True)
    with app.app_context():
        recovery.take_back(settings.data_dir / "outbox")

    assert states(box, messages) == [
        MessageState.ACCEPTED,
        MessageState.DOUBTFUL,
        MessageState.QUEUED,
        MessageState.QUEUED,
    ]
    assert box.attempts(untouched)[0].outcome is AttemptOutcome.NOT_SENT


def test_of_a_group_only_what_is_still_leased_is_settled(app, box, stream):
    messages = [box.queue() for _ in range(3)]
    with app.app_context():
        found = delivery.turn([], claims.claim(box.firm.id, "somebody", 10))
    lost = next(lease for lease in found if lease.message_id == messages[1].id)
    box.change(messages[1], fence=lost.fence + 1)
    with app.app_context():
        delivery.turn([Ended(lease, clock.now(), Accepted("250 ok"), CONTENT) for lease in found], [])

    assert states(box, messages) == [MessageState.ACCEPTED, MessageState.SENDING, MessageState.ACCEPTED]
    assert len(stream.heard) == 2


def test_a_message_in_whose_way_something_is_holds_up_no_other(app, box, grouped, stream, monkeypatch):
    messages = [box.queue() for _ in range(3)]

    def may_leave(_session, asked):
        if messages[1].id in {message.id for message in asked}:
            raise RuntimeError("a mistake of ours")
        return {}

    monkeypatch.setattr(stream, "may_leave", may_leave)
    grouped()

    assert states(box, messages) == [MessageState.ACCEPTED, MessageState.QUEUED, MessageState.ACCEPTED]
    assert box.look(messages[1]).problem_detail == sender.TROUBLE.reason


def test_a_mail_that_cannot_be_read_holds_up_no_other(box, grouped, stream, monkeypatch):
    messages = [box.queue() for _ in range(3)]
    write = stream.writers

    def writers(session, asked):
        if messages[1].id in {message.id for message in asked}:
            raise RuntimeError("a mistake of ours")
        return write(session, asked)

    monkeypatch.setattr(stream, "writers", writers)
    grouped()

    assert states(box, messages) == [MessageState.ACCEPTED, MessageState.QUEUED, MessageState.ACCEPTED]
    assert box.attempts(messages[1])[0].phase == "build"


def test_what_was_marked_can_be_given_back_as_long_as_nothing_was_said(app, box):
    message = box.queue()
    with app.app_context():
        (lease,) = delivery.turn([], claims.claim(box.firm.id, "somebody", 10))
        claims.release(lease)

    assert box.look(message).state is MessageState.QUEUED
    assert box.attempts(message)[0].outcome is AttemptOutcome.NOT_SENT


def test_what_was_withdrawn_meanwhile_is_not_stopped_for_another_reason(app, box, stream):
    stream.stop = Stop("changed", "Something changed.")
    message = box.queue()
    with app.app_context():
        found = claims.claim(box.firm.id, "somebody", 10)
    assert box.withdraw(message)
    with app.app_context():
        assert delivery.turn([], found) == []

    assert (box.look(message).state, box.look(message).problem_code) == (MessageState.CANCELLED, None)


@pytest.mark.parametrize("words", ["550 5.1.1 Maya@Example.org is unknown", "250 ok"])
def test_what_lost_its_stream_is_settled_by_its_reply_or_its_journal(app, settings, box, monkeypatch, words):
    message = box.queue()
    journal = Journal(settings.data_dir / "outbox")
    page = journal.page()
    with app.app_context():
        (lease,) = delivery.turn([], claims.claim(box.firm.id, journal.owner, 10))
        monkeypatch.setattr(streams, "_streams", {})
        if words.startswith("250"):
            page.begin(message.id, 1)
            page.accept(words)
        else:
            refused = DeliveryError(words, verdict=Verdict.NO_SUCH_ADDRESS, phase=Phase.RECIPIENT, code=550)
            delivery.turn([Ended(lease, clock.now(), refused)], [])
        journal.close(keep=True)
        recovery.take_back(settings.data_dir / "outbox")

    state = MessageState.ACCEPTED if words.startswith("250") else MessageState.REJECTED
    assert (box.look(message).state, box.look(message).sent_text) == (state, None)


def test_many_are_queued_at_once_or_not_at_all(app, box, deliver, smtp_sink):
    def new(key):
        return NewMessage(
            stream=StreamKind.NOTICE,
            subject_id=box.firm.id,
            dedupe_key=key,
            recipient=Mailbox("Maya", "maya@example.org"),
            sender=Mailbox("Sam", "sam@northgate.example"),
            due_at=clock.now(),
            payload={"text": "Thank you."},
        )

    with app.app_context():
        with transaction(box.firm.id) as session:
            keys = service.enqueue_all(session, box.firm.id, [new(f"many:{number}") for number in range(30)])
        with pytest.raises(AlreadyQueued), transaction(box.firm.id) as session:
            service.enqueue_all(session, box.firm.id, [new("many:30"), new("many:3")])
    deliver()

    assert len(set(keys)) == len(smtp_sink.counts) == 30
