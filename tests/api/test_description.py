"""Every operation does what the description says, for requests that fit it and for requests that do not.

Seeded and bounded; ``make api-fuzz`` goes on from there.
"""

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import IgnoredAuth

from recruiter.accounts import keys
from recruiter.accounts.keys import CreateKey
from recruiter.accounts.models import Scope
from recruiter.audit.service import SYSTEM
from tests import people, sample
from tests.api import known
from tests.conftest import DATABASE

PATH = "/api/v1/openapi.json"
HOOK = {"url": "https://ats.example.com/hook", "events": ["notice.sent"]}
EXAMPLES = {"sqlite": 10, "postgresql": 4}
# The examples make rows that others then meet, so nothing is gained by finding a smaller one again.
PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.generate)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def key(application, owner):
    """A key of the sample firm, which has rows of every kind."""
    with sample.made(application, owner) as made, application.app_context():
        command = CreateKey(firm_id=made.firm_id, actor=SYSTEM, name="ATS", scopes=list(Scope))
        yield keys.create_key(command).secret


@pytest.fixture(scope="module")
def client(application, key):
    client = people.api(application, key)
    client.post("/api/v1/webhooks", json=HOOK)
    return client


@pytest.fixture(scope="module")
def operations(application):
    schema = schemathesis.openapi.from_wsgi(PATH, application)
    # The key is ours to send; a check of its own asks what happens without one, or with another.
    schema.config.generation.update(with_security_parameters=False)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_operation_keeps_to_the_description(operations, client, mode):
    assert len(operations) > 40
    ids = known.ids(lambda path: client.get(path).json)
    for operation in operations:
        hold(operation, mode, client.key, ids)


def hold(operation, mode, key, ids):
    """Send the operation generated requests and check each answer."""

    @hypothesis.settings(
        max_examples=EXAMPLES[DATABASE],
        derandomize=True,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategies.data())
    def check(data):
        case = data.draw(operation.as_strategy(generation_mode=mode))
        known.point(case, ids)
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"})

    check()


@pytest.mark.once
def test_an_operation_that_forgets_its_key_is_found(application, client, operations, monkeypatch):
    endpoint, _ = application.url_map.bind("").match("/api/v1/clients", method="GET")
    monkeypatch.setitem(application.view_functions, endpoint, lambda: {"items": [], "next_cursor": None})
    monkeypatch.setitem(application.before_request_funcs, endpoint.rpartition(".")[0], [])
    open_to_all = next(each for each in operations if each.label == "GET /api/v1/clients")

    with pytest.raises(FailureGroup) as found:
        hold(open_to_all, schemathesis.GenerationMode.POSITIVE, client.key, {})
    assert found.group_contains(IgnoredAuth)
