"""The web server and, beside it in the same process group, the process that delivers."""

import gc
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask
from gunicorn import glogging, util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from recruiter.app import create_app
from recruiter.checker import service as checker
from recruiter.config import Settings
from recruiter.db import one_clock
from recruiter.db.engine import db
from recruiter.engine import chosen
from recruiter.web import operations

MOST_PROCESSES = 4
THREADS = 8  # in each process
STOP_SECONDS = 30
RESTART_SECONDS = 2.0
LONGEST_ADDRESS = 8190  # bytes of a request's first line; gunicorn takes no more
TOO_LONG = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
}

log = structlog.get_logger()


class Logger(glogging.Logger):  # type: ignore[misc]
    """Hands gunicorn's own records to the root logger, which drops what could name a person."""

    def setup(self, cfg: Any) -> None:
        """Leave formatting and level to the process's logging."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Answers what is no request as everything else is answered, and logs its kind alone: it may hold a link."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what never came to the application; the connection is closed afterwards."""
        ours = isinstance(exc, errors.InvalidResponseHeader | errors.InvalidResponseHeaderName)
        if ours or not isinstance(exc, errors.ParseException):
            super().handle_error(req, client, addr, exc)
            return
        status = TOO_LONG.get(type(exc), HTTPStatus.BAD_REQUEST)
        structlog.contextvars.clear_contextvars()  # of the request before it
        log.warning("request.unreadable", kind=type(exc).__name__, status=status.value)
        problem = {"type": "/problems/unreadable", "title": status.phrase, "status": status, "code": "unreadable"}
        body = json.dumps(problem)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):  # whoever sent it need not have waited
            util.write_nonblock(client, (head + body).encode())


class Keeper(Arbiter):  # type: ignore[misc]
    """Keeps the delivering process alive as it keeps the web workers, and ends it first."""

    def __init__(self, site: "Site") -> None:
        super().__init__(site)
        self.delivers = site.delivers
        self.environment = site.settings.environment() | {operations.SHARED: str(site.counts)}
        self.delivery: subprocess.Popen[bytes] | None = None
        self.started = -RESTART_SECONDS

    def manage_workers(self) -> None:
        """Start what is missing; called when a child ends and at least once a second."""
        super().manage_workers()
        ended = self.delivery is None or self.delivery.poll() is not None
        if self.delivers and ended and time.monotonic() - self.started >= RESTART_SECONDS:
            self.started = time.monotonic()
            # Its standard input ends when this process does, however that happens; then it stops too.
            command = [sys.executable, "-m", "recruiter.cli.main", "worker", "--until-stdin-ends"]
            self.delivery = subprocess.Popen(  # noqa: S603 - a fixed command of our own
                command, stdin=subprocess.PIPE, env=self.environment
            )

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        """End the delivering process and then the web workers, each after what it is doing."""
        self.delivers = False
        if self.delivery is not None:
            self.delivery.terminate()
        super().stop(graceful)
        if self.delivery is not None:
            with suppress(subprocess.TimeoutExpired):  # what still hangs then ends with our end of its standard input
                self.delivery.wait(STOP_SECONDS)


class Site(BaseApplication):  # type: ignore[misc]
    """The product on one address: web processes with threads and, unless left out, one process that delivers."""

    def __init__(self, settings: Settings, *, host: str, port: int, delivers: bool) -> None:
        self.settings = settings
        self.bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.delivers = delivers
        self.counts = settings.data_dir / "metrics" / str(port)
        shutil.rmtree(self.counts, ignore_errors=True)  # of an earlier start
        self.counts.mkdir(parents=True)
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up from our settings alone; it reads no file, no environment and no arguments."""
        for name, value in {
            "bind": self.bind,
            "worker_class": Worker,
            "limit_request_line": LONGEST_ADDRESS,
            "workers": min(os.cpu_count() or 1, MOST_PROCESSES),
            "raw_env": [f"{operations.SHARED}={self.counts}"],
            "threads": THREADS,
            "graceful_timeout": STOP_SECONDS,
            "control_socket_disable": True,
            "logger_class": Logger,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application; runs in the web process, so that no connection crosses the fork."""
        app = create_app(self.settings)
        with app.app_context():
            one_clock.follow(db.engine)
        chosen.of(app).attend()
        operations.share_metrics(app, self.counts)
        checker.prepare()
        gc.freeze()  # what is there now stays; to look through all of it takes a fifth of a second of some request
        return app

    def run(self) -> None:
        """Serve until TERM or INT."""
        Keeper(self).run()
