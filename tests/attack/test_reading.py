"""Every address that can be read, of a firm in which a lot has happened: it changes nothing, and tells no viewer."""

import itertools
import re

import pytest
import sqlalchemy as sa

from tests import walk
from tests.attack.test_erasure import dump
from tests.attack.zephyrine import FIRST, SECOND, live
from tests.slices.imports.files import upload

PHONE = "+351 quill"
pytestmark = [pytest.mark.no_cover, pytest.mark.once, pytest.mark.slow]

KINDS = ("rejection", "update", "role_closed")
QUERIES = (
    "/today?split=problems",
    "/today?split=replies",
    "/today?split=reminders",
    "/candidates?view=people",
    "/outbox?tab=sent",
    "/outbox?tab=problems",
)


@pytest.fixture
def lived(alice, maya, zephyrine, deliver, smtp_sink, owner):
    """Everything happened; two file rows wait to be mended."""
    live(alice, maya, zephyrine, deliver, smtp_sink)
    smtp_sink.faults.recipient.append(f"550 5.1.1 <{SECOND}>: user unknown")
    lift = {"address": SECOND}
    alice.browser.post(f"/candidates/{maya.candidate.id}/mail/start", data=lift)
    body = maya.body(kind="update", reason="It takes longer.", feedback={"strengths": [], "gaps": []})
    body.pop("outcome_code")
    assert alice.api.post("/api/v1/notices", json=body).status_code == 201
    deliver()
    upload(alice, f"Name,E-mail,Phone\nZephyrine,,{PHONE}\n,{FIRST},{PHONE}\n")
    return zephyrine


def addresses(app, owner, *guards):
    """Every address to read, with the ids of up to three rows."""
    for step in walk.steps(app):
        if step.is_safe and step.guard in guards:
            tables = [walk.TABLES[name] for name in sorted(step.rule.arguments)]
            for ids in itertools.islice(itertools.product(*(rows(owner, table) for table in tables)), 3):
                given = dict(zip(tables, ids, strict=True))
                yield step.path(given.__getitem__)
    if "member" in guards:
        yield from QUERIES
        yield from (
            f"/notices/new?application={key}&kind={kind}" for key in rows(owner, "applications") for kind in KINDS
        )
        yield from (f"/today?item=response-{key}" for key in rows(owner, "responses"))


def rows(owner, table):
    with owner.connect() as connection:
        return [
            str(key) for key in connection.scalars(sa.text(f"SELECT id FROM {table} ORDER BY created_at DESC LIMIT 5"))
        ]


def test_reading_changes_nothing(app, alice, lived, owner):
    assert alice.api.get("/api/v1/jobs").status_code == 200  # a key's first use in an hour is written down
    before = dump(owner)

    failed = {}
    for client, guard in ((alice.browser, "member"), (alice.api, "key")):
        for address in addresses(app, owner, guard):
            for method in ("GET", "HEAD", "GET"):
                answer = client.open(address, method=method)
                if answer.status_code >= 500:
                    failed[address] = answer.status_code
    for address in (lived.base, f"{lived.base}?done=pool", f"{lived.base}?print=1"):
        for method in ("GET", "HEAD", "GET"):
            lived.client.open(address, method=method)

    assert failed == {}
    assert dump(owner) == before


def test_a_viewer_reads_no_address_and_no_number(app, alice, vera, lived, owner):
    def telling(person):
        found = {}
        for address, headers in itertools.product(addresses(app, owner, "member"), ({}, {"HX-Request": "true"})):
            text = person.browser.get(address, headers=headers).text
            if words := {word for word in (FIRST, SECOND, PHONE) if re.search(re.escape(word), text, re.IGNORECASE)}:
                found[address] = words
        return found

    assert telling(alice)
    assert telling(vera) == {}
