import datetime as dt

import pytest

from recruiter import clock
from recruiter.applications.models import Decision
from tests import build


def waiting(firm, name="Maya Ferreira", days=-2, **values):
    """Somebody whose promise is so many days from today."""
    promised = clock.today(firm.time_zone) + dt.timedelta(days=days)
    decided = {"decision": Decision.NOT_SELECTED, "decided_at": clock.now(), "outcome_code": "CLO-OTHER"}
    job = values.pop("job", None) or build.job(firm)
    candidate = values.pop("candidate", None) or build.candidate(firm, name)
    return build.application(firm, candidate, job, promised_on=promised, **(decided | values))


@pytest.fixture
def today(app, alice):
    """The page as Alice sees it, as text."""

    def read(path="/today"):
        response = alice.browser.get(path)
        assert response.status_code == 200, response.text
        return response.text

    return read


def test_first_use_says_that_nobody_waits(today):
    assert "Nobody is waiting" in today()


def test_somebody_who_should_have_heard_is_first(app, acme, today):
    with app.app_context():
        waiting(acme)
    page = today()
    assert "1 person is waiting longer than we promised" in page
    assert "2 days late" in page
    assert "Write notice" in page
