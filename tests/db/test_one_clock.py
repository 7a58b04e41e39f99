"""A process that follows goes by PostgreSQL's clock, whatever its machine's says."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
import time_machine

from recruiter import clock
from recruiter.db import engine, one_clock
from recruiter.db.engine import db
from recruiter.db.session import reading
from recruiter.engine import chosen
from tests.outbox.letters import make_app

AN_HOUR = dt.timedelta(hours=1)
A_MOMENT = dt.timedelta(seconds=20)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def follow():
    """Follow until the test ends."""
    ends = []
    yield lambda: ends.append(one_clock.follow(db.engine))
    for end in ends:
        end()
    clock.go_by_machine()


@pytest.fixture
def wrong():
    """The machine's clock is an hour off; what the right time is now."""
    right = dt.datetime.now(dt.UTC)
    with time_machine.travel(right + AN_HOUR):
        yield right


def read_something():
    with reading(None) as session:
        session.scalar(sa.select(sa.literal(1)))


def is_about(moment):
    return abs(clock.now() - moment) < A_MOMENT


def test_a_wrong_clock_is_not_gone_by_where_machines_share_a_database(follow, wrong):
    assert is_about(wrong + AN_HOUR)
    follow()

    assert is_about(wrong if db.engine.dialect.name == "postgresql" else wrong + AN_HOUR)


@pytest.fixture
def stopped():
    """The signal to end, given at once."""
    stop = threading.Event()
    stop.set()
    return stop


def test_whoever_serves_goes_by_it_and_whoever_delivers_until_it_ends(settings, wrong, stopped):
    by_all = wrong if db.engine.dialect.name == "postgresql" else wrong + AN_HOUR
    process, seen = make_app(settings), []
    chosen.of(process).at_stop(lambda: seen.append(is_about(by_all)))

    chosen.run(process, stopped)
    assert (seen, is_about(wrong + AN_HOUR)) == ([True], True)

    chosen.attend(process)
    assert is_about(by_all)
    clock.go_by_machine()
    with process.app_context():
        db.engine.dispose()


def test_it_goes_on_evenly_and_is_set_anew_as_the_database_is_used(follow, wrong, monkeypatch):
    follow()
    clock.go_on_from(wrong - AN_HOUR, clock.steady())
    read_something()
    assert is_about(wrong - AN_HOUR)

    monkeypatch.setattr(one_clock, "LOOK_SECONDS", 0.0)
    follow()
    read_something()

    assert is_about(wrong if db.engine.dialect.name == "postgresql" else wrong - AN_HOUR)


def test_an_answer_that_took_long_says_nothing(follow, wrong, monkeypatch):
    monkeypatch.setattr(one_clock, "MOST_SECONDS", 0.0)
    follow()

    assert is_about(wrong + AN_HOUR)


def test_a_connection_that_was_lost_is_made_anew(follow, owner, monkeypatch):
    """Ended as a server that goes down ends it, within the time in which nobody asks a connection how it is."""
    monkeypatch.setattr(engine, "LONGEST_REST", 120.0)
    read_something()
    if owner.dialect.name == "postgresql":
        superuser = sa.create_engine(owner.url.set(username="postgres"))
        ours = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = :name"
        with superuser.connect() as connection:
            connection.execute(sa.text(ours), {"name": db.engine.url.username})
        superuser.dispose()
    follow()

    read_something()


def test_the_machines_clock_counts_again_when_it_ends(wrong, monkeypatch):
    monkeypatch.setattr(one_clock, "LOOK_SECONDS", 0.0)
    one_clock.follow(db.engine)()
    read_something()

    assert is_about(wrong + AN_HOUR)
