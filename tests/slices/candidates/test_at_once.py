"""The same request many times at once makes one row, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests import build

AT_ONCE = 8


@pytest.fixture
def all_at_once(alice):
    """Send one request from several threads in the same moment; return the statuses and the ids that came back."""

    def send(path, body):
        start = Barrier(AT_ONCE)

        def one(_number):
            start.wait(10)
            return alice.api.post(f"/api/v1/{path}", json=body)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(one, range(AT_ONCE)))
        return sorted(answer.status_code for answer in answers), {answer.json["id"] for answer in answers}

    return send


ONE_IS_NEW = [200] * (AT_ONCE - 1) + [201]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("candidates", {"name": "Maya", "email": "maya@example.com", "external_id": "gh-1"}),
        ("clients", {"name": "Lumen Grid"}),
        ("jobs", {"title": "Data Engineer", "external_id": "job-1", "client": {"name": "Lumen Grid"}}),
    ],
)
def test_one_row_is_made(all_at_once, path, body):
    statuses, ids = all_at_once(path, body)

    assert statuses == ONE_IS_NEW
    assert len(ids) == 1


def test_one_application_is_made(app, acme, all_at_once):
    with app.app_context():
        ends = {"candidate_id": str(build.candidate(acme).id), "job_id": str(build.job(acme).id)}

    statuses, ids = all_at_once("applications", ends | {"stage": "final"})

    assert statuses == ONE_IS_NEW
    assert len(ids) == 1
