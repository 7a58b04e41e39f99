"""The whole server is killed three times while two hundred notices leave."""

import pytest

from recruiter.accounts import service as accounts
from recruiter.db.doors import Door, firm_of
from tests import build
from tests.whole.conftest import rejection

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NOTICES, KILLS, LINES = 200, 3, 4


def test_nothing_is_lost_and_almost_nothing_doubled(api, app, product, sink):
    with app.app_context():
        firm = accounts.get_firm(firm_of(Door.FIRM_SLUG, "harbour"))
        job = build.job(firm)
        waiting = [build.application(firm, build.candidate(firm), job) for _ in range(NOTICES)]
    for application in waiting:
        api.post("/notices", **rejection({"id": str(application.id)}))

    for number in range(1, KILLS + 1):
        sink.wait_until(lambda least=number * NOTICES // 5: len(sink.counts) >= least)
        product.kill()
        product.start()

    sink.wait_until(lambda: len(sink.counts) == NOTICES, 150)
    doubled = {message_id: count for message_id, count in sink.counts.items() if count > 1}
    assert len(doubled) <= KILLS * LINES
    assert set(doubled.values()) <= {2}
