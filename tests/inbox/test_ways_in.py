"""The ways in: an address with a secret, and a door for mail servers that is no relay."""

import dataclasses
import smtplib
import socket
import uuid

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from recruiter import config
from recruiter.app import create_app
from recruiter.db.engine import db
from recruiter.db.session import reading
from recruiter.inbox import hearers, queries, service
from recruiter.inbox.listener import Listener
from recruiter.inbox.models import InboundMail
from recruiter.outbox import addresses
from tests import outage
from tests.inbox import letterbox
from tests.inbox.conftest import INBOUND, SECRET
from tests.inbox.letterbox import About


@pytest.fixture
def port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def listening(app, settings, inbound, port):
    """A door of this kind, open for the test."""
    doors = []

    def listen(scheme, context=app.app_context):
        changed = dataclasses.replace(settings, **INBOUND, inbound_listen=f"{scheme}://127.0.0.1:{port}")
        doors.append(Listener(context, changed))
        assert (doors[-1].round(), doors[-1].round()) == (0, 0)
        return (smtplib.LMTP if scheme == "lmtp" else smtplib.SMTP)("127.0.0.1", port)

    yield listen
    for door in doors:
        door.close()
        door.close()


def test_without_the_secret_nothing_is_taken(inbound, hand_in, rows):
    assert hand_in(b"x", secret="another-secret-of-32-characters-xx").status_code == 401
    assert hand_in(b"x", secret="").status_code == 401
    assert hand_in(b"x", secret="später").status_code == 401
    assert rows() == []


def test_a_secret_that_is_not_a_bearers_is_none(inbound, client, acme):
    answer = client.post("/inbound/mail", data=b"x", headers={"Content-Type": "message/rfc822"}, auth=("x", SECRET))

    assert answer.status_code == 401
    assert "RECRUITER_INBOUND_SECRET" in answer.text


def test_where_none_is_set_there_is_no_such_address(hand_in, acme):
    assert hand_in(b"x").status_code == 404


def test_only_raw_mail_is_taken(inbound, client, acme):
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}

    answer = client.post("/inbound/mail", data=b"{}", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_a_mail_larger_than_the_limit_is_refused(app, inbound, hand_in, acme, rows):
    too_large = hand_in(b"Subject: big\r\n\r\n" + b"x" * 100_000)
    assert (too_large.status_code, too_large.json["code"]) == (413, "too_large")
    with app.app_context(), pytest.raises(service.TooLarge):
        service.take_in(service.Incoming(raw=b"x" * 100_001, mailbox="http"))
    assert rows() == []


def test_a_mail_larger_than_other_bodies_is_taken(app, settings, acme, hand_in, rows):
    config.use(dataclasses.replace(settings, **INBOUND | {"inbound_max_bytes": 4_000_000}))

    assert hand_in(b"Subject: big\r\n\r\n" + b"x" * 3_000_000).json == {"state": "kept"}

    config.use(settings)
    assert len(rows()) == 1


@pytest.mark.parametrize("scheme", ["lmtp", "smtp"])
def test_a_mail_server_hands_over_what_came_back(alice, sent, listening, sort, rows, scheme):
    notice, about = sent
    raw = letterbox.dsn(about)
    with listening(scheme) as line:
        line.sendmail("", [about.return_path], raw)
        line.sendmail("", [about.return_path], raw)
    sort()

    (mail,) = rows()
    assert (mail.mailbox, mail.sent_by, mail.recipients, mail.kind) == (scheme, "", [about.return_path], "bounce")
    assert alice.api.get(f"/api/v1/notices/{notice['id']}").json["delivery"] == "bounced"


def test_it_is_no_relay_and_takes_nothing_for_nobody(sent, listening, rows):
    _notice, about = sent
    with listening("smtp") as line:
        refused = []
        for address in (
            "maya@example.org",
            "bounce@mail.agency.example",
            about.return_path[:-30] + about.return_path[-20:],
        ):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as error:
                line.sendmail("x@example.org", [address], b"Subject: x\r\n\r\nx")
            refused += [code for code, _words in error.value.recipients.values()]

    assert refused == [550, 550, 550]
    assert rows() == []


def test_a_code_of_a_message_that_is_gone_is_refused(acme, charlie, inbound, listening, rows):
    gone = addresses.reply_to(uuid.uuid4())
    stray = letterbox.reply(About("<none@elsewhere.example>", "", gone, "maya@example.org"))

    with listening("lmtp") as line, pytest.raises(smtplib.SMTPDataError) as error:
        line.sendmail("maya@example.org", [gone], stray)

    assert error.value.smtp_code == 550
    assert rows() == []


def test_while_the_database_is_away_the_other_side_comes_again(settings, inbound, sent, listening, tmp_path):
    _notice, about = sent
    url = f"sqlite:///{tmp_path / 'none' / 'none.sqlite3'}"
    away = Flask("away")
    away.config["SQLALCHEMY_DATABASE_URI"] = url
    with pytest.raises(smtplib.SMTPDataError) as error, listening("smtp", away.app_context) as line:
        line.sendmail("", [about.return_path], letterbox.dsn(about))

    assert error.value.smtp_code == 451


@pytest.mark.slow
def test_two_processes_cannot_hold_one_door(listening):
    with listening("smtp"), pytest.raises(OSError, match="address already in use"):
        listening("smtp")


def test_the_process_that_delivers_opens_what_the_settings_name(settings, port):
    wanted = dataclasses.replace(
        settings, **INBOUND, inbound_listen=f"lmtp://127.0.0.1:{port}", inbound_imap_url="imap://a:b@127.0.0.1:1/INBOX"
    )
    app = create_app(wanted)
    health = app.extensions["recruiter.engine"].health()
    with app.app_context():
        db.engine.dispose()
    config.use(settings)

    assert {"listener", "imap", "inbound"} <= set(health)


def test_while_the_database_is_away_no_try_counts(app, sent, hand_in, rows, sort):
    _notice, about = sent
    hand_in(letterbox.reply(about), then=False)

    with app.app_context(), outage.at(db.engine, "INSERT INTO contacts"), pytest.raises(OperationalError):
        sort()
    assert [(mail.state, mail.tries) for mail in rows()] == [("waiting", 0)]
    sort()

    assert [(mail.state, mail.kind) for mail in rows()] == [("done", "reply")]


class Deaf:
    """A feature with a fault."""

    def replied(self, _session, _reply):
        raise ValueError("a fault of ours")


def test_what_cannot_be_dealt_with_is_tried_again_and_at_last_given_up(
    app, sent, hand_in, rows, change, sort, monkeypatch
):
    _notice, about = sent

    monkeypatch.setattr(hearers, "_listeners", [Deaf()])
    hand_in(letterbox.reply(about))
    assert [(mail.state, mail.tries) for mail in rows()] == [("waiting", 1)]
    for _ in range(service.MOST_TRIES - 1):
        change(InboundMail, due_at=rows()[0].created_at)
        sort()

    (mail,) = rows()
    assert (mail.state, mail.tries, mail.kind) == ("failed", service.MOST_TRIES, None)
    assert mail.raw is not None
    with app.app_context(), reading(None) as session:
        assert [box.given_up for box in queries.mailboxes(session)] == [1]
