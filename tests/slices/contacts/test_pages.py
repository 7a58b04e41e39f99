"""The forms of the follow-up log, as a member fills them in."""

import datetime as dt

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.applications.models import Application
from recruiter.contacts.models import Contact, Reminder
from recruiter.db.session import reading
from recruiter.feedback.models import FindingChoice
from tests import build
from tests.slices.notices.forms import shown_in

SPOKE = {"kind": "call", "outcome": "spoke", "happened_at": "2025-11-03T10:00"}


@pytest.fixture
def maya(app, acme):
    with app.app_context():
        return build.candidate(acme)


@pytest.fixture
def stored(app, acme):
    """Read the rows of a table of Acme's."""

    def read(table):
        with app.app_context(), reading(acme.id) as session:
            return session.scalars(sa.select(table)).all()

    return read


@pytest.fixture
def send(alice, maya):
    """Fill in a form about Maya."""

    def post(form, **values):
        return alice.browser.post(f"/candidates/{maya.id}/{form}", data=values)

    return post


def test_the_form_offers_what_can_be_logged(alice, app, acme, maya):
    plain = alice.browser.get(f"/candidates/{maya.id}/contact")
    with app.app_context():
        job = build.job(acme)
        build.application(acme, maya, job)
    asked = alice.browser.get(f"/candidates/{maya.id}/contact?kind=meeting")

    assert plain.status_code == asked.status_code == 200
    assert "Was the person told?" not in plain.text
    assert "Was the person told?" in asked.text
    assert job.title in asked.text
    assert 'value="meeting" checked' in asked.text


def test_a_contact_is_logged_in_the_firms_time(send, maya, alice, stored):
    answer = send("contact", **SPOKE, note="Asked about June.")

    contact = stored(Contact)[0]
    assert (answer.status_code, answer.location) == (303, f"/candidates/{maya.id}")
    assert contact.happened_at == dt.datetime(2025, 11, 3, 10, tzinfo=dt.UTC)  # Lisbon in winter
    assert (contact.note, contact.member_id) == ("Asked about June.", alice.member.id)
    assert stored(Reminder) == []


def test_a_call_in_which_the_decision_was_told_keeps_the_promise(app, acme, maya, send, stored):
    with app.app_context():
        application = build.application(acme, maya, build.job(acme))

    send("contact", **SPOKE, told="decision", application_id=str(application.id))

    assert stored(Application)[0].told_at is not None


@pytest.mark.parametrize(("remind", "days"), [("3", 3), ("7", 7)])
def test_a_reminder_is_set_some_days_ahead(send, stored, remind, days):
    send("contact", **SPOKE, remind=remind)

    assert stored(Reminder)[0].due_on == clock.today("Europe/Lisbon") + dt.timedelta(days=days)


def test_a_reminder_is_set_on_a_day(send, stored):
    day = clock.today("Europe/Lisbon") + dt.timedelta(days=90)

    send("contact", **SPOKE, remind="pick", remind_on=day.isoformat())

    assert stored(Reminder)[0].due_on == day


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(send, stored):
    answer = send("contact", kind="call", happened_at="2025-11-03T10:00", note="Asked.", remind="pick", outcome="spoke")

    assert answer.status_code == 422
    assert "Choose the day of the reminder." in answer.text
    assert "Asked.</textarea>" in answer.text
    assert "<title>Error: Log contact" in answer.text
    assert stored(Contact) == []


def test_a_missing_outcome_is_named(send):
    answer = send("contact", kind="call", happened_at="2025-11-03T10:00")

    assert answer.status_code == 422
    assert 'href="#outcome"' in answer.text


def test_a_pasted_reply_is_an_inbound_contact(alice, maya, send, stored):
    assert "Log reply" in alice.browser.get(f"/candidates/{maya.id}/reply").text

    send("reply", happened_at="2025-11-03T10:00", note="Thank you, I would like to hear more.")

    contact = stored(Contact)[0]
    assert (contact.kind, contact.direction, contact.outcome) == ("mail", "inbound", "sent")
    assert contact.note.startswith("Thank you")
    timeline = alice.browser.get(f"/candidates/{maya.id}").text
    assert "Mail</b>, from them" in timeline


def test_a_reply_waits_on_today_until_we_get_back_to_it(alice, send):
    def waits() -> bool:
        return "wrote to you" in alice.browser.get("/today").text

    send("contact", **SPOKE)
    send("reply", happened_at="2025-11-03T11:00", note="One more thing.")
    assert waits()
    send("contact", **SPOKE | {"happened_at": "2025-11-03T12:00", "outcome": "no_answer"})
    assert waits()
    send("contact", **SPOKE | {"happened_at": "2025-11-03T13:00"})
    assert not waits()


def test_an_empty_reply_is_refused(send):
    answer = send("reply", happened_at="2025-11-03T10:00")

    assert answer.status_code == 422
    assert 'href="#note"' in answer.text


def test_a_reminder_is_done_or_moved(alice, send, stored):
    today = clock.today("Europe/Lisbon")
    send("contact", **SPOKE, remind="3")
    address = f"/reminders/{stored(Reminder)[0].id}"

    moved = alice.browser.post(f"{address}/snooze", data={"days": "7"})
    assert (moved.status_code, moved.location) == (303, "/today")
    assert stored(Reminder)[0].due_on == today + dt.timedelta(days=7)

    alice.browser.post(f"{address}/snooze", data={"until": (today + dt.timedelta(days=30)).isoformat()})
    assert stored(Reminder)[0].due_on == today + dt.timedelta(days=30)

    alice.browser.post(f"{address}/done")
    assert stored(Reminder)[0].done_at is not None


def test_a_viewer_and_a_stranger_log_nothing(vera, charlie, maya, stored):
    assert vera.browser.get(f"/candidates/{maya.id}/contact").status_code == 403
    assert vera.browser.post(f"/candidates/{maya.id}/contact", data=SPOKE).status_code == 403
    assert charlie.browser.get(f"/candidates/{maya.id}/reply").status_code == 404
    assert charlie.browser.post(f"/candidates/{maya.id}/contact", data=SPOKE).status_code == 404
    assert stored(Contact) == []


def test_a_note_that_could_hurt_is_kept_by_a_second_click(send, stored):
    note = {"note": "Seemed too old for the crew."}

    asked = send("contact", **SPOKE, **note)
    nothing = stored(Contact)
    worse = send("contact", **SPOKE, note=f"{note['note']} You seemed nervous.", shown=shown_in(asked))
    assert (worse.status_code, "You seemed nervous.</textarea>" in worse.text) == (422, True)
    kept = send("contact", **SPOKE, **note, shown=shown_in(asked))

    assert asked.status_code == 422
    assert "“too old” is about age" in asked.text
    assert "This note can be asked for." in asked.text
    assert "Keep it and log" in asked.text
    assert nothing == []
    assert kept.status_code == 303
    assert [contact.note for contact in stored(Contact)] == [note["note"]]
    assert [(found.rule, found.choice) for found in stored(FindingChoice)] == [("PROT-AGE", "kept")]
