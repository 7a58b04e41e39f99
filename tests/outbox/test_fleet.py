"""Three delivering processes on one PostgreSQL: stopped, killed, continued, without ticks and with too many."""

import signal
import tempfile
from pathlib import Path

import pytest

from recruiter.outbox.models import MessageState
from tests import postgres
from tests.outbox import fleet as fleets

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

MESSAGES = 300


@pytest.fixture(scope="module")
def server():
    """A server of this module's own, which may be stopped; commits are durable, since it is."""
    postgres.require()
    with tempfile.TemporaryDirectory(prefix="recruiter-fleet-") as home, postgres.running(Path(home)) as server:
        yield server


@pytest.fixture
def fleet(app, settings, server, smtp_sink, tmp_path):
    with fleets.running(settings, server, smtp_sink, tmp_path) as fleet:
        yield fleet


def agree(fleet, sink):
    """The relay has each message that the database calls accepted, once; or twice where the database says it may be."""
    rows = fleet.wait_until_settled()
    assert {row.state for row in rows} == {MessageState.ACCEPTED}
    assert set(sink.counts) == {row.message_id for row in rows}
    twice = {message_id for message_id, times in sink.counts.items() if times > 1}
    assert twice <= {row.message_id for row in rows if row.doubts}
    assert max(sink.counts.values()) <= 2
    return len(twice)


def test_three_workers_send_each_message_once_and_end_cleanly(fleet, smtp_sink):
    fleet.start()
    fleet.queue(MESSAGES)

    assert agree(fleet, smtp_sink) == 0
    assert fleet.condition().workers == 6
    assert fleet.stop() == [0, 0, 0]
    condition = fleet.condition()
    assert (condition.workers, condition.running, condition.stalled) == (0, 0, 0)
    assert all("Traceback" not in worker.log and "error" not in worker.log for worker in fleet.workers)
