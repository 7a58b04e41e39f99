"""The embedded engine: it wakes at once, survives failures, stops cleanly; and the worker inside it."""

import queue
import threading

import flask
import pytest

from recruiter.db.engine import db
from recruiter.engine import bell, chosen
from recruiter.engine.embedded import Embedded
from recruiter.outbox import shards
from recruiter.outbox.models import MessageState
from recruiter.outbox.service import WORK
from tests import mail

PATIENCE = 60
HOUR = 3600.0


@pytest.fixture
def engine():
    engine = Embedded(flask.Flask("engine").app_context)
    yield engine
    engine.stop()


class Rounds:
    """Work that tells each round and answers as it is told."""

    def __init__(self, *answers):
        self.told = queue.SimpleQueue()
        self.answers = list(answers)

    def __call__(self):
        answer = self.answers.pop(0) if self.answers else False
        self.told.put(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self):
        return self.told.get(timeout=PATIENCE)


def test_work_runs_at_the_start_again_while_there_is_more_and_at_a_kick(engine):
    rounds = Rounds(True, True, False)
    engine.every("mail", HOUR, rounds)
    engine.start()
    assert [rounds.wait() for _ in range(3)] == [True, True, False]

    engine.kick("mail")
    engine.kick("nothing of this name")
    rounds.wait()
    bell.ring("mail")
    rounds.wait()
    engine.stop()
    engine.start()
    rounds.wait()


@pytest.mark.slow
def test_a_failing_round_is_tried_again_and_shows_in_the_health(engine):
    rounds = Rounds(OSError("the database is away"), False)
    engine.every("mail", 0.01, rounds)
    assert engine.health()["mail"].succeeded_at is None
    engine.start()
    rounds.wait()
    rounds.wait()
    rounds.wait()

    assert engine.health()["mail"].failures == 0
    assert engine.health()["mail"].succeeded_at is not None


def test_the_engine_runs_until_it_is_told_to_stop(application, settings):
    app = flask.Flask("engine")  # one of its own, that nothing else rings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    rounds, said = Rounds(), []
    engine = chosen.of(app)
    engine.every("mail", HOUR, rounds)
    engine.at_stop(lambda: said.append("goodbye"))
    engine.at_stop(lambda: said.append("no more"), first=True)
    stop = threading.Event()
    running = threading.Thread(target=chosen.run, args=(app, stop))
    running.start()
    rounds.wait()
    stop.set()
    running.join(PATIENCE)
    with app.app_context():
        db.engine.dispose()

    assert not running.is_alive()
    assert said == ["no more", "goodbye"]


def test_what_is_committed_leaves_without_waiting_for_the_next_round(app, settings, box, smtp_sink):
    engine = Embedded(app.app_context)
    with mail.posting(app, settings, smtp_sink.url) as post:
        idle = threading.Event()

        def drain():
            more = post.drain()
            idle.set()
            return more

        engine.every(WORK, HOUR, drain)
        engine.at_stop(post.close)
        engine.start()
        assert idle.wait(PATIENCE)
        message = box.queue()
        smtp_sink.wait_for(1)
        engine.stop()

    assert box.look(message).state is MessageState.ACCEPTED


def test_what_is_due_kicks_the_shard_of_its_firm(app, engine, box):
    ours = shards.number(box.firm.id)
    rounds = {number: Rounds() for number in (ours, ours + 1)}
    for number, work in rounds.items():
        engine.every(shards.work(number), HOUR, work)
    engine.start()
    for work in rounds.values():
        work.wait()
    box.queue()

    with app.app_context():
        assert shards.kick_due(engine) is False
    rounds[ours].wait()
    assert rounds[ours + 1].told.empty()


def test_a_process_that_does_not_deliver_needs_no_tick_on_one_machine():
    engine, rounds = Embedded(flask.Flask("engine").app_context), Rounds()
    engine.every("mail", HOUR, rounds)

    engine.attend()
    bell.ring("mail")
    engine.leave()

    assert rounds.told.empty()
