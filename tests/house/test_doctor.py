"""`recruiter doctor` finds what is wrong with an installation and says what to do."""

import datetime as dt

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from recruiter import clock
from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.outbox import service
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage
from tests import build
from tests.conftest import DATABASE
from tests.smtp_sink import SmtpSink


def test_a_healthy_installation_is_told_so(run):
    with SmtpSink() as sink:
        result = run("doctor", RECRUITER_MAIL_URL=sink.url, RECRUITER_BASE_URL="https://notices.example.com")

    assert result.exit_code == 0
    assert f"good    The database answers ({DATABASE})." in result.output
    assert f"good    The relay 127.0.0.1:{sink.port} answers (tls none)." in result.output
    assert "better" not in result.output
    assert "broken" not in result.output


def test_links_over_http_and_mail_into_files_could_be_better(run):
    result = run("doctor", RECRUITER_BASE_URL="http://notices.example.com")

    assert result.exit_code == 0
    assert "better  Links begin with http://notices.example.com: use https" in result.output
    assert "better  Mail is written to" in result.output


def test_a_relay_that_does_not_answer_is_broken(run):
    with SmtpSink() as sink:
        url = sink.url

    result = run("doctor", RECRUITER_MAIL_URL=url)

    assert result.exit_code == 1
    assert f"broken  The relay 127.0.0.1:{sink.port} does not take mail from us" in result.output


def test_a_password_is_tried_and_an_unverified_certificate_named(run):
    def authenticator(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data == LoginPassword(b"sam", b"right"), handled=False)

    with SmtpSink(authenticator=authenticator, auth_require_tls=False) as sink:
        url = f"127.0.0.1:{sink.port}?tls=opportunistic"
        taken = run("doctor", RECRUITER_MAIL_URL=f"smtp://sam:right@{url}").output
        refused = run("doctor", RECRUITER_MAIL_URL=f"smtp://sam:wrong@{url}").output

    answers = f"The relay 127.0.0.1:{sink.port} answers (tls opportunistic), and takes our password."
    assert f"better  {answers} Its certificate is not verified: use tls=required." in taken
    assert f"broken  The relay 127.0.0.1:{sink.port} does not take mail from us" in refused


def test_a_mail_address_that_cannot_be_used_is_named(run):
    result = run("doctor", RECRUITER_MAIL_URL="smtp://relay.example.com?tls=none")

    assert result.exit_code == 1
    assert "broken  RECRUITER_MAIL_URL tls=none is for a relay on this machine" in result.output


def test_a_database_that_is_not_there_is_broken(run, tmp_path):
    result = run("doctor", RECRUITER_DATABASE_URL=f"sqlite:///{tmp_path / 'none' / 'none.sqlite3'}")

    assert result.exit_code == 1
    assert "broken  The database cannot be reached (OperationalError)." in result.output


def test_a_database_without_our_tables_is_brought_to_this_release(run, tmp_path):
    empty = {"RECRUITER_DATABASE_URL": f"sqlite:///{tmp_path / 'new' / 'new.sqlite3'}", "RECRUITER_MIGRATION_URL": ""}
    (tmp_path / "new").mkdir()

    before = run("doctor", **empty)
    upgraded = [run("db", "upgrade", **empty) for _ in range(2)]
    after = run("doctor", **empty)

    assert "broken  Its tables are of another release: run `recruiter db upgrade`." in before.output
    assert [result.exit_code for result in upgraded] == [0, 0]
    assert "good    Its tables are those of this release." in after.output


@pytest.mark.slow
def test_an_application_that_owns_its_tables_is_warned(run, postgres_server):
    _application, owner = postgres_server.create_database("one_role")
    urls = {"RECRUITER_DATABASE_URL": owner, "RECRUITER_MIGRATION_URL": owner}
    run("db", "upgrade", **urls)

    assert "better  The application's role owns the tables" in run("doctor", **urls).output


def test_mail_that_nobody_delivers_is_late(app, run):
    with app.app_context():
        firm = build.firm()
        for minutes in (3, 61):
            due_at = clock.now() - dt.timedelta(minutes=minutes)
            with transaction(firm.id) as session:
                service.enqueue(session, firm.id, _letter(due_at))
            output = run("doctor").output
            assert ("good    No mail is late." in output) is (minutes == 3)

    assert "better  Mail should have left 61 minutes ago: Outbox, Status says what it waits for" in output


def _letter(due_at):
    maya, sam = Mailbox("Maya", "maya@example.org"), Mailbox("Sam", "sam@northgate.example")
    key = new_id()
    return NewMessage(
        stream=StreamKind.ACCOUNT, subject_id=key, dedupe_key=str(key), recipient=maya, sender=sam, due_at=due_at
    )


def test_an_application_that_is_a_superuser_is_warned(run, postgres_server):
    url = postgres_server.url("postgres", "postgres")

    assert (
        "better  The application's role bypasses row-level security" in run("doctor", RECRUITER_DATABASE_URL=url).output
    )


ADDRESSES = {"RECRUITER_BOUNCE_ADDRESS": "bounce@mail.example.com", "RECRUITER_REPLY_ADDRESS": "reply@mail.example.com"}


def test_mail_that_comes_in_is_examined(run):
    secret = {"RECRUITER_INBOUND_SECRET": "a-secret-of-the-mail-server-of-32-or-more"}

    assert "good    No mail comes in" in run("doctor").output
    assert "better  Mail goes to bounce@mail.example.com, reply@mail" in run("doctor", **ADDRESSES).output
    assert "better  Mail can come in, and none is asked for" in run("doctor", **secret).output
    both = run("doctor", **ADDRESSES, **secret).output
    assert "good    Mail comes in for bounce@mail.example.com" in both
    assert "better  Nobody says which answers are forged: name your mail server" in both
    named = run("doctor", **ADDRESSES, **secret, RECRUITER_INBOUND_SERVER="mx.example.com").output
    assert "forged" not in named


def test_a_door_for_mail_servers_is_tried(run):
    with SmtpSink() as sink:
        url = sink.url
        opened = run("doctor", RECRUITER_INBOUND_LISTEN=url)
    closed = run("doctor", RECRUITER_INBOUND_LISTEN=url)

    assert f"good    Mail is taken at {url}." in opened.output
    assert f"better  Nobody listens at {url}" in closed.output


def test_a_mailbox_that_cannot_be_read_is_broken(run):
    with SmtpSink() as sink:
        port = sink.port

    result = run("doctor", RECRUITER_INBOUND_IMAP_URL=f"imap://answers:a-password@127.0.0.1:{port}/INBOX")

    assert result.exit_code == 1
    assert "broken  The mailbox imap:answers@127.0.0.1/INBOX cannot be read" in result.output
    assert "a-password" not in result.output
