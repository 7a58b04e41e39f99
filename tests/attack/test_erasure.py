"""A person of whom everything is known is erased, and then every table is read as its owner, the search index too."""

import subprocess

import sqlalchemy as sa

from recruiter.imports import service as imports
from recruiter.outbox.models import Message, MessageState
from tests.attack.zephyrine import FIRST, TELLING, live
from tests.slices.imports.files import PEOPLE, upload


def dump(owner):
    """Every row of every table, views and shadow tables included, as one text each."""
    with owner.connect() as connection:
        if owner.dialect.name == "postgresql":
            query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        else:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = list(connection.scalars(sa.text(query)))
        return {
            table: [readable(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}"))] for table in tables
        }


def readable(row):
    return " ".join(
        bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value) for value in row
    )


def telling(owner):
    return {
        table: TELLING.findall(" ".join(rows)) for table, rows in dump(owner).items() if TELLING.search(" ".join(rows))
    }


def erase(who, case):
    return who.browser.post(f"/candidates/{case.candidate.id}/erase", data={"reason": "ASKED"})


def test_nothing_in_any_table_tells_who_it_was(alice, maya, zephyrine, deliver, smtp_sink, owner):
    live(alice, maya, zephyrine, deliver, smtp_sink)
    upload(alice, f"Name,E-mail,Stage\nZephyrine,{FIRST},\nQuill,none,\n")
    assert telling(owner).keys() >= {"messages", "notices", "contacts", "suppressions", "import_runs"}

    assert erase(alice, maya).status_code == 303

    assert telling(owner) == {}
    assert TELLING.search(file_of(owner)) is None


def file_of(owner):
    """What stands in SQLite's file, between the rows too; PostgreSQL keeps its own house.

    Another process reads it: closing the file in this one would drop the locks under SQLite's own connections.
    """
    if owner.dialect.name != "sqlite":
        return ""
    with owner.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return subprocess.run(["cat", owner.url.database], capture_output=True, check=True).stdout.decode("latin-1")


def test_a_file_that_waits_for_its_start_goes_with_the_person(app, alice, maya):
    url = upload(alice, PEOPLE).location

    erase(alice, maya)
    alice.browser.post(f"{url}/start")

    assert "it is no longer kept" in alice.browser.get(url).text
    with app.app_context():
        assert imports.work() is False
    assert "2 rows read" in alice.browser.get(upload(alice, PEOPLE).location).text


def test_nobody_is_erased_while_a_file_goes_in(app, alice, maya):
    url = upload(alice, PEOPLE).location
    alice.browser.post(f"{url}/start")

    refused = erase(alice, maya)
    with app.app_context():
        imports.work()

    assert refused.status_code == 422
    assert "A file is being imported" in refused.text
    assert erase(alice, maya).status_code == 303


def test_nobody_is_erased_while_a_mail_is_in_doubt(alice, maya, change, look):
    alice.api.post("/api/v1/notices", json=maya.body(hold_minutes=60))
    message = look(Message, alice.firm, Message.candidate_id == maya.candidate.id)
    change(message, state=MessageState.DOUBTFUL, lease_until=message.due_at)

    assert erase(alice, maya).status_code == 422
