"""The product as an operator runs it: `recruiter serve` in a process group of its own, on a free port."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from recruiter.config import Settings
from tests import leaks

PATIENCE = 90.0  # of a busy machine; a first start also compiles what was just installed
CONSOLE_SCRIPT = Path(sys.executable).parent / "recruiter"


class NotStarted(AssertionError):
    """The process ended, or did not answer in time; holds what it had said."""


def surroundings(*, measured: bool = False) -> dict[str, str]:
    """What a process needs beside our settings.

    Only a ``measured`` one counts for the coverage: that costs it half as much again, and one that is killed counts
    for nothing.
    """
    not_theirs = ("RECRUITER_",) if measured else ("RECRUITER_", "COVERAGE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(not_theirs)}


def environment(settings: Settings, *, measured: bool = False, **changes: str) -> dict[str, str]:
    """The variables that make a process use these settings, and its surroundings."""
    ours = {
        "RECRUITER_DATA_DIR": str(settings.data_dir),
        "RECRUITER_DATABASE_URL": settings.database_url,
        "RECRUITER_MIGRATION_URL": settings.migration_url,
        "RECRUITER_MAIL_URL": settings.mail_url,
        "RECRUITER_MAIL_FROM": settings.mail_from,
        "RECRUITER_BASE_URL": settings.base_url,
        "RECRUITER_SECRET_KEY": settings.secret_key,
        "RECRUITER_WEBHOOK_ALLOW_PRIVATE": "1" if settings.webhook_allow_private else "0",
        "RECRUITER_EVIDENCE_SECONDS": "1",
    }
    return surroundings(measured=measured) | ours | changes


class Product:
    """``with Product(environment(settings), log) as product:`` serves on ``product.url`` until the block ends.

    ``command`` is `serve` with options, or `demo`. What the processes say goes to the file ``log``, added at its end.
    """

    def __init__(
        self,
        variables: Mapping[str, str],
        log: Path,
        *command: str,
        executable: Path = CONSOLE_SCRIPT,
        cwd: Path | None = None,
    ):
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.variables = variables
        self.log = log
        self.arguments: Sequence[str | Path] = [executable, *(command or ("serve",)), "--port", str(self.port)]
        self.cwd = cwd
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, error, *_said):
        if self.process is not None and self.process.poll() is None:
            self.stop()
        if error is None:
            assert leaks.found_in(self.log.read_text()) == []

    def begin(self):
        """Start it; what delivers need not wait for what answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments, env=self.variables, stdout=log, stderr=log, cwd=self.cwd, start_new_session=True
            )

    def start(self):
        """Start it and wait until it answers."""
        self.begin()
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.1)):
            if self.process.poll() is not None:
                break
            if self._answers():
                return
            pause.wait(0.1)
        if self.process.poll() is None:
            self.kill()
        raise NotStarted(self.log.read_text())

    def _answers(self) -> bool:
        """Whether it is there; asked plainly, for a client that can do more takes a while to make."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, http.client.HTTPException):
                return False

    def stop(self) -> int:
        """Ask it to end with TERM, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self):
        """End every process of its group at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
