"""The bytes of old mail go by themselves; what became of it, and what knows it again, stays."""

import datetime as dt

import pytest
import time_machine

from recruiter import clock
from recruiter.contacts.models import Contact
from recruiter.privacy import retention
from recruiter.translations import days
from tests import people
from tests.inbox import letterbox
from tests.inbox.test_strays import STRANGER


@pytest.fixture
def after(app):
    """Let so many days go by, and the worker do what it does each day."""

    def after(days):
        with time_machine.travel(clock.now() + dt.timedelta(days=days)), app.app_context():
            retention.sweep()

    return after


def kept(mail):
    return mail.raw is not None, mail.address is not None, mail.sent_by is not None


def test_after_ninety_days_only_what_became_of_a_mail_is_kept(sent, hand_in, rows, after):
    raw = letterbox.reply(sent[1])
    hand_in(raw, sender=sent[1].recipient, recipient=sent[1].reply_to)
    (before,) = rows()

    after(89)
    assert [kept(mail) for mail in rows()] == [(True, True, True)]

    after(91)
    (mail,) = rows()
    assert (kept(mail), mail.recipients) == ((False, False, False), [])
    assert (mail.sha256, mail.kind, mail.candidate_id) == (before.sha256, "reply", before.candidate_id)
    assert [contact.note for contact in rows(Contact)] == ["Thank you for being so clear."]
    assert hand_in(raw).json == {"state": "known"}


def test_mail_without_a_place_says_when_it_is_put_away_and_today_says_so_in_time(inbound, acme, alice, hand_in):
    hand_in(letterbox.reply(STRANGER))
    came_in = clock.now()
    last = days.day(clock.local_date(came_in + dt.timedelta(days=90), acme.time_zone))
    assert f"Put away by itself on {last}" in alice.browser.get("/mail").text
    assert "The oldest is put away" not in alice.browser.get("/today").text

    with time_machine.travel(came_in + dt.timedelta(days=77)):
        person = people.browser(alice.browser.application, alice.member)
        assert f"The oldest is put away on {last}" in person.get("/today").text


def test_what_was_not_told_apart_yet_stays(sent, hand_in, rows, after):
    hand_in(letterbox.reply(sent[1]), then=False)
    after(91)

    assert [mail.raw is not None for mail in rows()] == [True]


def test_mail_of_somebody_under_a_legal_hold_stays_whole(alice, maya, sent, hand_in, rows, after):
    hand_in(letterbox.reply(sent[1], thread="", to=sent[1].reply_to))
    hand_in(letterbox.dsn(sent[1]))
    hand_in(letterbox.reply(STRANGER))
    alice.browser.post(f"/candidates/{maya.candidate.id}/hold", data={"reason": "Claim 7"})
    after(91)

    whole = [mail.raw is not None for mail in rows()]
    assert whole == [True, True, False]
    assert "answers none of ours" not in alice.browser.get("/today").text
