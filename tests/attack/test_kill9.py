"""Every process is killed three times while two hundred notices leave: what the rows say is what the relay has."""

import collections
import dataclasses
import re
import threading

import pytest

from tests import build
from tests.maya import case
from tests.product import Product, environment

pytestmark = [pytest.mark.no_cover, pytest.mark.slow, pytest.mark.timeout(300)]

NOTICES, KILLS, LINES = 200, 3, 4
PATIENCE = 200.0


@pytest.fixture
def product(settings, sink, tmp_path):
    """The product on this run's database, not yet started."""
    settings = dataclasses.replace(settings, mail_url=sink.url)
    product = Product({}, tmp_path / "log")
    product.variables = environment(settings, RECRUITER_BASE_URL=product.url)
    yield product
    product.kill()


@pytest.fixture
def queued(app, acme, alice):
    """Two hundred people who wait to hear, and a notice for each of them that is due."""
    first = case(app, acme)
    with app.app_context():
        others = [build.application(acme, build.candidate(acme), first.job) for _ in range(NOTICES - 1)]
    bodies = [first.body(application_id=str(each.id)) for each in (first.application, *others)]
    return [alice.api.post("/api/v1/notices", json=body).json for body in bodies]


def every(api, path):
    """Every row of a list, page after page."""
    cursor = {}
    while True:
        part = api.get(f"/api/v1/{path}", query_string={"limit": 100, **cursor}).json
        yield from part["items"]
        if part["next_cursor"] is None:
            return
        cursor = {"cursor": part["next_cursor"]}


def all_sent(api):
    """The notices by Message-ID as soon as each of them is sent."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.5)):
        found = list(every(api, "notices"))
        if {notice["state"] for notice in found} == {"sent"}:
            return {notice["message_id"]: notice for notice in found}
        pause.wait(0.5)
    raise AssertionError(collections.Counter(notice["state"] for notice in found))


def test_three_kills_lose_nothing_and_double_almost_nothing(alice, queued, product, sink):
    product.begin()
    for number in range(1, KILLS + 1):
        sink.wait_until(lambda least=number * NOTICES // 5: len(sink.counts) >= least, PATIENCE)
        product.kill()
        product.begin()
    sink.wait_until(lambda: len(sink.counts) == NOTICES, PATIENCE)

    sent = all_sent(alice.api)
    assert set(sent) == {notice["message_id"] for notice in queued} == set(sink.counts)
    assert {notice["delivery"] for notice in sent.values()} == {"accepted"}
    applications = list(every(alice.api, "applications"))
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
