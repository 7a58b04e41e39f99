"""A key for all of the sample firm, which has rows of every kind."""

import pytest

from recruiter.accounts import keys
from recruiter.accounts.keys import CreateKey
from recruiter.accounts.models import Scope
from recruiter.audit.service import SYSTEM
from tests import people, sample

HOOK = {"url": "https://ats.example.com/hook", "events": ["notice.sent"]}


@pytest.fixture(scope="module")
def harbour(application, empty):
    """The sample firm; gone after the tests of the module."""
    with sample.made(application, empty) as made:
        yield made


@pytest.fixture(scope="module")
def ats(application, harbour):
    """An ATS's client, whose key may do everything in the sample firm."""
    with application.app_context():
        command = CreateKey(firm_id=harbour.firm_id, actor=SYSTEM, name="ATS", scopes=list(Scope))
        client = people.api(application, keys.create_key(command).secret)
    client.post("/api/v1/webhooks", json=HOOK)
    return client
