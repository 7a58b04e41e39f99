import datetime as dt

import pytest
import sqlalchemy as sa

from recruiter import clock
from recruiter.applications.models import Application
from recruiter.audit.models import AuditEntry
from recruiter.candidates import service as candidates
from recruiter.candidates.models import Candidate
from recruiter.contacts import queries
from recruiter.contacts.models import Contact, Reminder
from recruiter.db.session import reading, transaction
from tests import build


@pytest.fixture
def maya(app, acme):
    with app.app_context():
        return build.candidate(acme)


@pytest.fixture
def waiting(app, acme, maya):
    with app.app_context():
        return build.application(acme, maya, build.job(acme), promised_on=dt.date(2025, 11, 3))


@pytest.fixture
def log(alice, maya):
    """Log a contact with Maya."""

    def post(expected=201, headers=None, **values):
        body = {
            "candidate_id": str(maya.id),
            "kind": "call",
            "direction": "outbound",
            "outcome": "spoke",
            "happened_at": clock.now().isoformat(),
        }
        response = alice.api.post("/api/v1/contacts", json=body | values, headers=headers)
        assert response.status_code == expected, response.json
        return response.json

    return post


@pytest.fixture
def stored(app, acme):
    """Read rows of Acme."""

    def read(query):
        with app.app_context(), reading(acme.id) as session:
            return session.scalars(query).all()

    return read


def in_days(days):
    return (clock.today("Europe/Lisbon") + dt.timedelta(days=days)).isoformat()


def test_a_contact_is_logged_and_listed_the_latest_first(alice, log, maya):
    early = log(happened_at="2025-11-03T10:00:00+00:00", note="Asked about pay.")
    late = log(happened_at="2025-11-04T11:00:00+02:00")

    listed = alice.api.get(f"/api/v1/contacts?candidate_id={maya.id}").json

    assert [item["id"] for item in listed["items"]] == [late["id"], early["id"]]
    assert listed["next_cursor"] is None
    assert listed["items"][0]["happened_at"] == "2025-11-04T09:00:00+00:00"
    assert early["note"] == "Asked about pay."


def test_what_the_checker_says_about_our_note_is_a_warning(alice, log):
    ours = log(note="Seemed too old for the crew.")
    theirs = log(note="They said I was too old.", direction="inbound")

    [finding] = ours["findings"]
    assert (finding["rule"], finding["severity"], finding["field"]) == ("PROT-AGE", "warn", "internal")
    assert ours["note"][finding["start"] : finding["end"]] == finding["words"] == "too old"
    assert theirs["findings"] == []
    assert [item["findings"] for item in alice.api.get("/api/v1/contacts").json["items"]].count([finding]) == 1


def test_the_log_is_read_page_by_page(alice, log):
    logged = [log(happened_at=f"2025-11-0{day}T10:00:00+00:00")["id"] for day in (1, 2, 3)]

    first = alice.api.get("/api/v1/contacts?limit=2").json
    second = alice.api.get(f"/api/v1/contacts?limit=2&cursor={first['next_cursor']}").json

    assert [item["id"] for item in first["items"] + second["items"]] == logged[::-1]


def test_one_contact_has_an_etag(alice, log):
    contact = log()

    first = alice.api.get(f"/api/v1/contacts/{contact['id']}")
    again = alice.api.get(f"/api/v1/contacts/{contact['id']}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json == contact
    assert again.status_code == 304


def test_the_change_is_audited_without_the_note(log, stored):
    contact = log(note="Her mother is ill.")

    entry = stored(sa.select(AuditEntry).where(AuditEntry.action == "contact.logged"))[0]

    assert str(entry.subject_id) == contact["id"]
    assert entry.details["outcome"] == "spoke"
    assert "mother" not in str(entry.details)


def test_told_the_decision_keeps_the_promise(log, waiting, stored):
    log(application_id=str(waiting.id), told="decision", happened_at="2025-11-03T10:00:00+00:00")

    application = stored(sa.select(Application))[0]

    assert application.told_at == dt.datetime(2025, 11, 3, 10, tzinfo=dt.UTC)


def test_who_was_told_already_was_told_then(log, waiting, alice):
    for day in (3, 4):
        log(application_id=str(waiting.id), told="decision", happened_at=f"2025-11-0{day}T10:00:00+00:00")

    assert alice.api.get(f"/api/v1/applications/{waiting.id}").json["told_at"] == "2025-11-03T10:00:00+00:00"


def test_told_of_a_delay_moves_the_promise(log, waiting, stored):
    log(application_id=str(waiting.id), told="delay")

    application = stored(sa.select(Application))[0]

    assert application.told_at is None
    assert application.promised_on > clock.today("Europe/Lisbon")


def test_a_contact_about_an_application_need_not_tell_anything(log, waiting, stored):
    log(application_id=str(waiting.id))

    assert stored(sa.select(Application))[0].told_at is None


def test_who_was_not_reached_was_not_told(log, waiting):
    problem = log(422, application_id=str(waiting.id), told="decision", outcome="left_message")

    assert problem["errors"] == {"told": ["Nobody was reached, so nobody was told."]}


def test_told_needs_the_application_it_is_about(log):
    assert "application_id" in log(422, told="decision")["errors"]


def test_an_application_of_somebody_else_is_refused(app, acme, log):
    with app.app_context():
        other = build.application(acme, build.candidate(acme, "Ravi Patel"), build.job(acme))

    assert "application_id" in log(422, application_id=str(other.id))["errors"]


def test_a_contact_cannot_be_in_the_future(log):
    tomorrow = clock.now() + dt.timedelta(days=1)

    assert "happened_at" in log(422, happened_at=tomorrow.isoformat())["errors"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "fax"),
        ("outcome", "maybe"),
        ("happened_at", "2025-11-03T10:00:00"),
        ("note", "a\u0000b"),
        ("mood", "good"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(log, field, value):
    assert field in log(422, **{field: value})["errors"]


def test_nothing_is_logged_about_an_erased_person(app, acme, log, maya):
    with app.app_context(), transaction(acme.id) as session:
        candidates.forget(session, acme.id, maya.id, "asked")

    assert log(409)["code"] == "erased"


def test_another_firms_person_application_and_contact_are_not_there(app, log, charlie, waiting):
    with app.app_context():
        theirs = build.candidate(charlie.firm)
        other = build.application(charlie.firm, theirs, build.job(charlie.firm))
    contact = log()

    log(404, candidate_id=str(theirs.id))
    log(404, application_id=str(other.id))
    assert charlie.api.get(f"/api/v1/contacts/{contact['id']}").status_code == 404
    assert charlie.api.get("/api/v1/contacts").json["items"] == []


def test_the_same_key_logs_once(log, stored):
    body = {"happened_at": "2025-11-03T10:00:00+00:00", "headers": {"Idempotency-Key": "call-1"}}

    assert log(**body) == log(**body)
    assert len(stored(sa.select(Contact))) == 1


def test_only_reaching_a_person_counts_as_the_last_contact(log, stored):
    log(happened_at="2025-11-05T10:00:00+00:00")
    log(happened_at="2025-11-03T10:00:00+00:00")
    log(happened_at="2025-11-06T10:00:00+00:00", outcome="no_answer")

    assert stored(sa.select(Candidate))[0].last_contact_at == dt.datetime(2025, 11, 5, 10, tzinfo=dt.UTC)


def test_a_reply_waits_until_somebody_gets_back_to_the_person(app, acme, log):
    def waiting():
        with app.app_context(), reading(acme.id) as session:
            waiting = sa.select(Candidate.name).join(Contact, Contact.candidate_id == Candidate.id)
            return session.scalars(waiting.where(queries.is_waiting_reply(acme.id))).all()

    log(kind="mail", direction="inbound", outcome="sent", happened_at="2025-11-03T10:00:00+00:00")
    assert waiting() == ["Maya Ferreira"]

    log(outcome="no_answer", happened_at="2025-11-03T11:00:00+00:00")
    assert waiting() == ["Maya Ferreira"]

    log(kind="mail", outcome="sent", happened_at="2025-11-03T12:00:00+00:00")
    assert waiting() == []


def test_a_reminder_is_listed_when_it_is_due(app, acme, alice, log, maya):
    soon = log(remind_on=in_days(3), note="Ask about June.")
    log(remind_on=in_days(90))

    listed = alice.api.get(f"/api/v1/reminders?candidate_id={maya.id}&due_by={in_days(7)}").json["items"]
    with app.app_context(), reading(acme.id) as session:
        is_due = queries.is_due(acme.id, clock.today("Europe/Lisbon") + dt.timedelta(days=3))
        due = session.scalars(sa.select(Reminder.note).where(is_due)).all()

    assert [(item["contact_id"], item["due_on"], item["note"]) for item in listed] == [
        (soon["id"], in_days(3), "Ask about June.")
    ]
    assert due == ["Ask about June."]
    assert alice.api.get(f"/api/v1/reminders/{listed[0]['id']}").json == listed[0]


def test_a_reminder_cannot_be_in_the_past(log):
    assert "remind_on" in log(422, remind_on="2025-01-01")["errors"]


def test_a_reminder_that_is_done_leaves_the_list(alice, log, stored):
    log(remind_on=in_days(0))
    reminder = alice.api.get("/api/v1/reminders").json["items"][0]

    done = alice.api.post(f"/api/v1/reminders/{reminder['id']}/done")
    again = alice.api.post(f"/api/v1/reminders/{reminder['id']}/done")

    assert (done.status_code, again.status_code) == (200, 200)
    assert done.json["done_at"] == again.json["done_at"]
    assert alice.api.get("/api/v1/reminders").json["items"] == []
    assert len(stored(sa.select(AuditEntry).where(AuditEntry.action == "reminder.done"))) == 1


def test_a_reminder_is_snoozed_to_a_day_that_has_not_passed(alice, log):
    log(remind_on=in_days(0))
    reminder = alice.api.get("/api/v1/reminders").json["items"][0]
    address = f"/api/v1/reminders/{reminder['id']}/snooze"

    moved = alice.api.post(address, json={"until": in_days(5)})
    refused = alice.api.post(address, json={"until": in_days(-1)})

    assert moved.json["due_on"] == in_days(5)
    assert "until" in refused.json["errors"]


def test_a_reminder_that_is_done_cannot_be_snoozed(alice, log):
    log(remind_on=in_days(0))
    reminder = alice.api.get("/api/v1/reminders").json["items"][0]
    alice.api.post(f"/api/v1/reminders/{reminder['id']}/done")

    refused = alice.api.post(f"/api/v1/reminders/{reminder['id']}/snooze", json={"until": in_days(5)})

    assert (refused.status_code, refused.json["code"]) == (409, "reminder_done")


def test_another_firms_reminder_is_not_there(alice, log, charlie):
    log(remind_on=in_days(0))
    reminder = alice.api.get("/api/v1/reminders").json["items"][0]

    assert charlie.api.get(f"/api/v1/reminders/{reminder['id']}").status_code == 404
    assert charlie.api.post(f"/api/v1/reminders/{reminder['id']}/done").status_code == 404
