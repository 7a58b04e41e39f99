"""What goes wrong on the way: the relay is away, falls silent, hangs up; a process dies; a machine goes."""

import datetime as dt
import threading

import pytest
import time_machine

from recruiter import clock
from recruiter.outbox import backoff, claims, delivery, recovery, streams
from recruiter.outbox.journal import Journal
from recruiter.outbox.models import AttemptOutcome, MessageState, StreamKind
from recruiter.outbox.replies import Phase
from recruiter.outbox.settlement import Accepted, Ended
from recruiter.outbox.streams import Content
from tests import mail
from tests.smtp_sink import SmtpSink, silent_server

CONTENT = Content(subject="s", text="t", html="h")


@pytest.fixture
def root(settings):
    return settings.data_dir / "outbox"


def sweep(app, root):
    with app.app_context():
        recovery.end_leases(clock.now())
        recovery.take_back(root)


def claim(box, owner="elsewhere", limit=10):
    with box.app.app_context():
        return claims.claim(box.firm.id, owner, limit)


def mark(box, lease):
    with box.app.app_context():
        return next((marked.message for marked in delivery.turn([], [lease])), None)


def settle(box, lease, reply):
    with box.app.app_context():
        delivery.turn([Ended(lease, clock.now(), Accepted(reply), CONTENT)], [])


def end_wait(box, message):
    """As if the lease, or the wait for evidence, had just ended."""
    box.change(message, lease_until=clock.now() - dt.timedelta(seconds=1))


def test_while_the_relay_is_away_everything_waits_and_says_why(app, settings, box):
    with silent_server() as port:
        pass
    messages = [box.queue() for _ in range(5)]
    with mail.posting(app, settings, f"smtp://127.0.0.1:{port}") as post:
        mail.deliver(app, post)
        rows = [box.look(message) for message in messages]
        assert {row.state for row in rows} == {MessageState.QUEUED}
        assert {row.attempts for row in rows} == {0}
        assert {row.problem_code for row in rows} <= {"line_lost", None}
        assert any("Connection refused" in (row.problem_detail or "") for row in rows)

    with SmtpSink() as sink, mail.posting(app, settings, sink.url) as post:
        for message in messages:
            box.make_due(message)
        mail.deliver(app, post)
        assert set(sink.counts.values()) == {1}
        assert len(sink.counts) == 5


def test_a_silent_relay_holds_nobody_for_longer_than_the_time_limit(app, settings, box):
    message = box.queue()
    with silent_server() as port, mail.posting(app, settings, f"smtp://127.0.0.1:{port}", mail_timeout=0.2) as post:
        mail.deliver(app, post)

    assert (box.look(message).state, box.look(message).problem_code) == (MessageState.QUEUED, "line_lost")


def test_a_relay_that_hangs_up_on_every_line_is_left_alone_more_and_more(app, settings, box, smtp_sink, post, deliver):
    smtp_sink.faults.mail += ["421 4.3.2 going down"] * 20
    for _ in range(20):
        box.queue()
    deliver()

    assert smtp_sink.lines < 20
    assert smtp_sink.raw == []


def test_an_acceptance_that_never_came_is_sent_once_more_byte_for_byte(app, box, root, deliver, smtp_sink, stream):
    smtp_sink.faults.data.append("drop")
    message = box.queue()
    deliver()
    assert box.look(message).state is MessageState.DOUBTFUL
    assert not box.withdraw(message)

    sweep(app, root)
    assert box.look(message).state is MessageState.DOUBTFUL
    end_wait(box, message)
    sweep(app, root)
    assert (box.look(message).state, box.look(message).problem_code) == (MessageState.QUEUED, "maybe_twice")
    deliver()

    assert box.look(message).state is MessageState.ACCEPTED
    assert smtp_sink.raw[0] == smtp_sink.raw[1]
    assert stream.outcomes(message) == ["doubtful", "accepted"]


@pytest.mark.parametrize("times", [2, 1])
def test_doubt_ends_for_a_person_to_see(box, root, deliver, smtp_sink, stream, times):
    stream.resends_when_in_doubt = times == 2
    smtp_sink.faults.data += ["drop", "drop"]
    message = box.queue()
    for _ in range(times):
        deliver()
        end_wait(box, message)
        sweep(box.app, root)

    row = box.look(message)
    assert (row.state, row.problem_code, len(smtp_sink.raw)) == (MessageState.DEAD, "doubtful", times)
    assert stream.outcomes(message) == ["doubtful"] * times + ["dead"]


def test_a_lease_that_ended_is_taken_back_and_its_holder_changes_nothing(app, box, root, deliver, smtp_sink):
    message = box.queue()
    (lease,) = claim(box)
    with time_machine.travel(clock.now() + dt.timedelta(hours=1)):
        assert mark(box, lease) is None
        sweep(app, root)
        assert box.look(message).state is MessageState.QUEUED

        (newer,) = claim(box)
        assert newer.fence == lease.fence + 1
        assert mark(box, lease) is None
        assert mark(box, newer) is not None
        settle(box, lease, "250 late")
        assert box.look(message).state is MessageState.SENDING


def test_a_machine_that_fell_silent_while_sending_leaves_doubt_which_its_late_answer_ends(app, box, root, stream):
    message = box.queue()
    (lease,) = claim(box)
    mark(box, lease)
    end_wait(box, message)
    sweep(app, root)
    assert box.look(message).state is MessageState.DOUBTFUL

    settle(box, lease, "250 ok")
    assert box.look(message).state is MessageState.ACCEPTED
    assert stream.outcomes(message) == ["doubtful", "accepted"]


@pytest.mark.parametrize(
    ("notes", "state", "outcome"),
    [
        ([], MessageState.QUEUED, AttemptOutcome.NOT_SENT),
        ([Phase.MAIL], MessageState.QUEUED, AttemptOutcome.NOT_SENT),
        ([Phase.MAIL, Phase.DOT], MessageState.DOUBTFUL, AttemptOutcome.DOUBTFUL),
        ([Phase.MAIL, Phase.DOT, "250 ok\nqueued"], MessageState.ACCEPTED, AttemptOutcome.ACCEPTED),
    ],
)
def test_the_journal_of_a_dead_process_says_what_became_of_its_messages(app, box, root, notes, state, outcome):
    journal = Journal(root)
    page = journal.page()
    message, waiting = box.queue("Read t0ken."), box.queue()
    lease, _ = claim(box, journal.owner)
    marked = mark(box, lease)
    for note in notes:
        if note is Phase.MAIL:
            page.begin(marked.id, marked.attempts)
        elif note is Phase.DOT:
            page.note(note)
        else:
            page.accept(note)
    sweep(app, root)
    assert box.look(message).state is MessageState.SENDING, "its process lives"

    journal.close(keep=True)  # the lock falls with the process
    sweep(app, root)

    assert box.look(message).state is state
    assert box.attempts(message)[0].outcome is outcome
    assert box.look(waiting).state is MessageState.QUEUED
    assert not list(root.glob("[!.]*"))
    if state is MessageState.ACCEPTED:
        assert box.look(message).sent_text == "Read [link]."
        assert box.attempts(message)[0].reply == "250 ok queued"


def test_what_cannot_be_recovered_now_is_recovered_later(app, box, root, stream):
    journal = Journal(root)
    page = journal.page()
    message = box.queue()
    (lease,) = claim(box, journal.owner)
    page.begin(message.id, mark(box, lease).attempts)
    page.accept("250 ok")
    journal.close(keep=True)
    stream.trouble = RuntimeError("a mistake of ours")
    sweep(app, root)
    assert box.look(message).state is MessageState.SENDING

    stream.trouble = None
    sweep(app, root)
    assert box.look(message).state is MessageState.ACCEPTED


def test_a_journal_without_a_lock_is_not_a_journal(app, root):
    (root / "stray").mkdir(parents=True)
    sweep(app, root)
    assert (root / "stray").is_dir()
    (root / "stray").rmdir()


def test_a_stopping_worker_gives_back_what_it_did_not_try(app, settings, box, smtp_sink):
    release = threading.Event()
    smtp_sink.faults.waits_for = release
    messages = [box.queue() for _ in range(25)]
    with mail.posting(app, settings, smtp_sink.url, mail_connections=1) as post:
        with app.app_context():
            post.drain()
        smtp_sink.wait_for_data()
        closing = threading.Thread(target=post.close)
        closing.start()
        release.set()
        closing.join()

        states = [box.look(message).state for message in messages]
        assert states.count(MessageState.ACCEPTED) == len(smtp_sink.raw) >= 1
        assert states.count(MessageState.QUEUED) == 25 - len(smtp_sink.raw)


def test_a_kind_without_a_stream_never_leaves(box, deliver, smtp_sink, monkeypatch):
    monkeypatch.setattr(streams, "_streams", {})
    message = box.queue(stream=StreamKind.POOL)
    deliver()

    assert (box.look(message).state, smtp_sink.raw) == (MessageState.QUEUED, [])
    assert box.look(message).due_at > clock.now()


def test_withdrawing_and_sending_never_both_win(app, settings, box, smtp_sink):
    messages = [box.queue() for _ in range(40)]
    won = set()

    def withdraw():
        won.update(message.message_id for message in messages[::-1] if box.withdraw(message))

    with mail.posting(app, settings, smtp_sink.url) as post:
        withdrawing = threading.Thread(target=withdraw)
        withdrawing.start()
        mail.deliver(app, post)
        withdrawing.join()

    assert won | set(smtp_sink.counts) == {message.message_id for message in messages}
    assert not won & set(smtp_sink.counts)
    for message in messages:
        taken_back = message.message_id in won
        assert box.look(message).state is (MessageState.CANCELLED if taken_back else MessageState.ACCEPTED)


def test_trying_ends_after_three_days_or_sixty_tries(box, deliver, smtp_sink, stream):
    smtp_sink.faults.always_recipient = "451 4.3.0 later"
    old, tired = box.queue(), box.queue()
    box.change(old, dated_at=clock.now() - backoff.KEEP_TRYING)
    box.change(tired, tries=backoff.MAX_TRIES - 1)
    deliver()

    assert (box.look(old).state, box.look(tired).state) == (MessageState.EXPIRED, MessageState.DEAD)
    assert (stream.outcomes(old), stream.outcomes(tired)) == (["expired"], ["dead"])


def test_four_workers_and_forty_messages_each_leaves_once(app, settings, box, smtp_sink):
    for _ in range(40):
        box.queue()

    def work():
        with mail.posting(app, settings, smtp_sink.url, mail_connections=2) as post:
            mail.deliver(app, post)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(smtp_sink.counts) == 40
    assert set(smtp_sink.counts.values()) == {1}
