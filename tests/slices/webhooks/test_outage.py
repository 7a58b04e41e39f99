"""A receiver that fails: for a moment, for days, for good; and who is told."""

import datetime as dt
import email.utils
import uuid

import pytest

from recruiter import clock
from recruiter.accounts.models import Role
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading
from recruiter.outbox.models import Message, StreamKind
from recruiter.webhooks import schedule
from tests import build, mail
from tests.slices.webhooks.conftest import add, log_of, shown


@pytest.fixture
def admins(app, firm):
    """Two admins, one of whom may not sign in any more, and a recruiter."""
    with app.app_context():
        ada = build.member(firm, "Ada Admin", Role.ADMIN)
        build.member(firm, "Rita Recruiter", Role.RECRUITER)
    return ada


@pytest.fixture
def notes(app, firm):
    """The notes to members that were queued."""

    def notes():
        with app.app_context(), reading(firm.id) as session:
            found = session.query(Message).filter_by(firm_id=firm.id, stream=StreamKind.ACCOUNT).all()
            return [(note.recipient, note.payload) for note in found]

    return notes


def test_gone_switches_off_at_once_and_the_admins_are_told(app, firm, api, receiver, tell, admins, notes):
    endpoint = add(api, receiver)
    receiver.statuses = [410]
    tell()
    tell()

    assert len(receiver.calls) == 1
    assert shown(api, endpoint)["disabled_reason"] == "the receiver said it is gone"
    [(to, payload)] = notes()
    assert to == admins.email
    assert "127.0.0.1 is switched off" in payload["subject"]
    with app.app_context(), reading(firm.id) as session:
        actions = session.query(AuditEntry.action).filter_by(firm_id=firm.id, subject_id=uuid.UUID(endpoint["id"]))
        assert [row.action for row in actions] == ["webhook.added", "webhook.switched_off"]


def test_the_mail_says_where_to_look(app, api, receiver, tell, admins, settings, smtp_sink):
    endpoint = add(api, receiver)
    receiver.statuses = [410]
    tell()
    with mail.posting(app, settings, smtp_sink.url) as post:
        mail.deliver(app, post)

    [message] = smtp_sink.messages
    assert message["Subject"] == "The webhook to 127.0.0.1 is switched off"
    assert f"http://localhost/settings/webhooks/{endpoint['id']}" in message.get_body(["plain"]).get_content()


@pytest.mark.slow
def test_five_days_of_failure_switch_it_off(api, receiver, tell, later, admins, notes):
    endpoint = add(api, receiver)
    receiver.statuses = [500] * 100
    tell()
    since = shown(api, endpoint)["failing_since"]
    for _ in range(9):
        later(hours=12)
        tell()
    assert shown(api, endpoint)["disabled_at"] is None
    assert shown(api, endpoint)["failing_since"] == since

    later(hours=12)
    tell()
    assert shown(api, endpoint)["disabled_reason"] == "no success for five days"
    assert len(notes()) == 1


def test_one_success_ends_an_outage(api, receiver, tell, later):
    endpoint = add(api, receiver)
    receiver.statuses = [500] * 5
    for _ in range(4):
        tell()
        later(hours=1)
    receiver.statuses = []
    tell()

    assert shown(api, endpoint)["failing_since"] is None


def test_failures_with_a_long_silence_between_them_are_two_outages(api, receiver, tell, later, time_machine):
    endpoint = add(api, receiver)
    receiver.statuses = [500] * 100
    tell()
    first = shown(api, endpoint)["failing_since"]
    time_machine.move_to(clock.now() + dt.timedelta(days=9), tick=False)
    tell()

    assert shown(api, endpoint)["disabled_at"] is None
    assert shown(api, endpoint)["failing_since"] > first


def switch(api, endpoint, *, on):
    address = f"/api/v1/webhooks/{endpoint['id']}"
    tag = api.get(address).headers["ETag"]
    assert api.patch(address, json={"enabled": on}, headers={"If-Match": tag}).status_code == 200


def test_switched_on_it_may_fail_anew(api, receiver, tell, admins, notes):
    endpoint = add(api, receiver)
    receiver.statuses = [410, 410]
    tell()
    switch(api, endpoint, on=True)
    assert shown(api, endpoint)["failing_since"] is None
    tell()

    assert shown(api, endpoint)["disabled_at"]
    assert len(notes()) == 2


def test_a_call_that_fails_after_a_person_switched_off_tells_nobody(app, api, hands, receiver, happen, admins, notes):
    endpoint = add(api, receiver)
    happen()
    receiver.statuses = [410]
    receiver.gate.clear()
    with app.app_context():
        hands.reach_out()
    receiver.wait_for(1)
    switch(api, endpoint, on=False)
    receiver.gate.set()
    hands.finish()

    assert shown(api, endpoint)["disabled_reason"] == "switched off"
    assert log_of(api, endpoint)[0]["state"] == "dead"
    assert notes() == []


@pytest.mark.parametrize("in_words", [False, True])
def test_a_receiver_that_asks_for_quiet_has_it(api, receiver, happen, tell, later, in_words):
    endpoint = add(api, receiver)
    asked = email.utils.format_datetime(clock.now() + dt.timedelta(hours=1), usegmt=True) if in_words else "3600"
    receiver.statuses, receiver.headers = [503], {"Retry-After": asked}
    tell()
    assert shown(api, endpoint)["quiet_until"]
    happen()

    assert later(minutes=50) == 0  # neither the one that failed nor the new one
    assert later(minutes=15) == 2
    assert shown(api, endpoint)["quiet_until"] is None


@pytest.mark.parametrize("asked", ["soon", "", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00"])
def test_what_asks_for_no_time_changes_nothing(api, receiver, tell, later, asked):
    endpoint = add(api, receiver)
    receiver.statuses, receiver.headers = [503], {"Retry-After": asked}
    tell()

    assert shown(api, endpoint)["quiet_until"] is None
    assert later(seconds=6) == 1


def test_nobody_is_left_alone_for_longer_than_a_day(api, receiver, tell, later):
    endpoint = add(api, receiver)
    receiver.statuses, receiver.headers = [429], {"Retry-After": "99999999999"}
    tell()

    assert shown(api, endpoint)["quiet_until"] < (clock.now() + dt.timedelta(hours=25)).isoformat()
    assert later(hours=25) == 1


def test_the_waits_are_those_of_the_specification_give_or_take_a_tenth():
    waits = [schedule.wait(step) for step in range(10)]

    assert waits[9] is None
    for wait, told in zip(waits, schedule.LADDER, strict=False):
        assert 0.9 * told <= wait <= 1.1 * told
    assert len({schedule.wait(8) for _ in range(5)}) > 1
