"""Whoever erases a person and whoever writes about them wait for each other, and never both."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from recruiter import clock
from recruiter.db.engine import db
from recruiter.db.session import reading
from recruiter.notices.models import Notice
from recruiter.outbox.models import Message
from recruiter.talent_pool import links
from recruiter.talent_pool.models import Membership
from tests import build, mail
from tests.concurrency.test_notices import NOTICES, maya, post
from tests.people import api
from tests.slices.talent_pool.conftest import EVIDENCE

__all__ = ["maya", "post"]

pytestmark = pytest.mark.no_cover

PATIENCE = 20


@contextmanager
def meeting(app, table="applications"):
    """Let the erasing one hold the person when the other begins, and go on when the other holds, or waits for, a row.

    ``table`` is the one whose rows the erasing one comes to next. Yields what the other waits for before it begins.
    SQLite lets one write at a time: there the other only waits.
    """
    with app.app_context():
        engine = db.engine
    holds, meets = threading.Event(), threading.Event()
    if engine.dialect.name == "sqlite":
        meets.set()

    def before(_connection, _cursor, statement, *_more):
        if statement.startswith(f"UPDATE {table} SET "):
            holds.set()
            meets.wait(PATIENCE)
        elif holds.is_set() and "FROM candidates" in statement and "FOR NO KEY UPDATE" in statement:
            meets.set()

    def after(_connection, _cursor, statement, *_more):
        if "FOR UPDATE OF applications" in statement:
            meets.set()

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield holds
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def notice(maya):
    return NOTICES, maya.body()


def contact(maya):
    about = {"candidate_id": str(maya.candidate.id), "application_id": str(maya.application.id), "told": "decision"}
    how = {"kind": "call", "direction": "outbound", "outcome": "spoke", "happened_at": clock.now().isoformat()}
    return "/api/v1/contacts", about | how


@pytest.mark.parametrize("write", [notice, contact])
def test_whoever_writes_about_a_person_who_is_being_erased_is_refused(app, acme, alice, bob, maya, write):
    address, body = write(maya)
    with meeting(app) as holds, ThreadPoolExecutor(1) as thread:
        erased = thread.submit(alice.browser.post, f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})
        assert holds.wait(PATIENCE)
        answer = api(app, bob.key).post(address, json=body)
        assert erased.result(PATIENCE).status_code == 303

    assert (answer.status_code, answer.json["code"]) == (409, "erased")
    with app.app_context(), reading(acme.id) as session:
        assert session.scalars(sa.select(Notice).where(Notice.firm_id == acme.id)).all() == []
        assert session.scalars(sa.select(Message).where(Message.firm_id == acme.id)).all() == []


@pytest.mark.slow
def test_whoever_says_yes_to_the_pool_while_they_are_erased_finds_their_page_closed(
    app, acme, alice, maya, post, smtp_sink
):
    assert alice.api.post(NOTICES, json=maya.body()).status_code == 201
    mail.deliver(app, post)
    text = smtp_sink.messages[-1].get_body(("plain",)).get_content()
    page = re.search(r"http://localhost(/f/[\w-]{43})", text)[1]

    with meeting(app, "feedback_pages") as holds, ThreadPoolExecutor(1) as thread:
        erased = thread.submit(alice.browser.post, f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})
        assert holds.wait(PATIENCE)
        answer = app.test_client().post(f"{page}/pool", data={"choice": "yes"})
        assert erased.result(PATIENCE).status_code == 303

    assert answer.status_code == 410
    with app.app_context(), reading(acme.id) as session:
        assert session.scalars(sa.select(Membership).where(Membership.firm_id == acme.id)).all() == []


@contextmanager
def half_out(app):
    """Let whoever leaves the pool stop before their mail is taken back, until another waits for their membership.

    Yields what the other waits for before it begins. SQLite lets one write at a time: there nobody stops.
    """
    with app.app_context():
        engine = db.engine
    stops, meets = threading.Event(), threading.Event()
    if engine.dialect.name == "sqlite":
        stops.set()

    def before(_connection, _cursor, statement, *_more):
        if "FOR UPDATE" not in statement:
            return
        if "FROM memberships" in statement and stops.is_set():
            meets.set()
        elif "FROM messages" in statement and not stops.is_set():
            stops.set()
            meets.wait(PATIENCE)

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield stops
    finally:
        event.remove(engine, "before_cursor_execute", before)


@pytest.mark.slow
def test_who_leaves_the_pool_while_they_are_erased_is_out_and_erased(app, acme, alice, maya):
    yes = {"candidate_id": str(maya.candidate.id), "basis": "consent", "purpose": "Data roles", "months": 12}
    membership = alice.api.post("/api/v1/talent-pool", json=yes | {"evidence": EVIDENCE}).json["id"]
    with app.app_context():
        job, link = build.job(acme, "Streaming Engineer"), f"/p/{links.token(uuid.UUID(membership))}"
    invited = alice.api.post(f"/api/v1/talent-pool/{membership}/invitations", json={"job_id": str(job.id)})
    assert invited.status_code == 201, invited.json

    with half_out(app) as stops, ThreadPoolExecutor(1) as thread:
        left = thread.submit(app.test_client().post, link)
        assert stops.wait(PATIENCE)
        erased = alice.browser.post(f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})

    assert (left.result(PATIENCE).status_code, erased.status_code) == (200, 303)
    with app.app_context(), reading(acme.id) as session:
        assert session.scalars(sa.select(Membership.left_at).where(Membership.firm_id == acme.id)).one() is not None
