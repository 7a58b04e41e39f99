"""Fairness between firms, the sample firm's files, the database going away, and leases that are kept alive."""

import dataclasses
import email
import itertools
import threading
from contextlib import contextmanager
from email import policy

import flask
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from recruiter import clock
from recruiter.config import BadSettings
from recruiter.db.engine import db
from recruiter.db.session import transaction
from recruiter.errors import Invalid, NotFound
from recruiter.outbox import claims, delivery, recovery, service, streams, suppressions, worker
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import MessageState, StreamKind
from recruiter.outbox.settlement import Accepted, Ended
from recruiter.outbox.suppressions import Suppress
from tests import build, mail
from tests.outbox.conftest import Box


@contextmanager
def failing(app, words, times, *, after=0):
    """Let the database refuse statements that begin so, so many ``after`` so many; yields the last refusal's event."""
    with app.app_context():
        engine = db.engine
    exhausted = threading.Event()
    seen = itertools.count(1 - after)

    def refuse(_connection, _cursor, statement, *_more):
        if statement.startswith(words) and 1 <= (number := next(seen)) <= times:
            if number == times:
                exhausted.set()
            raise OperationalError(statement, {}, Exception("the database is away"))

    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield exhausted
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


def test_a_firm_with_one_message_does_not_wait_behind_a_firm_with_many(app, settings, box, smtp_sink):
    for _ in range(60):
        box.queue()
    with app.app_context():
        other = Box(app, build.firm("Small & Co"))
    single = other.queue()
    with mail.posting(app, settings, smtp_sink.url, mail_connections=1) as post:
        mail.deliver(app, post)

    order = [str(message["Message-ID"]) for message in smtp_sink.messages]
    assert order.index(single.message_id) <= 10
    assert len(order) == 61


def test_a_full_worker_claims_nothing_more(app, settings, box, smtp_sink):
    smtp_sink.faults.waits_for = threading.Event()
    messages = [box.queue() for _ in range(22)]
    with mail.posting(app, settings, smtp_sink.url, mail_connections=1) as post, app.app_context():
        assert post.drain()
        smtp_sink.wait_for_data()
        assert post.drain()
        states = [box.look(message).state for message in messages]
        smtp_sink.faults.waits_for.set()
        post.finish()

    assert states.count(MessageState.QUEUED) == 2


def test_the_sample_firm_writes_files_whatever_the_settings_say(app, settings, stream, deliver, smtp_sink):
    with app.app_context():
        sample = Box(app, build.firm("Sample", is_sample=True))
    message = sample.queue()
    deliver()

    assert smtp_sink.raw == []
    assert sample.look(message).state is MessageState.ACCEPTED
    written = (settings.data_dir / "mail" / f"{message.id}.eml").read_bytes()
    assert email.message_from_bytes(written, policy=policy.default)["Message-ID"] == message.message_id


def test_a_directory_that_cannot_be_written_leaves_the_message_queued(app, settings, box, tmp_path):
    (tmp_path / "file").write_text("in the way")
    message = box.queue()
    with mail.posting(app, settings, f"maildir://{tmp_path}/file/mail") as post:
        mail.deliver(app, post)

    row = box.look(message)
    assert (row.state, row.problem_code) == (MessageState.QUEUED, "line_lost")
    assert row.problem_detail.startswith(f"cannot write {message.id}.eml")


def test_a_mail_url_that_is_wrong_is_refused_at_the_start(settings):
    with pytest.raises(BadSettings, match="MAIL_URL: tls=none is for a relay on this machine"):
        worker.way_out(flask.Flask("x"), dataclasses.replace(settings, mail_url="smtp://mail.firm.example?tls=none"))


def test_an_acceptance_is_recorded_as_soon_as_the_database_is_back(app, box, deliver, smtp_sink):
    message = box.queue()
    with failing(app, "INSERT INTO attempts", 2):
        deliver()

    assert (box.look(message).state, len(smtp_sink.raw)) == (MessageState.ACCEPTED, 1)


def test_an_acceptance_that_could_not_be_recorded_is_found_by_the_next_process(app, settings, box, smtp_sink):
    message = box.queue()
    with failing(app, "INSERT INTO attempts", 1) as away, failing(app, "INSERT INTO attempts", 1000):
        with mail.posting(app, settings, smtp_sink.url) as post:
            with app.app_context():
                post.drain()
            assert away.wait(20)
        assert box.look(message).state is MessageState.SENDING
    with mail.posting(app, settings, smtp_sink.url) as restarted, app.app_context():
        assert not restarted.sweep()

    assert (box.look(message).state, len(smtp_sink.raw)) == (MessageState.ACCEPTED, 1)


def test_when_the_database_goes_away_before_anything_was_said_the_message_comes_back(app, box, deliver, stream):
    message = box.queue()
    stream.trouble = OperationalError("SELECT", {}, Exception("the database is away"))
    deliver()
    stream.trouble = None
    box.make_due(message)
    with failing(app, "UPDATE messages SET state", 2, after=1):
        deliver()

    row = box.look(message)
    assert (row.state, row.attempts, row.problem_detail) == (MessageState.QUEUED, 0, "something went wrong here")
    box.make_due(message)
    deliver()
    assert box.look(message).state is MessageState.ACCEPTED


def test_what_cannot_even_be_given_back_is_found_by_the_next_process(app, settings, box, smtp_sink):
    message = box.queue()
    with failing(app, "UPDATE messages", 1000, after=1):
        with mail.posting(app, settings, smtp_sink.url) as post:
            mail.deliver(app, post)
        assert box.look(message).state is MessageState.LEASED
    with app.app_context():
        recovery.take_back(settings.data_dir / "outbox")

    assert box.look(message).state is MessageState.QUEUED


@pytest.mark.parametrize(
    ("error", "state"),
    [(RuntimeError("a mistake of ours"), MessageState.QUEUED), (Invalid({"text": ["gone"]}), MessageState.DEAD)],
)
def test_a_mail_that_cannot_be_written(box, deliver, smtp_sink, stream, error, state):
    stream.trouble = error
    message = box.queue()
    deliver()

    row = box.look(message)
    assert (row.state, row.attempts, smtp_sink.raw) == (state, 1, [])
    assert box.attempts(message)[0].phase == "build"


def test_a_name_that_no_header_can_carry_ends_the_message(box, deliver, smtp_sink):
    message = box.queue(recipient=Mailbox("Maya\r\nBcc: everyone@example.org", "maya@example.org"))
    deliver()

    assert (box.look(message).state, box.look(message).problem_code) == (MessageState.DEAD, "unsendable")
    assert smtp_sink.raw == []


def test_a_lease_lasts_while_its_holder_is_at_work(app, settings, box, smtp_sink):
    smtp_sink.faults.waits_for = threading.Event()
    message = box.queue()
    with mail.posting(app, settings, smtp_sink.url, lease_seconds=0.5) as post, app.app_context():
        post.drain()
        smtp_sink.wait_for_data()
        first = box.look(message).lease_until
        for _ in range(5000):
            post.drain()
            if box.look(message).lease_until > first:
                break
        assert box.look(message).lease_until > first
        smtp_sink.faults.waits_for.set()
        post.finish()


def test_what_waits_for_a_person_is_taken_back_and_told(app, box, stream):
    with app.app_context():
        maya = build.candidate(box.firm)
    queued, other = box.queue(candidate_id=maya.id), box.queue()
    pool = box.queue(candidate_id=maya.id, stream="pool")
    with app.app_context(), transaction(box.firm.id) as session:
        assert service.cancel_for_candidate(session, box.firm.id, maya.id, stream=queued.stream) == 1
        assert service.cancel_for_candidate(session, box.firm.id, maya.id) == 1

    assert [box.look(message).state for message in (queued, pool)] == [MessageState.CANCELLED] * 2
    assert box.look(other).state is MessageState.QUEUED
    assert stream.outcomes(queued) == ["cancelled"]


def test_a_withdrawal_while_the_relay_is_away_wins(app, settings, box, smtp_sink):
    message = box.queue()
    with app.app_context():
        (lease,) = claims.claim(box.firm.id, "somebody", 10)
        assert box.withdraw(message)
        claims.release(lease)

    assert box.look(message).state is MessageState.CANCELLED


def test_a_message_of_a_kind_that_lost_its_stream_is_settled_all_the_same(app, settings, box, monkeypatch):
    message = box.queue()
    with app.app_context():
        (lease,) = claims.claim(box.firm.id, "somebody", 10)
        delivery.turn([], [lease])
        monkeypatch.setattr(streams, "_streams", {})
        delivery.turn([Ended(lease, clock.now(), Accepted("250 ok"))], [])

    row = box.look(message)
    assert (row.state, row.sent_text) == (MessageState.ACCEPTED, None)


def test_an_address_is_suppressed_once_and_lifted_for_every_stream(app, box, deliver, smtp_sink):
    everything = Suppress(address=" Maya@example.org ", reason="She asked.")
    pool_only = Suppress(address="maya@example.org", reason="She left the pool.", stream=StreamKind.POOL)
    firm_id = box.firm.id
    with app.app_context(), transaction(firm_id) as session:
        pool = suppressions.suppress(session, firm_id, pool_only)
        assert suppressions.find(session, firm_id, "maya@example.org", StreamKind.NOTICE) is None
        assert suppressions.find(session, firm_id, "maya@example.org", StreamKind.POOL) is pool
        first = suppressions.suppress(session, firm_id, everything)
        assert suppressions.suppress(session, firm_id, everything) is first
    with app.app_context(), transaction(firm_id) as session:
        assert suppressions.lift(session, firm_id, "MAYA@example.org") == 2
    box.queue()
    deliver()

    assert len(smtp_sink.raw) == 1


def test_a_message_of_another_firm_is_not_there(app, box):
    message = box.queue()
    with app.app_context():
        stranger = Box(app, build.firm("Another"))

    with pytest.raises(NotFound):
        stranger.look(message)
