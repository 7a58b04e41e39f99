"""The web server and, beside it in the same process group, the process that delivers."""

import gc
import os
import select
import shutil
import signal
import threading
import time
from types import FrameType

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from recruiter.app import create_app
from recruiter.checker import service as checker
from recruiter.cli import base
from recruiter.config import Settings
from recruiter.engine import chosen
from recruiter.web import operations
from recruiter.web.server import LONGEST_ADDRESS, Logger, Worker

MOST_PROCESSES = 4
THREADS = 8  # in each process
STOP_SECONDS = 30
RESTART_SECONDS = 2.0
LOOK_SECONDS = 1.0

log = structlog.get_logger()


class Delivering(SystemExit):
    """Leaves gunicorn's loop in the process that was forked to deliver."""


class Keeper(Arbiter):  # type: ignore[misc]
    """Keeps the delivering process alive as it keeps the web workers, and ends it first."""

    def __init__(self, site: "Site") -> None:
        super().__init__(site)
        self.delivers = site.delivers
        self.delivery = 0
        self.life, theirs = os.pipe()  # the delivering process has the other end, which closes when it ends
        os.close(theirs)
        self.started = -RESTART_SECONDS
        self.interrupts = 0

    def signal(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal; the second INT ends what the first waits for."""
        self.interrupts += sig == signal.SIGINT
        super().signal(sig, frame)

    def spawn_worker(self) -> None:
        """Fork a web process; a signal that comes before it listens waits, or it would be lost."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        super().spawn_worker()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self.SIGNALS)

    def manage_workers(self) -> None:
        """Start what is missing; called when a child ends and at least once a second."""
        super().manage_workers()
        if self.delivers and self._has_ended() and time.monotonic() - self.started >= RESTART_SECONDS:
            self.started = time.monotonic()
            self._start_delivery()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        """End every process: the web's after its requests, or at once; the delivering one after what it is doing.

        What that is may wait for a relay that is silent. A second INT, or the end of its time, cuts it short, and
        whoever delivers next finds what it held.
        """
        self.delivers = False
        limit = time.monotonic() + STOP_SECONDS
        if not self._has_ended():
            os.kill(self.delivery, signal.SIGTERM)
        super().stop(graceful)
        looks = 0
        while not self._has_ended(within=LOOK_SECONDS):
            looks += 1
            if looks == 1:
                log.warning("serve.waits_for_delivery")
            if self.interrupts > 1 or time.monotonic() > limit:
                os.kill(self.delivery, signal.SIGKILL)

    def _has_ended(self, within: float = 0.0) -> bool:
        return bool(select.select([self.life], [], [], within)[0])

    def _start_delivery(self) -> None:
        """Fork, as gunicorn does for its workers: what is imported is shared, and nothing is connected yet."""
        os.close(self.life)
        self.life, theirs = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)  # or one that comes before it listens is lost
        self.delivery = os.fork()
        if self.delivery == 0:
            for number in (*self.SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            for listening in self.LISTENERS:
                listening.close()
            raise Delivering
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self.SIGNALS)
        os.close(theirs)


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
            "forwarded_allow_ips": "",  # what a proxy says is heard as RECRUITER_TRUSTED_PROXIES has it, and only so
            "logger_class": Logger,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application; runs in the web process, so that no connection crosses the fork."""
        app = create_app(self.settings)
        chosen.attend(app)
        operations.share_metrics(app, self.counts)
        gc.freeze()  # what is there now stays; to look through all of it takes a fifth of a second of some request
        return app

    def run(self) -> None:
        """Serve until TERM, which lets requests end, or INT, which does not."""
        checker.prepare()
        gc.freeze()  # or each process copies what they all share as soon as it looks through it
        keeper = os.getpid()
        try:
            Keeper(self).run()
        except Delivering:
            self._deliver(keeper)

    def _deliver(self, keeper: int) -> None:
        """Deliver until TERM or INT, or until the process ``keeper`` has ended, however that happened."""
        stop = chosen.told_to_stop()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, Keeper.SIGNALS)

        def look() -> None:
            is_over = False
            while not is_over:
                is_over = stop.wait(LOOK_SECONDS) or os.getppid() != keeper
            stop.set()

        threading.Thread(target=look, name="recruiter-keeper", daemon=True).start()
        with base.application(self.settings) as app:
            operations.share_metrics(app, self.counts)
            chosen.run(app, stop)
