"""SQLite's write-ahead log does not grow for ever where somebody always reads."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from recruiter.accounts.models import Firm
from recruiter.db import wal
from recruiter.db.base import new_id
from recruiter.db.engine import db
from recruiter.db.session import transaction
from tests import build

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def reader():
    """Somebody who reads until told to stop, and of whom there can be several."""
    connections = []

    def begin():
        connection = db.engine.connect()
        connection.scalar(sa.select(sa.func.count(Firm.id)))
        connections.append(connection)
        return connection

    yield begin
    for connection in connections:
        connection.close()


def size():
    return Path(f"{db.engine.url.database}-wal").stat().st_size


def write(firm, megabytes):
    with transaction(firm.id) as session:
        session.get_one(Firm, firm.id).name = f"{new_id()}" * (megabytes * MEGABYTE // 36)


@pytest.mark.once
def test_it_is_emptied_where_readers_take_turns_without_a_pause(monkeypatch, reader):
    monkeypatch.setattr(wal, "LONGEST", 8 * MEGABYTE)
    firm = build.firm()
    last = reader()
    for _ in range(6):
        write(firm, 2)
        following = reader()
        last.close()
        last = following
    assert size() > 8 * MEGABYTE

    soon = threading.Timer(0.1, last.close)
    soon.start()
    assert wal.shorten() is False
    soon.join()

    assert size() == 0


@pytest.mark.once
def test_who_reads_for_long_keeps_it_and_is_reported(monkeypatch, reader):
    monkeypatch.setattr(wal, "LONGEST", 0)
    monkeypatch.setattr(wal, "WAIT", 0.01)
    firm = build.firm()
    reader()
    write(firm, 1)

    with structlog.testing.capture_logs() as events:
        wal.shorten()

    assert size() > MEGABYTE
    assert [(event["event"], event["bytes"]) for event in events] == [("log_stays_long", size())]


def test_one_that_is_short_or_none_is_left_alone():
    build.firm()

    assert wal.shorten() is False
