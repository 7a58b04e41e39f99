"""With Postfix as relay and Dovecot as mailbox: what really comes back, and what a person really answers."""

import dataclasses
import tempfile
import threading
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from recruiter.outbox.models import Suppression
from tests import mailservers
from tests.inbox import letterbox
from tests.inbox.conftest import address
from tests.inbox.letterbox import About
from tests.mailservers import THEIRS
from tests.maya import case
from tests.product import PATIENCE, Product, environment
from tests.whole.conftest import Api

pytestmark = [pytest.mark.mail, pytest.mark.once, pytest.mark.slow]


@pytest.fixture(scope="module")
def servers():
    mailservers.require()
    with tempfile.TemporaryDirectory(prefix="recruiter-mail-") as home, mailservers.running(Path(home)) as servers:
        yield servers


@pytest.fixture(scope="module")
def product(settings, servers, tmp_path_factory):
    """The product with all that it needs to hear: LMTP for what comes back, IMAP for what people answer."""
    settings = dataclasses.replace(settings, mail_url=servers.relay_url)
    product = Product({}, tmp_path_factory.mktemp("product") / "log")
    product.variables = environment(
        settings,
        RECRUITER_BASE_URL=product.url,
        RECRUITER_BOUNCE_ADDRESS=f"bounce@{mailservers.OURS}",
        RECRUITER_REPLY_ADDRESS=f"reply@{mailservers.OURS}",
        RECRUITER_INBOUND_LISTEN=f"lmtp://127.0.0.1:{servers.lmtp_port}",
        RECRUITER_INBOUND_IMAP_URL=servers.imap_url,
    )
    with product:
        yield product


@pytest.fixture
def api(alice, product):
    api = Api(product.url, alice.key)
    yield api
    api.client.close()


def until(ask, servers):
    """Ask until the answer is something, and return it; else show what the servers said."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if found := ask():
            return found
        pause.wait(0.1)
    raise AssertionError(servers.logs())


def with_address(api, found, email):
    answer = api.client.get(f"/candidates/{found.candidate.id}")
    headers = {"If-Match": answer.headers["ETag"]}
    assert api.client.patch(f"/candidates/{found.candidate.id}", json={"email": email}, headers=headers).is_success


def test_what_postfix_returns_suppresses_the_address(app, acme, alice, api, servers, rows):
    found = case(app, acme)
    with_address(api, found, f"gone@{THEIRS}")

    notice = api.post("/notices", **found.body())

    shown = until(
        lambda: (now := api.get(f"/notices/{notice['id']}"))["delivery"] == "bounced" and now,
        servers,
    )
    assert shown["problem"]["code"] == "bounced"
    assert shown["problem"]["detail"].startswith("5.1.1 ")
    assert "unknown user" in shown["problem"]["detail"]
    assert [entry.address for entry in rows(Suppression)] == [f"gone@{THEIRS}"]
    assert [mail.mailbox for mail in rows()] == ["lmtp"]
    assert "it came back" in alice.browser.get("/today").text


def test_what_a_person_answers_lands_on_today(app, acme, alice, api, servers, rows):
    found = case(app, acme)
    with_address(api, found, f"maya@{THEIRS}")
    api.post("/notices", **found.body())
    (raw,) = until(lambda: servers.received("maya"), servers)
    mail = message_from_bytes(raw, policy=policy.default)
    about = About(str(mail["Message-ID"]), str(mail["Return-Path"]).strip("<>"), address(mail["Reply-To"]), "x")
    assert about.return_path.startswith("bounce+")

    written = letterbox.reply(about, "Thank you, that helps me a lot.", sender=f"Maya <maya@{THEIRS}>")
    servers.submit(f"maya@{THEIRS}", about.reply_to, written)

    (contact,) = until(lambda: api.get("/contacts", candidate_id=str(found.candidate.id))["items"], servers)
    assert (contact["direction"], contact["note"]) == ("inbound", "Thank you, that helps me a lot.")
    assert "Thank you, that helps me a lot." in alice.browser.get("/today").text
    (taken,) = rows()
    assert (taken.kind, taken.uid, taken.mailbox) == ("reply", 1, "imap:answers@127.0.0.1/INBOX")
