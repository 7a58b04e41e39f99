"""A PostgreSQL server of the test run's own: a child process in a folder that goes away."""

import functools
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

OWNER, ROLE = "recruiter_owner", "recruiter_app"


@functools.cache
def binary(name: str) -> Path | None:
    """The real path of a server program, from PG_BIN, the PATH or where Debian keeps it."""
    places = [os.environ.get("PG_BIN", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    found = shutil.which(name, path=os.pathsep.join(filter(None, places))) or shutil.which(name)
    return Path(found).resolve() if found else None


def require() -> None:
    """Skip when the server is missing, or fail where ``RECRUITER_TEST_REQUIRE`` names ``postgres``."""
    if binary("initdb") is None and "postgres" in os.environ.get("RECRUITER_TEST_REQUIRE", ""):
        pytest.fail("The PostgreSQL server is missing, and RECRUITER_TEST_REQUIRE names it.")
    if binary("initdb") is None:
        pytest.skip("The PostgreSQL server is missing (Debian: apt install postgresql).")


@dataclass(frozen=True)
class Server:
    """A running server that trusts loopback, with an owner's role and the application's role."""

    port: int

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> tuple[str, str]:
        """Make an empty database; return the application's URL and the owner's."""
        engine = sa.create_engine(self.url("postgres", "postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} OWNER {OWNER}"))
        engine.dispose()
        return self.url(ROLE, name), self.url(OWNER, name)


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """Start a server below ``home`` and stop it with the block."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    data = home / "data"
    subprocess.run(
        [*as_postgres, binary("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=home,
    )
    port = _free_port()
    quick = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200"]
    settings = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={home}", *quick]
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [binary("postgres"), "-D", data, *(part for setting in settings for part in ("-c", setting))],
            cwd=home,
            stdout=log,
            stderr=log,
            **user,
        )
    try:
        _wait_until_ready(port)
        server = Server(port)
        _make_roles(server)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # TERM would wait for every client to leave
        process.wait(20)


def _wait_until_ready(port: int) -> None:
    engine = sa.create_engine(f"postgresql://postgres@127.0.0.1:{port}/postgres", poolclass=sa.NullPool)
    pause = threading.Event()
    for _ in range(200):
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            pause.wait(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start on port {port}")


def _make_roles(server: Server) -> None:
    engine = sa.create_engine(server.url("postgres", "postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for role in (OWNER, ROLE):
            connection.execute(sa.text(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS"))
    engine.dispose()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
