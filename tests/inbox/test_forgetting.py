"""Mail that came in is not kept for ever: its bytes and addresses go, and what became of it stays."""

import datetime as dt

import pytest

from recruiter import clock
from recruiter.candidates.models import Candidate
from recruiter.contacts.models import Contact
from recruiter.inbox import service
from recruiter.inbox.models import MailState
from recruiter.privacy import retention
from tests.inbox import letterbox
from tests.inbox.letterbox import About

STRANGER = About("<none@elsewhere.example>", "", "jobs@mail.agency.example", "new@example.com")


@pytest.fixture
def later(app, time_machine):
    """Go some days on and do what is done once a day."""

    def later(days):
        time_machine.move_to(clock.now() + dt.timedelta(days=days), tick=False)
        with app.app_context():
            retention.sweep()

    return later


def kept(rows):
    return [(mail.raw is not None, mail.address is not None, bool(mail.recipients)) for mail in rows()]


def test_after_the_days_of_the_settings_only_what_became_of_it_is_left(sent, hand_in, rows, later, monkeypatch):
    monkeypatch.setattr(service, "MOST_EMPTIED", 1)
    hand_in(letterbox.reply(sent[1], "Thank you for telling me."))
    hand_in(letterbox.reply(STRANGER, "Is the role still open?"))
    hand_in(letterbox.reply(STRANGER, "Hello?", subject="Again"), then=False)
    assert [mail.state for mail in rows()] == [MailState.DONE, MailState.DONE, MailState.WAITING]

    later(89)
    assert [raw for raw, *_ in kept(rows)] == [True, True, True]
    later(2)
    assert [raw for raw, *_ in kept(rows)] == [False, False, True]
    assert [who for _, who, _ in kept(rows)][:2] == [False, False]
    assert [contact.note for contact in rows(Contact)] == ["Thank you for telling me."]
    assert rows()[1].placed_at is not None  # nobody can look at it any more


def test_a_legal_hold_keeps_it(sent, hand_in, rows, later, change):
    hand_in(letterbox.reply(sent[1], "You will hear from my lawyer."))
    hand_in(letterbox.dsn(sent[1]))
    change(Candidate, legal_hold="Claim 7")

    later(365)
    assert [raw for raw, *_ in kept(rows)] == [True, True]
