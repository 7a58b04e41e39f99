"""One application a worker, on SQLite or PostgreSQL, whose database is emptied after each test."""

import contextlib
import gc
import os
import sqlite3
import tempfile
import zoneinfo
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from recruiter import logs
from recruiter.app import create_app
from recruiter.config import Settings
from recruiter.db import migrate
from recruiter.db.engine import db
from recruiter.tables import metadata
from tests import chromium, leaks, people, postgres
from tests.people import acme, alice, bob, charlie, vera  # noqa: F401 - fixtures for every test
from tests.smtp_sink import SmtpSink

MEMORY = ("/dev/shm",)  # noqa: S108 - a folder of its own is made in it
DATABASE = os.environ.get("RECRUITER_TEST_DATABASE", "sqlite")

# How long an example takes says how busy the machine is, and a gate that draws new ones each time is red by chance.
hypothesis.settings.register_profile("gate", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("gate")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test whose requests, commands or rounds of work logged what could name a person or open a link."""
    report = yield
    told = leaks.found_in(report.capstderr)
    if report.passed and told:
        report.outcome, report.longrepr = "failed", f"{item.nodeid} logged:\n" + "\n".join(told)
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace nothing for a browser: a walk of the whole surface would take twice the time and prove no line."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker("no_cover")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A server in a folder of its own: pytest closes its own ones to other users, and the server runs as one."""
    postgres.require()
    options = ("synchronous_commit=off",)
    with (
        tempfile.TemporaryDirectory(prefix="recruiter-postgres-") as home,
        postgres.running(Path(home), *options) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A folder in memory where there is one: every commit waits for the disk, and no test pulls the plug."""
    with tempfile.TemporaryDirectory(prefix="recruiter-", dir=next(filter(os.path.isdir, MEMORY), None)) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def settings(data_dir: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of this worker's own installation, with a migrated database."""
    if DATABASE == "postgresql":
        urls = request.getfixturevalue("postgres_server").create_database("recruiter")
    else:
        urls = (f"sqlite:///{data_dir / 'recruiter.sqlite3'}",) * 2
    settings = Settings(
        data_dir=data_dir,
        database_url=urls[0],
        migration_url=urls[1],
        mail_url=f"maildir://{data_dir / 'mail'}",
        mail_from="recruiter@agency.example.com",
        base_url="http://localhost",
        secret_key="a-secret-for-tests-of-at-least-32-characters",
        webhook_allow_private=True,
    )
    migrate.upgrade(settings)
    return settings


@pytest.fixture(scope="session")
def application(settings: Settings) -> Iterator[Flask]:
    logs.configure(settings.log_level)
    application = create_app(settings)
    application.config["TESTING"] = True
    application.test_client_class = people.Browser
    application.config["WTF_CSRF_ENABLED"] = False
    people.hash_quickly(application)
    gc.freeze()  # what is there now stays; looking through it again and again takes a tenth of the tests' time
    gc.enable()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def owner(settings: Settings) -> Iterator[sa.Engine]:
    """The database as its owner sees it, for what a test may not do as the application."""
    engine = migrate.owner_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def empty(owner: sa.Engine) -> Iterator[Callable[[], None]]:
    """Take every row out of every table, past keys and policies: that costs a hundredth of TRUNCATE.

    The firms first: what is in the audit log goes only with its firm.
    """
    deletions = "; ".join(f"DELETE FROM {table.name}" for table in metadata.sorted_tables)
    if owner.dialect.name == "postgresql":
        superuser = sa.create_engine(owner.url.set(username="postgres"), isolation_level="AUTOCOMMIT")
        with superuser.connect() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            yield lambda: connection.exec_driver_sql(deletions).close()
        superuser.dispose()
    else:
        with contextlib.closing(sqlite3.connect(owner.url.database)) as connection:
            connection.execute("PRAGMA synchronous = off")
            yield lambda: connection.executescript(f"BEGIN IMMEDIATE; {deletions}; COMMIT").close()


@pytest.fixture
def app(application: Flask, empty: Callable[[], None]) -> Iterator[Flask]:
    yield application
    empty()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The one real browser of this worker."""
    with chromium.running() as browser:
        yield browser


@pytest.fixture
def lisbon_keeps_time_of(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Bring the rules of the time zones up to date: Lisbon's become those of another zone."""
    before = zoneinfo.TZPATH

    def update(zone: str) -> None:
        rules = next(file for file in (Path(folder, zone) for folder in before) if file.exists())
        updated = tmp_path / "Europe" / "Lisbon"
        updated.parent.mkdir()
        updated.write_bytes(rules.read_bytes())
        zoneinfo.reset_tzpath([str(tmp_path), *before])

    yield update
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A real SMTP server on loopback."""
    with SmtpSink() as sink:
        yield sink
