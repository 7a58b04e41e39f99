"""`recruiter audit` finds out what was altered behind the application's back, and prints all of the log."""

import datetime as dt
import json
import uuid

import pytest
import sqlalchemy as sa
import time_machine

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


def test_all_of_it_is_printed_as_it_was_sealed(app, acme, sealed, run):
    printed = [json.loads(line) for line in run("audit", "export", "--firm", acme.slug).stdout.splitlines()]

    with app.app_context(), reading(acme.id) as session:
        keys = session.scalars(sa.select(AuditEntry.id).where(AuditEntry.firm_id == acme.id).order_by(AuditEntry.id))
        assert [line[0] for line in printed] == [str(key) for key in keys]
    assert [line[4] for line in printed if line[4].startswith("test.")] == ["test.first", "test.second"]
