"""Whoever sends mail again at the same moment as others, or as the person is erased: it leaves once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading
from recruiter.outbox.models import Message, MessageState
from tests import mail
from tests.concurrency.test_erasing import PATIENCE, meeting
from tests.concurrency.test_notices import NOTICES, maya, post
from tests.maya import case
from tests.people import browser

__all__ = ["maya", "post"]

pytestmark = pytest.mark.no_cover


@pytest.fixture
def refused(app, acme, alice, maya, post, smtp_sink):
    """Three people's messages that a mail server refused."""
    for found in (maya, case(app, acme, seeded=True), case(app, acme, seeded=True)):
        assert alice.api.post(NOTICES, json=found.body()).status_code == 201
    smtp_sink.faults.recipient += ["550 5.2.0 not now"] * 3
    mail.deliver(app, post)
    found = rows(app, acme, Message)
    assert {message.state for message in found} == {MessageState.REJECTED}
    return found


def rows(app, firm, table, *conditions):
    with app.app_context(), reading(firm.id) as session:
        return session.scalars(sa.select(table).where(table.firm_id == firm.id, *conditions).order_by(table.id)).all()


def test_of_many_who_send_the_same_again_at_once_one_does(app, acme, alice, refused):
    ready = Barrier(9)

    def click(number):
        person = browser(app, alice.member)
        ready.wait(PATIENCE)
        if number % 3 == 0:
            return person.post("/outbox/again", data={"reason": "refused"}).status_code
        return person.post(f"/outbox/{refused[number % 3].id}/again").status_code

    with ThreadPoolExecutor(9) as threads:
        assert set(threads.map(click, range(9))) == {303}

    assert {message.state for message in rows(app, acme, Message)} == {MessageState.QUEUED}
    again = rows(app, acme, AuditEntry, AuditEntry.action == "mail.sent_again")
    assert sorted(entry.subject_id for entry in again) == [message.id for message in refused]


def test_nothing_is_sent_again_to_a_person_who_is_being_erased(app, acme, alice, bob, maya, refused):
    mine = next(message for message in refused if message.candidate_id == maya.candidate.id)
    with meeting(app) as holds, ThreadPoolExecutor(1) as thread:
        erased = thread.submit(alice.browser.post, f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})
        assert holds.wait(PATIENCE)
        page = bob.browser.post(f"/outbox/{mine.id}/again", follow_redirects=True).text
        assert erased.result(PATIENCE).status_code == 303

    assert "This person&#39;s data was erased." in page
    assert rows(app, acme, Message, Message.id == mine.id)[0].state is MessageState.REJECTED
