"""The constant tables: what a reply means, when a try is due, what a mail URL says."""

import datetime as dt
from pathlib import Path

import pytest

from recruiter.outbox import backoff
from recruiter.outbox.replies import Phase, Verdict, verdict_on
from recruiter.outbox.streams import Outcome
from recruiter.outbox.transports import relay
from recruiter.outbox.transports.line import ehlo_name
from recruiter.outbox.transports.relay import Tls

pytestmark = pytest.mark.once

HOUR = 3600


@pytest.mark.parametrize(
    ("code", "words", "phase", "verdict"),
    [
        (421, "4.7.0 closing", Phase.MAIL, Verdict.LINE_LOST),
        (451, "4.3.2 system not accepting", Phase.MAIL, Verdict.LINE_LOST),
        (451, "4.4.1 no answer from host", Phase.DOT, Verdict.LINE_LOST),
        (421, "4.4.2 too slow", Phase.DOT, Verdict.LINE_LOST),
        (554, "no service here", Phase.CONNECT, Verdict.LINE_LOST),
        (250, "an answer out of turn", Phase.DATA, Verdict.LINE_LOST),
        (-1, "what?", Phase.DOT, Verdict.UNKNOWN_OUTCOME),
        (354, "go on", Phase.DOT, Verdict.UNKNOWN_OUTCOME),
        (450, "4.7.1 greylisted", Phase.RECIPIENT, Verdict.GREYLISTED),
        (451, "4.2.0 try again", Phase.RECIPIENT, Verdict.GREYLISTED),
        (450, "Greylisting in action", Phase.RECIPIENT, Verdict.GREYLISTED),
        (452, "4.2.2 mailbox full", Phase.RECIPIENT, Verdict.MAILBOX_FULL),
        (552, "5.2.2 over quota", Phase.DOT, Verdict.MAILBOX_FULL),
        (554, "5.2.2 mailbox full", Phase.RECIPIENT, Verdict.MAILBOX_FULL),
        (552, "Mailbox full", Phase.RECIPIENT, Verdict.MAILBOX_FULL),
        (454, "4.7.0 throttled", Phase.DOT, Verdict.THROTTLED),
        (450, "4.7.28 unusual rate", Phase.DOT, Verdict.THROTTLED),
        (451, "Too many messages, slow down", Phase.MAIL, Verdict.THROTTLED),
        (451, "4.3.0 later", Phase.DOT, Verdict.TEMPORARY),
        (550, "5.1.1 user unknown", Phase.RECIPIENT, Verdict.NO_SUCH_ADDRESS),
        (550, "5.1.2 bad destination system", Phase.RECIPIENT, Verdict.NO_SUCH_ADDRESS),
        (501, "5.1.3 bad syntax", Phase.RECIPIENT, Verdict.NO_SUCH_ADDRESS),
        (556, "5.1.10 null MX", Phase.RECIPIENT, Verdict.NO_SUCH_ADDRESS),
        (550, "5.2.1 disabled", Phase.RECIPIENT, Verdict.NO_SUCH_ADDRESS),
        (550, "No such user here", Phase.RECIPIENT, Verdict.NO_SUCH_ADDRESS),
        (550, "5.1.1 unknown", Phase.MAIL, Verdict.SENDER_REFUSED),
        (553, "5.1.8 bad sender", Phase.RECIPIENT, Verdict.SENDER_REFUSED),
        (550, "Sender domain does not exist", Phase.RECIPIENT, Verdict.SENDER_REFUSED),
        (550, "5.7.1 policy", Phase.DOT, Verdict.SENDER_REFUSED),
        (550, "5.7.515 unauthenticated", Phase.DOT, Verdict.SENDER_REFUSED),
        (550, "5.7.26 no SPF and no DKIM", Phase.DOT, Verdict.SENDER_REFUSED),
        (554, "bad reputation", Phase.DOT, Verdict.SENDER_REFUSED),
        (554, "5.0.0 refused by policy", Phase.DOT, Verdict.SENDER_REFUSED),
        (550, "5.4.1 your reputation is low", Phase.DOT, Verdict.SENDER_REFUSED),
        (554, "5.4.14 too many hops", Phase.DOT, Verdict.REFUSED),
        (554, "5.6.7 needs SMTPUTF8", Phase.DOT, Verdict.UNSENDABLE),
        (552, "5.3.4 too big", Phase.MAIL, Verdict.UNSENDABLE),
        (501, "syntax", Phase.MAIL, Verdict.UNSENDABLE),
        (503, "5.5.1 bad sequence", Phase.DATA, Verdict.UNSENDABLE),
        (550, "no", Phase.RECIPIENT, Verdict.REFUSED),
        (535, "5.7.8 wrong password", Phase.LOGIN, Verdict.CREDENTIALS),
        (530, "5.7.0 authentication required", Phase.MAIL, Verdict.CREDENTIALS),
        (500, "what is AUTH", Phase.LOGIN, Verdict.CREDENTIALS),
        (454, "4.7.0 later", Phase.LOGIN, Verdict.THROTTLED),
    ],
)
def test_every_row_of_the_reply_table(code, words, phase, verdict):
    assert verdict_on(code, words, phase) is verdict


@pytest.mark.parametrize(
    ("verdict", "tries", "seconds"),
    [
        (Verdict.LINE_LOST, 1, 2), (Verdict.LINE_LOST, 99, 60), (Verdict.CREDENTIALS, 1, 30),
        (Verdict.THROTTLED, 3, 60), (Verdict.GREYLISTED, 1, 300), (Verdict.GREYLISTED, 4, HOUR),
        (Verdict.GREYLISTED, 50, HOUR), (Verdict.MAILBOX_FULL, 2, 2 * HOUR), (Verdict.TEMPORARY, 1, 300),
        (Verdict.TEMPORARY, 2, 450), (Verdict.TEMPORARY, 60, 4 * HOUR),
    ],
)  # fmt: skip
def test_a_try_is_due_by_its_ladder_give_or_take_a_tenth(verdict, tries, seconds):
    due = [backoff.delay(verdict, tries, jitter) for jitter in (0.0, 0.5, 1.0)]

    assert due == [dt.timedelta(seconds=seconds * factor) for factor in (0.9, 1.0, 1.1)]


def test_what_is_refused_for_good_has_no_ladder():
    with pytest.raises(KeyError):
        backoff.delay(Verdict.NO_SUCH_ADDRESS, 1, 0.5)


def test_only_an_end_against_the_senders_will_is_a_failure():
    fine = {Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.DOUBTFUL, Outcome.CANCELLED, Outcome.MOVED}
    assert {outcome for outcome in Outcome if not outcome.is_failure} == fine


@pytest.mark.parametrize(
    ("verdict", "failures", "seconds"),
    [(Verdict.LINE_LOST, 1, 0), (Verdict.LINE_LOST, 3, 2), (Verdict.LINE_LOST, 60, 30), (Verdict.CREDENTIALS, 1, 30)],
)
def test_a_relay_rests_longer_after_each_failure(verdict, failures, seconds):
    assert backoff.rest(verdict, failures, 0.5) == dt.timedelta(seconds=seconds)


def parsed(url):
    return relay.parse(url, sender="recruiter@firm.example", timeout=30.0)


@pytest.mark.parametrize(
    ("url", "port", "tls", "is_implicit"),
    [
        ("smtp://mail.firm.example", 587, Tls.REQUIRED, False),
        ("smtp://mail.firm.example:2525?tls=opportunistic", 2525, Tls.OPPORTUNISTIC, False),
        ("smtps://mail.firm.example", 465, Tls.REQUIRED, True),
        ("smtp://127.0.0.1", 25, Tls.NONE, False),
        ("smtp://localhost:1025?tls=required", 1025, Tls.REQUIRED, False),
        ("smtp://mail.localhost", 25, Tls.NONE, False),
        ("smtp://[::1]", 25, Tls.NONE, False),
    ],
)
def test_a_mail_url_says_where_and_how_protected(url, port, tls, is_implicit):
    way = parsed(url)
    keys = relay.flask_mail_keys(way)

    assert (way.port, way.tls, way.is_implicit) == (port, tls, is_implicit)
    assert (keys["MAIL_SERVER"], keys["MAIL_PORT"], keys["MAIL_TLS"]) == (way.host, port, tls.value)
    assert (keys["MAIL_USE_SSL"], keys["MAIL_USE_TLS"]) == (is_implicit, not is_implicit and tls is not Tls.NONE)


def test_user_and_password_may_hold_any_character():
    way = parsed("smtp://sam%40firm:p%2Fw@mail.firm.example")

    assert (way.username, way.password) == ("sam@firm", "p/w")
    assert "p/w" not in repr(way)


def test_a_directory():
    assert parsed("maildir:///var/mail%20here") == Path("/var/mail here")
    assert relay.flask_mail_keys(Path("/var/mail")) == {"MAIL_SUPPRESS_SEND": True}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://mail.firm.example", "must be smtp://"), ("smtp:///x", "must be smtp://"),
        ("smtp://mail.firm.example?tls=none", "on this machine"), ("smtps://127.0.0.1?tls=none", "on this machine"),
        ("smtp://mail.firm.example?tls=maybe", "tls must be"), ("smtp://mail.firm.example?ssl=1", "no option ssl"),
    ],
)  # fmt: skip
def test_a_mail_url_that_says_too_little_or_too_much(url, words):
    with pytest.raises(ValueError, match=words):
        parsed(url)


@pytest.mark.parametrize(
    ("sender", "name"),
    [("recruiter@firm.example", "firm.example"), ("recruiter@192.0.2.1", "[192.0.2.1]"), ("", "localhost")],
)
def test_the_name_we_greet_with(sender, name):
    assert ehlo_name(sender) == name
