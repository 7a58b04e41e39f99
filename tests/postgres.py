"""A PostgreSQL server of the test run's own: a child process in a folder that goes away."""

import functools
import itertools
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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


class Server:
    """A server below ``home`` that trusts loopback, with an owner's role and the application's role."""

    def __init__(self, home: Path, *options: str):
        self.port = _free_port()
        self._home = home
        self._numbers = itertools.count(1)
        self._options = [f"port={self.port}", f"unix_socket_directories={home}", *options]

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> tuple[str, str]:
        """Make an empty database, with a number after its name; return the application's URL and the owner's."""
        name = f"{name}_{next(self._numbers)}"
        engine = sa.create_engine(self.url("postgres", "postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} OWNER {OWNER}"))
        engine.dispose()
        return self.url(ROLE, name), self.url(OWNER, name)

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off", "max_connections=200"]
        command = [binary("postgres"), "-D", self._home / "data"]
        for option in (*options, *self._options):
            command += ["-c", option]
        user = {"user": "postgres"} if os.geteuid() == 0 else {}
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._home, stdout=log, stderr=log, **user)
        _wait_until_ready(self.port)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, whatever its clients do: INT rolls their work back, QUIT leaves that to the next start."""
        self._process.send_signal(how)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            children = ["ps", "-o", "stat=,args=", "--ppid", str(self._process.pid)]
            left = subprocess.run(children, check=True, capture_output=True, text=True).stdout
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
            raise RuntimeError(f"PostgreSQL did not end within a minute; these were left:\n{left}") from None


@contextmanager
def running(home: Path, *options: str) -> Iterator[Server]:
    """Make and start a server below ``home``, with such settings, and stop it with the block."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    initdb = [*as_postgres, binary("initdb"), "-D", home / "data", "-A", "trust", "-U", "postgres"]
    subprocess.run([*initdb, "--no-sync", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=home)
    server = Server(home, *options)
    server.start()
    try:
        _make_roles(server)
        yield server
    finally:
        server.stop()


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
