"""The whole product under faults: every process killed at once, the same request many times, webhooks that fail."""

import collections
import dataclasses
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
import pytest
import sqlalchemy as sa

from recruiter import config
from recruiter.accounts import service as accounts
from recruiter.db import engine, migrate
from recruiter.db.doors import Door, firm_of
from recruiter.db.session import reading
from recruiter.inbox.models import InboundMail
from recruiter.outbox import addresses
from recruiter.outbox.models import Message, Suppression
from tests import build
from tests.faults import fleet as fleets
from tests.faults.conftest import LINE
from tests.faults.fleet import POSTGRESQL, SQLITE, wait_until
from tests.inbox import letterbox
from tests.inbox.letterbox import About
from tests.outbox.letters import make_app
from tests.product import CONSOLE_SCRIPT, Product, environment
from tests.receiver import Receiver
from tests.whole.conftest import rejection

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]

ON_BOTH = pytest.mark.parametrize("combination", [SQLITE, POSTGRESQL._replace(machines=1)], ids=str)
NOTICES, KILLS, AT_ONCE = 120, 3, 100
STORM, AGAIN, FORGED = 1000, 100, 20
SECRET = "a-secret-of-the-mail-server-of-32-or-more"
INBOUND = {
    "RECRUITER_BOUNCE_ADDRESS": "bounce@mail.agency.example",
    "RECRUITER_REPLY_ADDRESS": "reply@mail.agency.example",
    "RECRUITER_INBOUND_SECRET": SECRET,
}
TWO_DAYS = 48 * 3600 * 0.0001  # seconds, as the scale of the waits makes them


class Installation:
    """One firm's, with a key; a request is sent again, the same, until it is answered."""

    def __init__(self, settings, product, key):
        self.settings, self.product = settings, product
        self.key = key
        self.tries = collections.Counter()

    def waiting(self, number):
        """Return so many applications that wait to hear."""
        app = make_app(self.settings)
        with app.app_context():
            firm = accounts.get_firm(firm_of(Door.FIRM_SLUG, "harbour"))
            job = build.job(firm)
            made = [build.application(firm, build.candidate(firm), job) for _ in range(number)]
            engine.db.engine.dispose()
        return made

    def rows(self, table):
        """Return the firm's rows of a table."""
        app = make_app(self.settings)
        with app.app_context():
            firm_id = firm_of(Door.FIRM_SLUG, "harbour")
            with reading(firm_id) as session:
                found = session.scalars(sa.select(table).where(table.firm_id == firm_id)).all()
            engine.db.engine.dispose()
        return found

    def hand_in(self, raw):
        """Hand mail over as a mail server does, which comes again until it is taken."""
        headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
        pause = threading.Event()
        while True:
            try:
                answer = httpx2.post(f"{self.product.url}/inbound/mail", content=raw, headers=headers, timeout=30)
                if answer.status_code == 202:
                    return
            except httpx2.HTTPError:
                pass
            pause.wait(0.2)

    def post(self, path, body, key):
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": key}
        pause = threading.Event()
        while True:
            self.tries[key] += 1
            try:
                answer = httpx2.post(f"{self.product.url}/api/v1{path}", json=body, headers=headers, timeout=30)
                if answer.status_code < 500 and answer.json().get("code") != "still_running":
                    return answer
            except httpx2.HTTPError:
                pass  # killed before its answer
            pause.wait(0.2)

    def every(self, path):
        """Yield every row of a list."""
        cursor = {}
        while True:
            headers = {"Authorization": f"Bearer {self.key}"}
            url = f"{self.product.url}/api/v1{path}"
            part = httpx2.get(url, params={"limit": 100, **cursor}, headers=headers, timeout=30).json()
            yield from part["items"]
            if part["next_cursor"] is None:
                return
            cursor = {"cursor": part["next_cursor"]}


@contextmanager
def installed(request, base, relay, folder, combination, **changes):
    """Install the product on a new database, and serve it."""
    if combination.database == "sqlite":
        urls = (f"sqlite:///{folder / 'recruiter.sqlite3'}",) * 2
    else:
        urls = request.getfixturevalue("server").create_database("product")
    values = {"data_dir": folder, "database_url": urls[0], "migration_url": urls[1], "mail_url": relay.url}
    settings = dataclasses.replace(base, webhook_allow_private=True, **values)
    migrate.upgrade(settings)
    variables = environment(settings, RECRUITER_EVIDENCE_SECONDS=str(fleets.EVIDENCE), **changes)

    def run(*arguments):
        return subprocess.run([CONSOLE_SCRIPT, *arguments], env=variables, check=True, capture_output=True, text=True)

    run("firm", "create", "--name", "Harbour", "--slug", "harbour", "--admin-email", "priya@harbour.example.com")
    key = run("apikey", "create", "--firm", "harbour", "--name", "ATS", "--scopes", "read,write,send,admin")
    try:
        with Product(variables, folder / "log") as product:
            yield Installation(settings, product, key.stdout.strip())
    finally:
        config.use(base)


@pytest.fixture
def installation(request, base, relay, tmp_path, combination):
    with installed(request, base, relay, tmp_path, combination) as installation:
        yield installation


def show(record_property, *words, **figures):
    record_property(LINE, " ".join([*map(str, words), *(f"{name}={value}" for name, value in figures.items())]))


@ON_BOTH
def test_every_process_is_killed_while_requests_come_in_and_mail_leaves(
    installation, combination, relay, record_property, chance
):
    """Whoever got no answer asks again with the same key."""
    bodies = [rejection({"id": str(application.id)}) for application in installation.waiting(NOTICES)]
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(installation.post, "/notices", body, f"k{n}") for n, body in enumerate(bodies)]
        for number in range(1, KILLS + 1):
            least = number * NOTICES // (KILLS + 2) + chance.randrange(10)
            wait_until(lambda least=least: sum(future.done() for future in asked) >= least)
            installation.product.kill()
            installation.product.start()
        answers = [future.result() for future in asked]
    relay.wait_for(NOTICES)
    wait_until(lambda: {each["state"] for each in installation.every("/notices")} == {"sent"}, 1.0)

    notices, counts = list(installation.every("/notices")), relay.counts()
    twice = [key for key, times in counts.items() if times > 1]
    again = sum(installation.tries.values()) - NOTICES
    show(
        record_property, "kill9-everything", combination, sent=len(counts), lost=NOTICES - len(counts),
        twice=len(twice), asked_again=again,
    )  # fmt: skip
    assert {answer.status_code for answer in answers} == {201}
    ids = {answer.json()["message_id"] for answer in answers}
    assert ids == {notice["message_id"] for notice in notices} == set(counts)
    assert len(notices) == len(ids) == NOTICES
    assert len(twice) <= KILLS * installation.settings.mail_connections
    assert max(counts.values()) <= 2
    assert again


@ON_BOTH
def test_a_hundred_requests_about_one_person_at_once_make_one_mail(installation, combination, relay, record_property):
    """A hundred with one key, then a hundred with a key each."""
    (application,) = installation.waiting(1)
    body = rejection({"id": str(application.id)})
    with ThreadPoolExecutor(AT_ONCE) as threads:
        same = list(threads.map(lambda _: installation.post("/notices", body, "one"), range(AT_ONCE)))
        others = list(threads.map(lambda n: installation.post("/notices", body, f"k{n}"), range(AT_ONCE)))
    relay.wait_for(1)
    wait_until(lambda: {each["state"] for each in installation.every("/notices")} == {"sent"}, 0.5)

    counts = relay.counts()
    figures = {"sent": len(counts), "lost": 1 - len(counts), "twice": sum(counts.values()) - 1}
    show(record_property, f"{AT_ONCE}-at-once", combination, **figures, requests=len(same) + len(others))
    assert {answer.status_code for answer in same} == {201}
    assert len({answer.json()["id"] for answer in same}) == 1
    assert {answer.status_code for answer in others} == {409}
    assert list(counts.values()) == [1]


@ON_BOTH
def test_webhooks_whose_receiver_fails_for_days_arrive_once_it_is_back(
    request, base, relay, tmp_path, combination, record_property
):
    with (
        Receiver() as receiver,
        installed(request, base, relay, tmp_path, combination, RECRUITER_SCHEDULE_SCALE="0.0001") as installation,
    ):
        receiver.statuses = [500] * 100_000
        endpoint = {"url": receiver.url, "events": ["notice.sent"]}
        assert installation.post("/webhooks", endpoint, "hook").status_code == 201
        for number, application in enumerate(installation.waiting(10)):
            installation.post("/notices", rejection({"id": str(application.id)}), f"k{number}")
        wait_until(lambda: len({headers["webhook-id"] for headers, _ in receiver.calls}) == 10)
        begun = time.monotonic()
        wait_until(lambda: time.monotonic() - begun >= TWO_DAYS)
        before = len(receiver.calls)
        receiver.statuses = []
        wait_until(lambda: len({headers["webhook-id"] for headers, _ in receiver.calls[before:]}) == 10)

        taken = collections.Counter(headers["webhook-id"] for headers, _ in receiver.calls[before:])
        doubled = sum(times > 1 for times in taken.values())
        figures = {"sent": len(taken), "lost": 10 - len(taken), "twice": doubled, "refused_before": before}
        show(record_property, "webhooks-500-for-days", combination, **figures)
        assert before > 10
        assert not doubled


@ON_BOTH
def test_a_storm_of_machines_is_kept_once_and_answered_by_nobody(
    request, base, relay, tmp_path, combination, record_property
):
    """Each of a thousand answers itself; some come twice, some only pretend that a mail came back; all die once."""
    changes = {"bounce_address": INBOUND["RECRUITER_BOUNCE_ADDRESS"]}
    with installed(request, base, relay, tmp_path, combination, **INBOUND) as installation:
        (application,) = installation.waiting(1)
        installation.post("/notices", rejection({"id": str(application.id)}), "one")
        relay.wait_for(1)
        (message,) = installation.rows(Message)
        config.use(dataclasses.replace(installation.settings, **changes))
        about = About(message.message_id, addresses.return_path(message.id), message.reply_to, message.recipient)
        away = {"headers": "Auto-Submitted: auto-replied"}
        mails = [letterbox.reply(about, f"I am away ({number}).", **away) for number in range(STORM)]
        mails += mails[:AGAIN]
        mails += [letterbox.dsn(about, to=INBOUND["RECRUITER_BOUNCE_ADDRESS"]) for _ in range(FORGED)]
        with ThreadPoolExecutor(8) as threads:
            handed = [threads.submit(installation.hand_in, raw) for raw in mails]
            wait_until(lambda: sum(future.done() for future in handed) >= STORM // 2)
            installation.product.kill()
            installation.product.start()
            for future in handed:
                future.result()
        wait_until(lambda: all(mail.kind for mail in installation.rows(InboundMail)), 1.0)

        kinds = collections.Counter(str(mail.kind) for mail in installation.rows(InboundMail))
        counts = relay.counts()
        figures = {"sent": len(counts), "lost": 1 - len(counts), "twice": sum(counts.values()) - 1, **kinds}
        show(record_property, "inbound-storm", combination, **figures, handed_in=len(mails))
        assert kinds == {"automatic": STORM, "bounce": FORGED}
        assert list(counts.values()) == [1]
        assert installation.rows(Suppression) == []
