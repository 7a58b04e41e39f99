"""A real mailbox behind a real Dovecot: read once, from where the last reading ended, and left as it was."""

import dataclasses
import imaplib
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from recruiter import config
from recruiter.db.session import reading as reading_block
from recruiter.inbox import imap, queries, reading
from recruiter.inbox.imap import Fetcher, Unreadable
from recruiter.inbox.models import Mailbox
from tests import mailservers
from tests.commands import run  # noqa: F401 - a fixture
from tests.inbox import letterbox
from tests.inbox.conftest import INBOUND

pytestmark = [pytest.mark.mail, pytest.mark.slow]


@pytest.fixture(scope="module")
def servers():
    mailservers.require()
    with tempfile.TemporaryDirectory(prefix="recruiter-mail-") as home, mailservers.running(Path(home)) as servers:
        yield servers


@pytest.fixture
def box(servers):
    """The mailbox as its owner sees it, emptied."""
    connection = imaplib.IMAP4("127.0.0.1", servers.imap_port)
    connection.login("answers", mailservers.PASSWORD)
    connection.select()
    connection.store("1:*", "+FLAGS", r"\Deleted") if connection.search(None, "ALL")[1][0] else None
    connection.expunge()
    yield connection
    connection.logout()


@pytest.fixture
def fetcher(app, servers, monkeypatch):
    monkeypatch.setattr(imap, "IDLE_SECONDS", 0.1)
    fetcher = Fetcher(imap.parse(servers.imap_url))
    yield fetcher
    fetcher.close()
    fetcher.close()


@pytest.fixture
def read(app, fetcher):
    """One round, as the delivering process makes it."""

    def read():
        with app.app_context():
            return fetcher.round()

    return read


@pytest.fixture
def place(app):
    """What the installation knows of the mailbox."""

    def place():
        with app.app_context(), reading_block(None) as session:
            return next(each for each in queries.mailboxes(session) if each.name.startswith("imap:"))

    return place


def put(box, raw):
    assert box.append("INBOX", None, None, raw)[0] == "OK"


def flags(box):
    box.noop()
    return box.fetch("1:*", "(FLAGS)")[1]


def test_each_mail_is_taken_once_and_left_unread(box, sent, read, rows, place):
    _notice, about = sent
    put(box, letterbox.reply(about, "One."))
    put(box, letterbox.reply(about, "Two."))

    assert (read(), read()) == (2, 0)
    put(box, letterbox.reply(about, "Three."))
    assert read() == 1

    assert len(rows()) == 3
    assert len({mail.uid for mail in rows()}) == 3
    assert place().last_uid == rows()[-1].uid
    assert all(b"Seen" not in line for line in flags(box))


def test_after_a_restart_it_goes_on_where_it_was(app, box, servers, sent, read, fetcher, rows):
    _notice, about = sent
    put(box, letterbox.reply(about, "One."))
    read()
    fetcher.close()
    put(box, letterbox.reply(about, "Two."))

    again = Fetcher(imap.parse(servers.imap_url))
    with app.app_context():
        assert again.round() == 1
    again.close()

    assert len(rows()) == 2


def test_a_crash_before_the_checkpoint_doubles_nothing(app, box, sent, read, fetcher, rows, place, owner):
    _notice, about = sent
    put(box, letterbox.reply(about))
    read()
    fetcher.close()
    with owner.begin() as connection:
        connection.execute(sa.update(Mailbox).values(last_uid=0))

    assert read() >= 1

    assert len(rows()) == 1
    assert place().last_uid == rows()[0].uid


def test_a_mailbox_that_was_made_anew_is_read_anew(box, sent, read, fetcher, rows, place, owner):
    _notice, about = sent
    put(box, letterbox.reply(about))
    read()
    fetcher.close()
    with owner.begin() as connection:
        connection.execute(sa.update(Mailbox).values(uid_validity=1, last_uid=10_000))

    assert read() >= 1

    assert len(rows()) == 1
    assert place().uid_validity != 1


def test_of_what_is_too_large_the_words_are_taken(app, settings, box, sent, read, rows):
    _notice, about = sent
    config.use(dataclasses.replace(settings, **INBOUND | {"inbound_max_bytes": 10_000}))
    parts = "--b\n\nMy portfolio.\n--b\nContent-Disposition: attachment; filename=cv.pdf\n\n" + "long " * 3_000
    head = letterbox.reply(about).partition(b"\r\n\r\n")[0].replace(b"text/plain", b"multipart/mixed; boundary=b")
    put(box, head + f"\n\n{parts}\n--b--\n".replace("\n", "\r\n").encode())
    put(box, letterbox.reply(about, "short"))

    read()

    large, small = rows()
    assert (len(large.raw), len(small.raw) < 10_000) == (10_000, True)
    assert reading.words(reading.read(large.raw)) == "My portfolio.\n\n(Attached, and not shown here: cv.pdf.)"


def test_a_server_that_does_not_push_is_asked_now_and_then(app, box, sent, fetcher, read, rows):
    _notice, about = sent
    read()
    with app.app_context():
        fetcher.open().client.capabilities = ("IMAP4REV1",)
    assert read() == 0
    put(box, letterbox.reply(about))

    assert read() == 0
    assert rows() == []


def test_a_line_that_breaks_is_made_anew(app, box, sent, fetcher, read, rows, place):
    _notice, about = sent
    read()
    with app.app_context():
        fetcher.open().client.shutdown()
    put(box, letterbox.reply(about))

    with pytest.raises((OSError, imaplib.IMAP4.error)) as error:
        read()
    assert place().problem == f"the line was lost ({error.type.__name__})"
    assert read() == 1

    assert len(rows()) == 1
    assert place().problem is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("a-password-of-the-mailbox", "wrong"), "lets us not in"),
        (("/INBOX", "/Missing"), "lets us not in"),
        (("imap://", "imaps://"), "cannot be reached"),
        (("@127.0.0.1", "@imap.invalid"), "cannot be reached"),
    ],
    ids=["password", "folder", "TLS", "name"],
)
def test_why_it_cannot_be_read_is_kept_for_an_operator(app, servers, place, inbound, change, problem):
    fetcher = Fetcher(imap.parse(servers.imap_url.replace(*change)))

    with app.app_context(), pytest.raises(Unreadable, match=problem):
        fetcher.round()

    assert problem in place().problem
    assert "wrong" not in place().problem


@pytest.mark.once
def test_the_doctor_opens_it(run, servers):  # noqa: F811 - the fixture above
    assert "can be read." in run("doctor", RECRUITER_INBOUND_IMAP_URL=servers.imap_url).output
