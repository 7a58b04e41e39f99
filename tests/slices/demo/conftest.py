"""The sample firm, made once for a module."""

import pytest
from flask_security.utils import hash_password

from recruiter.accounts import service as accounts
from recruiter.demo import service
from tests import people
from tests.conftest import empty


@pytest.fixture(scope="module")
def sample(application, owner):
    with application.app_context():
        yield service.make(hash_password)
    empty(owner)


@pytest.fixture
def priya(application, sample):
    """The browser of the sample firm's recruiter."""
    with application.app_context():
        members = accounts.list_members(sample.firm_id)
    return people.browser(application, next(member for member in members if member.email == service.PRIYA))
