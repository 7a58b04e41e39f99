"""The database is away, starts anew, is locked by somebody else, and has no room left."""

import contextlib
import signal
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from recruiter.db.engine import db
from tests.faults.conftest import AWAY
from tests.faults.fleet import POSTGRESQL, SHARED, SQLITE, wait_until
from tests.faults.worker import ROOMY

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES = 300
SLOW = 0.01  # seconds that the relay thinks, so that there is a while in which mail leaves
LOCKED = 12.0  # seconds; longer than the 10 that a connection waits for a lock
ON_POSTGRESQL = pytest.mark.parametrize("combination", [POSTGRESQL, SHARED], ids=str)
ON_SQLITE = pytest.mark.parametrize("combination", [SQLITE], ids=str)


@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("how", "seconds"), [(signal.SIGINT, 0), (signal.SIGQUIT, 0), (signal.SIGINT, AWAY)], ids=["fast", "crash", "away"]
)
def test_the_database_goes_away_and_comes_back_while_mail_leaves(fleet, server, relay, tally, request, how, seconds):
    relay.behave(delay=SLOW)
    fleet.queue(MESSAGES)
    fleet.start()
    relay.wait_for(MESSAGES // 5)
    server.stop(how)
    threading.Event().wait(seconds)
    server.start()
    with fleet.app.app_context():
        db.engine.dispose()

    tally(f"database-{request.node.callspec.id.partition('-')[0]}", fleet)
    assert set(fleet.stop()) == {0}


def failures(fleet):
    """How often something could not be recorded, or claimed."""
    return sum(fleet.workers[0].log.count(event) for event in ("settle_failed", "work_failed", "delivery_failed"))


@ON_SQLITE
def test_somebody_else_holds_the_database_for_longer_than_anybody_waits(make, combination, relay, tally):
    relay.behave(delay=SLOW)
    fleet = make(combination, lease_seconds=120.0)
    fleet.queue(MESSAGES)
    fleet.start()
    relay.wait_for(MESSAGES // 5)
    path = sa.make_url(fleet.settings.database_url).database
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Event().wait(LOCKED)
        other.rollback()

    assert tally("database-locked", fleet) == (0, 0)
    assert failures(fleet)


@ON_SQLITE
def test_a_full_disk_holds_everything_until_there_is_room(make, combination, relay, tally):
    relay.behave(delay=SLOW)
    fleet = make(combination, lease_seconds=120.0)
    fleet.queue(MESSAGES)
    fleet.start()
    relay.wait_for(MESSAGES // 5)
    fleet.tell("fill_disk", 0)
    wait_until(lambda: failures(fleet))
    threading.Event().wait(2.0)
    fleet.tell("fill_disk", ROOMY)

    assert tally("disk-full", fleet) == (0, 0)
