"""A whole installation: the real server and worker, a real mail server, a key of a new firm."""

import dataclasses
import re

import httpx2
import pytest

from tests.commands import run  # noqa: F401 - a fixture
from tests.product import Product, environment
from tests.smtp_sink import SmtpSink


class Api:
    """The REST API with a key; each call returns the answer's body, and fails unless the status is the wanted one."""

    def __init__(self, url: str, key: str):
        self.client = httpx2.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=30)

    def post(self, path, status=201, headers=None, **body):
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path, **query):
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def application(self, number=1, stage="final"):
        """An application of one person for one job, ready for a notice."""
        candidate = self.post(
            "/candidates", name=f"Maya Ferreira {number}", email=f"maya{number}@example.org", external_id=f"c-{number}"
        )
        job = self.post("/jobs", title="Platform engineer", client={"name": "Northgate", "disclosed": True})
        return self.post("/applications", candidate_id=candidate["id"], job_id=job["id"], stage=stage)


def rejection(application, **changes):
    """The body of a notice that leaves at once."""
    strength = {"criterion": "Problem solving", "text": "You found the lock that the load test had hidden."}
    gap = {
        "criterion": "Database operations",
        "text": "The restore plan had no rehearsal.",
        "requirement": "Runs PostgreSQL in production",
        "suggestion": "Rehearse one restore a month and write down how long it took.",
    }
    return {
        "application_id": application["id"],
        "kind": "rejection",
        "reason": "Another finalist had already led a migration of this size.",
        "feedback": {"strengths": [strength], "gaps": [gap]},
        "hold_minutes": 0,
        "timing": "now",
    } | changes


@pytest.fixture(scope="module")
def mail_server():
    with SmtpSink() as server:
        yield server


@pytest.fixture
def sink(mail_server):
    """The mail server, with nothing in it yet."""
    mail_server.raw.clear()
    mail_server.counts.clear()
    mail_server.envelopes.clear()
    return mail_server


@pytest.fixture(scope="module")
def product(settings, mail_server, tmp_path_factory):
    """The product on a port of its own, on this run's database."""
    settings = dataclasses.replace(settings, mail_url=mail_server.url)
    product = Product({}, tmp_path_factory.mktemp("product") / "log")
    product.variables = environment(settings, RECRUITER_BASE_URL=product.url)
    with product:
        yield product


@pytest.fixture
def api(run, product):  # noqa: F811 - the fixture above
    """The API of a new firm."""
    run("firm", "create", "--name", "Harbour & Pine", "--slug", "harbour", "--admin-email", "priya@harbour.example.com")
    created = run("apikey", "create", "--firm", "harbour", "--name", "ATS", "--scopes", "read,write,send,admin")
    api = Api(product.url, created.stdout.strip())
    yield api
    api.client.close()


def link_in(message) -> str:
    """The address of the feedback page in a mail."""
    return re.search(r"http://[^\s>\"]+/f/[\w-]+", message.get_body(("plain",)).get_content()).group()
