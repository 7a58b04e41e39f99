"""A delivering process that is killed, again and again, while its mail leaves."""

import os
import signal
import subprocess
import sys

import pytest

from recruiter.outbox.models import MessageState
from tests.smtp_sink import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LINES = 4
MESSAGES = 200


@pytest.fixture
def start(settings, smtp_sink, tmp_path):
    """Start a real process that delivers from the test's database to the sink."""
    environment = os.environ | {
        "RECRUITER_DATA_DIR": str(tmp_path),
        "RECRUITER_DATABASE_URL": settings.database_url,
        "RECRUITER_MAIL_URL": smtp_sink.url,
        "RECRUITER_SECRET_KEY": settings.secret_key,
        "RECRUITER_MAIL_CONNECTIONS": str(LINES),
    }
    started = []

    def begin():
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.letters"], env=environment, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout.readline() == b"ready\n"
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()


def test_three_kills_lose_nothing_and_double_at_most_one_message_a_line(box, start, smtp_sink):
    messages = [box.queue(f"Letter {number}.") for number in range(MESSAGES)]
    for arrived in (40, 90, 140):
        process = start()
        smtp_sink.wait_for(arrived)
        process.kill()
        process.wait(PATIENCE)

    last = start()
    smtp_sink.wait_until(lambda: len(smtp_sink.counts) == MESSAGES)
    last.send_signal(signal.SIGTERM)
    assert last.wait(PATIENCE) == 0

    rows = [box.look(message) for message in messages]
    assert {row.state for row in rows if not row.doubts} == {MessageState.ACCEPTED}
    counts = smtp_sink.counts
    assert set(counts) == {message.message_id for message in messages}
    twice = {message_id for message_id, times in counts.items() if times > 1}
    assert twice <= {row.message_id for row in rows if row.doubts}
    assert len(twice) <= 3 * LINES
    assert max(counts.values()) <= 2
