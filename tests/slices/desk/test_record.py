"""The record and the Outbox, filled by a real letter and what came back."""

import datetime as dt
import re
from dataclasses import replace

from recruiter import clock
from recruiter.db.session import transaction
from recruiter.outbox import service as outbox
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, StreamKind
from recruiter.outbox.service import NewMessage
from tests import build
from tests.maya import case
from tests.people import browser
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.notices.forms import press
from tests.slices.portal.conftest import reader

__all__ = ["change", "deliver", "look", "maya", "post", "reader"]


def test_the_record_shows_the_person(app, acme, alice):
    with app.app_context():
        maya = build.candidate(acme, location="Lisbon", time_zone="Europe/Lisbon")
        build.application(acme, maya, build.job(acme))
    page = alice.browser.get(f"/candidates/{maya.id}").text
    assert "Maya Ferreira" in page
    assert "Data Engineer" in page
    assert maya.email in page


def test_a_viewer_sees_no_address(app, acme, vera):
    with app.app_context():
        maya = build.candidate(acme)
    assert maya.email not in vera.browser.get(f"/candidates/{maya.id}").text


def test_a_viewer_is_offered_nothing_that_would_be_refused(alice, vera, maya):
    press(alice, maya, "send")
    alice.browser.post(
        f"/candidates/{maya.candidate.id}/reply", data={"note": "Hello", "happened_at": "2026-01-05T10:00"}
    )
    notice = re.search(r"/notices/[0-9a-f-]{36}", alice.browser.get("/outbox").text)[0]
    writes = re.compile(
        r"Write notice|Log contact|Log reply|Add a job|Close job|Import|>Undo|>Done|>Snooze <|Send reply"
    )
    places = (
        "/today",
        "/candidates",
        f"/candidates/{maya.candidate.id}",
        "/jobs",
        f"/jobs/{maya.job.id}",
        "/outbox",
        notice,
    )
    for path in places:
        page = vera.browser.get(path)
        assert page.status_code == 200, path
        assert not writes.search(page.text.partition('id="main"')[2].partition("</main>")[0]), path
        assert writes.search(alice.browser.get(path).text), path


def test_a_notice_is_not_asked_for_while_one_waits_to_leave(alice, maya):
    record = f"/candidates/{maya.candidate.id}"
    assert "Write notice" in alice.browser.get(record).text

    press(alice, maya, "send")

    page = alice.browser.get(record).text
    assert "Held, see it" in page
    assert "Write notice" not in page


def test_an_empty_outbox_says_so(alice):
    assert "Nothing is waiting to leave." in alice.browser.get("/outbox").text
    assert "Nothing has left today." in alice.browser.get("/outbox?tab=sent").text
    assert alice.browser.get("/outbox?tab=nonsense").status_code == 404


def test_the_timeline_tells_what_was_said_by_both(alice, maya, reader):
    reader.send("thanks")
    reader.send("ask", text="Could you say more?")
    [question] = alice.api.get("/api/v1/responses?kind=question").json["items"]
    alice.browser.post(f"/today/response-{question['id']}/reply", data={"text": "Of course."})
    page = alice.browser.get(f"/candidates/{maya.candidate.id}").text
    for words in ("The notice was sent", "Said thanks", "Could you say more?", "Of course.", "Read the letter"):
        assert words in page


def test_the_timeline_tells_the_day_that_was_promised_instead(alice, maya):
    ids = {"candidate_id": str(maya.candidate.id), "application_id": str(maya.application.id)}
    call = {"kind": "call", "direction": "outbound", "outcome": "spoke", "happened_at": clock.now().isoformat()}
    alice.api.post("/api/v1/contacts", json=ids | call | {"told": "delay"})
    [waits] = alice.api.get("/api/v1/applications").json["items"]
    day = dt.date.fromisoformat(waits["promised_on"])

    page = alice.browser.get(f"/candidates/{maya.candidate.id}").text

    assert f"New date promised: {day:%A} {day.day} {day:%B}" in page


def test_the_item_in_hand_shows_the_point_it_is_about(alice, reader):
    reader.send(f"point/{reader.point}", text="I did that at Alder.", differs="yes")
    page = alice.browser.get("/today?split=replies").text
    assert "About the point you wrote" in page
    assert "Streaming pipelines" in page


def test_thanks_are_marked_done_with_one_button(alice, reader):
    reader.send("thanks")
    assert "Mark done" in alice.browser.get("/today?split=replies").text
    [thanks] = alice.api.get("/api/v1/responses").json["items"]
    alice.browser.post(f"/today/response-{thanks['id']}/done")
    assert "said thanks" not in alice.browser.get("/today").text


def test_every_page_offers_to_undo_what_is_held_until_it_is_undone(alice, bob, maya):
    press(alice, maya, "send")
    for path in ("/candidates", "/jobs", "/pool", "/settings/profile", f"/candidates/{maya.candidate.id}"):
        page = alice.browser.get(path).text
        assert "Your notice to" in page, path
        assert page.count('data-key="z"') == 1, path
    assert "Your notice to" not in bob.browser.get("/candidates").text

    [undo] = re.findall(r'action="(/notices/[^"]+/withdraw)"', alice.browser.get("/jobs").text)
    back = alice.browser.post(undo, follow_redirects=True)

    assert "Your redesign cut the nightly job" in back.text
    assert "Your notice to" not in alice.browser.get("/jobs").text


def test_undo_takes_back_what_was_queued_last_not_what_leaves_next(app, acme, alice, bob, maya, change):
    press(alice, case(app, acme, seeded=True), "send")
    change(acme, hold_minutes=40)
    press(alice, maya, "send")
    last, first = alice.api.get("/api/v1/notices").json["items"]
    assert last["leaves_at"] > first["leaves_at"]

    for path in ("/today", "/jobs", "/outbox"):
        [form] = re.findall(r'<form[^>]*>(?:(?!</form>).)*data-key="z"', alice.browser.get(path).text, re.DOTALL)
        assert f"/notices/{last['id']}/withdraw" in form, path
    assert 'data-key="z"' not in bob.browser.get("/outbox").text


def test_the_outbox_opens_what_goes_word_for_word_without_the_link(app, alice, maya):
    notice = alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=30)).json
    listed = alice.browser.get("/outbox").text
    assert "Maya Ferreira" in listed
    assert f"/notices/{notice['id']}/withdraw" in listed
    page = follow(alice, listed)
    assert "We will not be taking your application further" in page
    assert notice["feedback_url"].rpartition("/")[2] not in page


def test_the_outbox_keeps_what_went(alice, reader):
    page = follow(alice, alice.browser.get("/outbox?tab=sent").text)
    assert "What went, word for word" in page
    assert "Accepted" in page
    assert reader.base.rpartition("/")[2] not in page


def test_the_outbox_counts_the_messages_that_it_lists(alice, reader, deliver, time_machine):
    for _ in range(2):
        alice.browser.post(f"/notices/{reader.notice['id']}/link")
        deliver()

    page = alice.browser.get("/outbox?tab=sent").text
    assert page.count("data-row") == 3
    assert '>Sent today <span class="tabs__count num">3</span>' in page
    assert "3 messages to 1 person left today." in page

    time_machine.move_to(clock.now() + dt.timedelta(days=1))
    tomorrow = browser(reader.client.application, alice.member).get("/outbox?tab=sent").text
    assert "Nothing has left today." in tomorrow
    assert '>Sent today <span class="tabs__count num">0</span>' in tomorrow


def test_the_outbox_says_how_much_more_there_is(app, acme, alice, maya):
    waits = NewMessage(
        stream=StreamKind.NOTICE,
        subject_id=acme.id,
        dedupe_key="",
        recipient=Mailbox("Maya", maya.candidate.email),
        sender=Mailbox("Priya", "priya@example.com"),
        due_at=clock.now() + dt.timedelta(hours=1),
        candidate_id=maya.candidate.id,
    )
    with app.app_context(), transaction(acme.id) as session:
        for number in range(51):
            outbox.enqueue(session, acme.id, replace(waits, dedupe_key=str(number)))

    page = alice.browser.get("/outbox").text
    assert page.count("data-row") == 50
    assert "51 messages to 1 person wait to leave. Here are 50 of them." in page


def test_the_outbox_says_why_something_did_not_leave(app, acme, alice, maya, deliver, change, look):
    alice.api.post("/api/v1/notices", json=maya.body())
    change(maya.candidate, erased_at=clock.now(), name=None)
    deliver()
    page = alice.browser.get("/outbox?tab=problems").text
    assert "erased" in page


def test_mail_to_members_is_not_in_the_outbox(app, acme, alice, look):
    alice.browser.post("/settings/members", data={"email": "new@agency.example.com", "role": "recruiter"})
    message = look(Message, acme)
    assert alice.browser.get(f"/outbox/{message.id}").status_code == 404


def follow(person, listed):
    """Open the first message of the list."""
    return person.browser.get(re.search(r"/outbox/[0-9a-f-]{36}", listed)[0]).text
