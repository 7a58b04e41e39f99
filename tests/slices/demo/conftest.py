"""The sample firm, made once for a module."""

import pytest

from tests import sample as samples


@pytest.fixture(scope="module")
def sample(application, empty):
    with samples.made(application, empty) as sample, application.app_context():
        yield sample


@pytest.fixture
def priya(application, sample):
    """The browser of the sample firm's recruiter."""
    return samples.browser(application, sample)
