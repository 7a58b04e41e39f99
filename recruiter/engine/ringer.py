"""Sends ticks from a thread of its own, so that nobody who has just committed waits for them."""

import threading
from contextlib import suppress

import structlog
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from psycopg_pool import ConnectionPool

TASK = "recruiter.tick"
PATIENCE = 5.0  # seconds for a connection; a tick that is lost costs no more than the wait for the next look

log = structlog.get_logger()


class Ringer:
    """Queues ticks by name, each once however often it is rung; one that cannot be sent is logged and let go."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._rung = threading.Condition()
        self._names: dict[str, str] = {}
        self._thread: threading.Thread | None = None
        self._closing = False

    def ring(self, name: str, queue: str) -> None:
        """Send a tick of this name to this queue soon."""
        with self._rung:
            self._names[name] = queue
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_sending, name="recruiter-ringer", daemon=True)
                self._thread.start()
            self._rung.notify()

    def close(self) -> None:
        """Send what was rung, and end."""
        with self._rung:
            thread, self._thread = self._thread, None
            self._closing = True
            self._rung.notify()
        if thread is not None:
            thread.join()
        self._closing = False

    def _keep_sending(self) -> None:
        pool = ConnectionPool(
            self._conninfo,
            min_size=0,
            max_size=1,
            open=False,
            timeout=PATIENCE,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True},
        )
        app = App(connector=SyncPsycopgConnector())
        with pool, app.open(pool):
            while names := self._wait():
                for name, queue in names.items():
                    _send(app, name, queue)

    def _wait(self) -> dict[str, str]:
        """Return what was rung since the last call, or nothing when it is time to end."""
        with self._rung:
            self._rung.wait_for(lambda: self._names or self._closing)
            names, self._names = self._names, {}
            return names


def _send(app: App, name: str, queue: str) -> None:
    try:
        if list(app.job_manager.list_jobs(status="todo", queueing_lock=name)):
            return  # asked first, since what the lock refuses is an error in the server's log
        with suppress(AlreadyEnqueued):  # another was quicker
            app.configure_task(TASK, queue=queue, lock=name, queueing_lock=name).defer(timestamp=0, name=name)
    except Exception:
        log.exception("tick_lost", work=name)
