"""Every operation does what the description says, for requests that fit it and for requests that do not."""

import os

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies

PATH = "/api/v1/openapi.json"
EXAMPLES = int(os.environ.get("RECRUITER_TEST_API_EXAMPLES", "12"))
# The examples make rows that others then meet, so nothing is gained by finding a smaller one again.
PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.generate)


@pytest.fixture
def operations(app, alice):
    schema = schemathesis.openapi.from_wsgi(PATH, app)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_operation_keeps_to_the_description(operations, alice, mode):
    assert len(operations) > 30
    for operation in operations:
        hold(operation, mode, alice.key)


def hold(operation, mode, key):
    """Send the operation generated requests and check each answer."""

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategies.data())
    def check(data):
        case = data.draw(operation.as_strategy(generation_mode=mode))
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"})

    check()
