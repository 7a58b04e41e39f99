"""`recruiter audit` finds out what was altered behind the application's back, and prints all of the log."""

import datetime as dt
import json
import threading
import uuid

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import seals
from recruiter.audit import service as audit
from recruiter.audit.models import AuditEntry, AuditSeal
from recruiter.audit.service import SYSTEM, Change
from recruiter.db.session import reading, transaction


@pytest.fixture
def record(app, acme):
    """Add an entry to the log; ``key`` is the row's own, if not a new one."""

    def record(action, key=None):
        with app.app_context(), transaction(acme.id) as session:
            entry = audit.record(session, acme.id, SYSTEM, Change(action=action, subject_id=acme.id))
            entry.id = key

    return record


@pytest.fixture
def after(app):
    """Let so many hours go by, and seal."""

    def after(hours):
        with time_machine.travel(clock.now() + dt.timedelta(hours=hours)), app.app_context():
            seals.seal_all()

    return after


@pytest.fixture
def sealed(app, acme, record, after):
    """Two seals; the key of the last entry that the first one vouches for."""
    record("test.first")
    after(2)
    record("test.second")
    after(2)
    with app.app_context(), reading(acme.id) as session:
        return session.scalar(sa.select(AuditSeal.last_entry_id).where(AuditSeal.number == 1))


@pytest.fixture
def verify(run, acme):
    return lambda *options: run("audit", "verify", "--firm", acme.slug, *options)


def behind_the_application(owner, statement):
    """Do what neither the application nor the owner may."""
    if owner.dialect.name == "postgresql":
        superuser = sa.create_engine(owner.url.set(username="postgres"))
        with superuser.begin() as connection:
            connection.execute(sa.text("SET session_replication_role = replica"))
            connection.execute(sa.text(statement))
        superuser.dispose()
        return
    with owner.begin() as connection:
        triggers = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
        kept = connection.execute(triggers).all()
        changes = [f"DROP TRIGGER {name}" for name, _ in kept] + [statement] + [sql for _, sql in kept]
        for change in changes:
            connection.execute(sa.text(change))


def test_what_is_whole_is_said_to_be_and_the_last_seal_can_be_noted(app, acme, record, after, verify):
    assert (verify().exit_code, verify().stdout) == (0, "")

    record("test.first")
    after(0.5)
    assert verify().stdout == ""  # it may still be being written
    after(2)
    first = verify().stdout.strip()
    after(3)
    assert verify().stdout.strip() == first
    record("test.second")
    after(2)

    second = verify("--noted", first)
    assert (second.exit_code, second.stdout[:2]) == (0, "2:")
    other = verify("--noted", f"1:{'0' * 64}")
    assert (other.exit_code, "the log was replaced" in other.output) == (1, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'test.other' WHERE action = 'test.first'",
        "DELETE FROM audit_entries WHERE action = 'test.first'",
    ],
)
def test_what_was_altered_or_taken_out_behind_its_back_is_found(owner, sealed, verify, statement):
    assert verify().exit_code == 0
    behind_the_application(owner, statement)

    answer = verify()
    assert (answer.exit_code, "Seal 1 of" in answer.output) == (1, True)


def test_what_was_added_as_if_it_were_old_is_found(sealed, record, verify):
    record("test.between", uuid.UUID(int=sealed.int - 1))

    answer = verify()
    assert (answer.exit_code, "What it covers was altered" in answer.output) == (1, True)


def test_what_another_process_sealed_meanwhile_is_sealed_once(app, acme, record, verify):
    """The long part is done while others write, so whoever comes second finds the seal made."""
    record("test.first")

    def seal():
        with app.app_context(), time_machine.travel(clock.now() + dt.timedelta(hours=2)):
            seals.seal(acme.id)

    others = [threading.Thread(target=seal)]

    def overtake(_session, _transaction):
        if others:
            other = others.pop()
            other.start()
            other.join()

    sa.event.listen(Session, "after_transaction_end", overtake)
    seal()
    sa.event.remove(Session, "after_transaction_end", overtake)

    assert (verify().exit_code, verify().stdout[:2]) == (0, "1:")


def test_all_of_it_is_printed_as_it_was_sealed(app, acme, sealed, run):
    printed = [json.loads(line) for line in run("audit", "export", "--firm", acme.slug).stdout.splitlines()]

    with app.app_context(), reading(acme.id) as session:
        keys = session.scalars(sa.select(AuditEntry.id).where(AuditEntry.firm_id == acme.id).order_by(AuditEntry.id))
        assert [line[0] for line in printed] == [str(key) for key in keys]
    assert [line[4] for line in printed if line[4].startswith("test.")] == ["test.first", "test.second"]


@pytest.fixture
def digest(run, acme):
    return lambda row_id: run("audit", "digest", "--firm", acme.slug, str(row_id))


def change(person, candidate_id, **facts):
    seen = person.api.get(f"/api/v1/candidates/{candidate_id}").headers["ETag"]
    return person.api.patch(f"/api/v1/candidates/{candidate_id}", json=facts, headers={"If-Match": seen})


def test_what_a_row_was_is_found_in_it_by_its_digest_and_outlives_the_person(acme, alice, run, digest, verify):
    """Each state of a person, their addresses with it; the log holds no word of it, and erasing alters no entry."""
    maya = {"name": "Maya Okafor", "email": "maya@example.com", "skills": ["Swift", "Go"]}
    key = alice.api.post("/api/v1/candidates", json=maya).json["id"]
    added = digest(key).stdout.strip()
    change(alice, key, email="maya@other.example")
    moved = digest(key).stdout.strip()
    alice.browser.post(f"/candidates/{key}/erase", data={"reason": "ASKED"})
    erased = digest(key).stdout.strip()

    exported = run("audit", "export", "--firm", acme.slug).stdout
    said = {line[4]: line[8:] for line in map(json.loads, exported.splitlines()) if line[5] == key}
    assert len({added, moved, erased}) == 3
    assert said["candidate.added"][1:] == [None, added]
    assert said["candidate.changed"][1:] == [added, moved]
    assert said["candidate.erased"][2] == erased
    assert len({request_id for request_id, _, _ in said.values()}) == 3
    assert "aya" not in exported
    assert verify().exit_code == 0


def test_a_row_that_is_not_the_firm_s_has_no_digest(acme, charlie, digest):
    assert digest(acme.id).exit_code == 0
    assert digest(charlie.firm.id).exit_code == 1
    assert digest(charlie.member.id).exit_code == 1
    assert digest(uuid.uuid4()).exit_code == 1
