"""Every process is killed three times while two hundred notices leave: what the rows say is what the relay has."""

import collections
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from recruiter.accounts import service as accounts
from recruiter.db.doors import Door, firm_of
from tests import build
from tests.whole.conftest import rejection

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NOTICES, KILLS, LINES = 200, 3, 4
PATIENCE = 200.0


@pytest.fixture
def waiting(api, app):
    """Two hundred people who wait to hear."""
    with app.app_context():
        firm = accounts.get_firm(firm_of(Door.FIRM_SLUG, "harbour"))
        job = build.job(firm)
        return [build.application(firm, build.candidate(firm), job) for _ in range(NOTICES)]


def every(api, path, **query):
    """Every row of a list, page after page."""
    cursor = {}
    while True:
        part = api.get(path, limit=100, **query, **cursor)
        yield from part["items"]
        if part["next_cursor"] is None:
            return
        cursor = {"cursor": part["next_cursor"]}


def all_sent(api):
    """The notices by Message-ID as soon as each of them is sent."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.5)):
        found = list(every(api, "/notices"))
        if {notice["state"] for notice in found} == {"sent"}:
            return {notice["message_id"]: notice for notice in found}
        pause.wait(0.5)
    raise AssertionError(collections.Counter(notice["state"] for notice in found))


def test_three_kills_lose_nothing_and_double_almost_nothing(api, product, sink, waiting):
    with ThreadPoolExecutor(LINES) as threads:
        bodies = [rejection({"id": str(application.id)}) for application in waiting]
        queued = list(threads.map(lambda body: api.post("/notices", **body), bodies))

    for number in range(1, KILLS + 1):
        sink.wait_until(lambda least=number * NOTICES // 5: len(sink.counts) >= least, PATIENCE)
        product.kill()
        product.start()
    sink.wait_until(lambda: len(sink.counts) == NOTICES, PATIENCE)

    sent = all_sent(api)
    assert set(sent) == {notice["message_id"] for notice in queued} == set(sink.counts)
    assert {notice["delivery"] for notice in sent.values()} == {"accepted"}
    applications = list(every(api, "/applications"))
    assert len(applications) == NOTICES
    assert all(application["told_at"] for application in applications)
    doubled = {message_id: count for message_id, count in sink.counts.items() if count > 1}
    assert len(doubled) <= KILLS * LINES
    assert set(doubled.values()) <= {2}
    assert each_is_the_same_to_the_byte(sink)


def each_is_the_same_to_the_byte(sink):
    """Whether a message that arrived twice said the same to the same person both times."""
    said = collections.defaultdict(set)
    for raw, (_, recipients) in zip(sink.raw, sink.envelopes, strict=True):
        said[re.search(rb"^message-id: *(\S+)", raw, re.IGNORECASE | re.MULTILINE).group(1)].add((raw, *recipients))
    people = {recipient for copies in said.values() for _, recipient in copies}
    return len(people) == len(said) and all(len(copies) == 1 for copies in said.values())
