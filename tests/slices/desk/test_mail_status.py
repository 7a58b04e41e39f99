"""Members see whether mail leaves, and when it does not: what waits, why, since when, and what to do."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.accounts.models import Role
from recruiter.db.session import transaction
from recruiter.outbox import stops
from recruiter.outbox.models import MailStop, Message, MessageState, StopKind
from tests import people
from tests.slices.notices.conftest import change, look, maya

__all__ = ["change", "look", "maya"]


@pytest.fixture
def late(alice, maya, change, look):
    """A notice that should have left ten minutes ago."""
    alice.api.post("/api/v1/notices", json=maya.body())
    message = look(Message, maya.firm)

    def late(**values):
        change(message, first_due_at=clock.now() - dt.timedelta(minutes=10), **values)
        return message

    return late


def test_while_all_is_well_it_says_so(alice):
    page = alice.browser.get("/outbox/status").text

    assert "Mail is leaving." in page
    assert "Everything that should have left by now has left." in page
    assert "Pause everything" in page


def test_what_was_due_a_moment_ago_is_not_called_late(alice, maya):
    alice.api.post("/api/v1/notices", json=maya.body())

    assert "Mail is leaving." in alice.browser.get("/outbox/status").text


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (None, "Nothing is handing mail over."),
        ("line_lost", "The mail server does not answer."),
        ("credentials", "The mail server does not accept our password."),
        ("throttled", "The mail server asks us to slow down."),
    ],
)
def test_while_nothing_leaves_everybody_reads_since_when_and_that_nothing_is_lost(vera, late, code, why):
    late(problem_code=code)

    assert re.search(r"Mail has not left since (today|yesterday) \d\d:\d\d\.", vera.browser.get("/outbox").text)
    page = vera.browser.get("/outbox/status").text
    assert "Nothing is lost; we keep trying." in page
    assert f"<b>1 mail.</b> {why}" in page


@pytest.mark.parametrize(
    ("code", "why"), [("greylisted", "asks us to come back"), ("night", "Something is in its way.")]
)
def test_what_waits_for_one_recipient_holds_nobody_else(alice, late, code, why):
    late(problem_code=code)

    assert "Mail has not left" not in alice.browser.get("/outbox").text
    page = alice.browser.get("/outbox/status").text
    assert "Mail is leaving." in page
    assert why in page


def test_what_nobody_tried_waits_behind_what_was_tried_in_vain(alice, late, app):
    late(problem_code="line_lost")
    alice.browser.post("/settings/members", data={"email": "new@agency.example.com", "role": "recruiter"})
    with app.app_context():
        from_everybody_late(alice)

    assert "<b>2 mails.</b> The mail server does not answer." in alice.browser.get("/outbox/status").text


def from_everybody_late(person):
    with transaction(person.firm.id) as session:
        past = clock.now() - dt.timedelta(minutes=5)
        session.execute(sa.update(Message).where(Message.firm_id == person.firm.id).values(first_due_at=past))


def test_a_pause_is_a_leads_and_shows_on_every_page(app, acme, alice, vera, maya):
    lena = people.person(app, acme, "Lena Vogt", Role.LEAD)
    paused = lena.browser.post("/outbox/pause", follow_redirects=True)
    assert "Nothing leaves until you or another lead lets it." in paused.text

    for path in ("/today", "/candidates", "/outbox", "/settings/profile"):
        page = vera.browser.get(path).text
        assert "Mail is paused since today" in page
        assert "by Lena Vogt. Nothing is lost." in page
    assert "Let mail leave again" not in vera.browser.get("/outbox/status").text
    assert vera.browser.post("/outbox/resume").status_code == 403

    page = alice.browser.get("/outbox/status").text
    assert "What you queue waits. Taking back works as always." in page
    assert "Let mail leave again" in page
    assert "Mail leaves again." in alice.browser.post("/outbox/resume", follow_redirects=True).text
    assert "Mail was not stopped." in alice.browser.post("/outbox/resume", follow_redirects=True).text
    assert "Mail is paused" not in vera.browser.get("/today").text


def test_a_pause_of_the_installation_is_not_the_firms_to_end(app, alice):
    with app.app_context():
        stops.pause_everybody("The relay moves on Sunday.")

    assert "Mail is paused for everybody since today" in alice.browser.get("/today").text
    page = alice.browser.get("/outbox/status").text
    assert "The relay moves on Sunday." in page
    assert "Let mail leave again" not in page
    assert "Pause everything" not in page


def test_a_firm_that_is_refused_reads_what_to_do(app, acme, alice):
    with app.app_context():
        stopped(acme, "550 5.7.26 no DKIM")

    assert "Mail has been stopped since today" in alice.browser.get("/today").text
    page = alice.browser.get("/outbox/status").text
    assert "550 5.7.26 no DKIM" in page
    assert "SPF, DKIM and DMARC" in page


def stopped(firm, words):
    with transaction(firm.id) as session:
        session.add(MailStop(firm_id=firm.id, kind=StopKind.REFUSED, detail=words))


def test_what_may_have_arrived_is_counted(alice, late):
    until = clock.now() + dt.timedelta(minutes=10)
    late(state=MessageState.DOUBTFUL, lease_until=until)

    assert "1 mail may have arrived." in " ".join(alice.browser.get("/outbox/status").text.split())


def test_what_waits_for_a_person_is_counted(alice, late):
    late(state=MessageState.DOUBTFUL)

    words = " ".join(alice.browser.get("/outbox/status").text.split())
    assert "1 mail may have arrived, and 1 of them wait for your decision." in words
