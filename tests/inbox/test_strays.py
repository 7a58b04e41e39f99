"""Mail that names no message of ours: shown to the firm that it can only be for, and else counted."""

import pytest

from recruiter.contacts.models import Contact
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.inbox import queries, service
from tests import build
from tests.inbox import letterbox
from tests.inbox.letterbox import About

STRANGER = About("<none@elsewhere.example>", "", "jobs@mail.agency.example", "maya.new@example.com")


@pytest.fixture
def stray(inbound, alice, hand_in, rows):
    """A mail of somebody whose address nobody has yet."""
    hand_in(letterbox.reply(STRANGER, "Is the role still open?", subject="A question <b>now</b>"))
    (mail,) = rows()
    return mail


def test_it_waits_for_a_member(alice, stray):
    assert (stray.kind, stray.candidate_id, stray.address) == ("reply", None, "maya.new@example.com")
    assert "1 mail came in that answers none of ours." in alice.browser.get("/today").text
    page = alice.browser.get("/mail").text
    assert "Is the role still open?" in page
    assert "A question &lt;b&gt;now&lt;/b&gt;" in page
    assert "Log with" not in page


def test_who_wants_no_more_mail_is_heard_whatever_they_answer(alice, inbound, hand_in):
    hand_in(letterbox.reply(STRANGER, "Take me off your list.", subject="Unsubscribe"))

    assert "1 mail came in that answers none of ours." in alice.browser.get("/today").text
    assert "Take me off your list." in alice.browser.get("/mail").text


def test_what_was_erased_waits_for_nobody(app, acme, alice, stray):
    with app.app_context(), transaction(acme.id) as session:
        service.forget(session, acme.id, new_id(), [STRANGER.recipient])

    assert "answers none of ours" not in alice.browser.get("/today").text
    assert alice.browser.post(f"/mail/{stray.id}/away").status_code == 404


def test_an_address_suggests_whose_it_is_and_a_member_says_so(app, acme, alice, stray, rows):
    with app.app_context():
        maya = build.candidate(acme, "Maya Ferreira", "maya.new@example.com")
    assert "Log with Maya Ferreira" in alice.browser.get("/mail").text
    assert rows(Contact) == []

    answer = alice.browser.post(f"/mail/{stray.id}/place")

    assert answer.location.endswith(f"/candidates/{maya.id}")
    assert [(contact.note, contact.candidate_id) for contact in rows(Contact)] == [("Is the role still open?", maya.id)]
    assert "Every mail found its place." in alice.browser.get("/mail").text
    assert "Is the role still open?" in alice.browser.get("/today").text


def test_nobody_can_be_given_what_nobody_sent(alice, stray, rows):
    alice.browser.post(f"/mail/{stray.id}/place")

    assert "No candidate has this address." in alice.browser.get("/mail").text
    assert rows(Contact) == []


def test_what_is_put_away_is_gone(alice, stray, rows):
    alice.browser.post(f"/mail/{stray.id}/away")

    assert [(mail.raw, mail.address) for mail in rows()] == [(None, None)]
    assert "Every mail found its place." in alice.browser.get("/mail").text
    assert alice.browser.post(f"/mail/{stray.id}/away").status_code == 404


def test_a_viewer_does_not_see_it(vera, stray):
    assert vera.browser.get("/mail").status_code == 403
    assert "answers none of ours" not in vera.browser.get("/today").text


def test_another_firm_cannot_touch_it(stray, charlie, rows):
    assert charlie.browser.post(f"/mail/{stray.id}/place").status_code == 404
    assert "Is the role still open?" not in charlie.browser.get("/mail").text
    assert [mail.placed_at for mail in rows()] == [None]


def test_among_several_firms_it_is_counted_and_not_kept(app, alice, charlie, inbound, hand_in, rows):
    answer = hand_in(letterbox.reply(STRANGER))

    assert answer.json == {"state": "unplaced"}
    assert rows() == []
    with app.app_context():
        (box,) = every_mailbox()
    assert (box.name, box.taken, box.unplaced) == ("http", 0, 1)
    metrics = alice.browser.get("/metrics").text
    assert 'recruiter_inbound_mails{became="unplaced",way="http"} 1.0' in metrics
    assert 'recruiter_inbound_broken{way="http"} 0.0' in metrics


def every_mailbox():
    with reading(None) as session:
        return queries.mailboxes(session)


def test_machines_write_to_nobody(alice, inbound, hand_in, rows):
    hand_in(letterbox.reply(STRANGER, headers="Auto-Submitted: auto-replied"))

    assert [mail.kind for mail in rows()] == ["automatic"]
    assert "Every mail found its place." in alice.browser.get("/mail").text


def test_an_erased_persons_stray_mail_goes_too(app, acme, alice, stray, rows):
    with app.app_context():
        maya = build.candidate(acme, "Maya Ferreira", "maya.new@example.com")

    alice.browser.post(f"/candidates/{maya.id}/erase", data={"reason": "ASKED"})

    assert [(mail.raw, mail.address) for mail in rows()] == [(None, None)]
