"""Every operation does what the description says, for requests that fit it and for requests that do not.

Seeded and bounded; ``make api-fuzz`` goes on from there.
"""

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import IgnoredAuth

from tests.api import known
from tests.conftest import DATABASE

PATH = "/api/v1/openapi.json"
EXAMPLES = {"sqlite": 4, "postgresql": 2}
# The examples make rows that others then meet, so nothing is gained by finding a smaller one again.
PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.generate)

pytestmark = [pytest.mark.no_cover, pytest.mark.slow]


@pytest.fixture(scope="module")
def operations(application):
    schema = schemathesis.openapi.from_wsgi(PATH, application)
    # The key is ours to send; a check of its own asks what happens without one, or with another.
    schema.config.generation.update(with_security_parameters=False)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_operation_keeps_to_the_description(operations, ats, mode):
    assert len(operations) > 40
    ids = known.ids(lambda path: ats.get(path).json)
    for operation in operations:
        hold(operation, mode, ats.key, ids)


def hold(operation, mode, key, ids):
    """Send the operation generated requests and check each answer."""

    @hypothesis.settings(
        max_examples=EXAMPLES[DATABASE],
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
def test_an_operation_that_forgets_its_key_is_found(application, ats, operations, monkeypatch):
    endpoint, _ = application.url_map.bind("").match("/api/v1/clients", method="GET")
    monkeypatch.setitem(application.view_functions, endpoint, lambda: {"items": [], "next_cursor": None})
    monkeypatch.setitem(application.before_request_funcs, endpoint.rpartition(".")[0], [])
    open_to_all = next(each for each in operations if each.label == "GET /api/v1/clients")

    with pytest.raises(FailureGroup) as found:
        hold(open_to_all, schemathesis.GenerationMode.POSITIVE, ats.key, {})
    assert found.group_contains(IgnoredAuth)
