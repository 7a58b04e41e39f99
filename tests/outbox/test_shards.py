"""Mail whose delivery many machines share: ticks say which firms' mail this process claims."""

import pytest

from tests.faults import fleet as fleets

PAGES = fleets.SHARED._replace(machines=0)

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.timeout(300)]


def test_mail_leaves_through_the_shards_of_this_process(app, settings, stream, postgres_server, smtp_sink, tmp_path):
    with fleets.running(settings, postgres_server, smtp_sink, tmp_path, PAGES) as fleet:
        fleet.queue(6)
        fleet.engine.start()
        rows = fleet.wait_until_settled()
        fleet.engine.stop()

    assert {row.message_id for row in rows} == set(smtp_sink.counts)
    assert set(smtp_sink.counts.values()) == {1}
