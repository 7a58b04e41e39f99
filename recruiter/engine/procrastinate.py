"""The engine of many machines: Procrastinate carries ticks, on the PostgreSQL that holds the truth anyway.

A tick is a name and nothing else. One that is lost, doubled or old changes nothing: whoever gets it looks at the rows.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress

import psycopg.conninfo
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import AsyncConnectionPool

from recruiter.config import Settings
from recruiter.db.engine import patience_ms
from recruiter.engine import bell, storage
from recruiter.engine.base import Chore, Pulse, Work
from recruiter.engine.embedded import Embedded
from recruiter.engine.ringer import PATIENCE, TASK, Ringer

TIMED, KICKED = "timed", "kicked"  # two queues, so that neither kind of work takes the other's places
PLACES = 4  # pieces of kicked work at a time in one process
TURN_SECONDS = 10.0  # then it goes to the end of the queue, so that no other waits long
LOOK_SECONDS = 0.5
RESTS_AFTER_FAILURE = 1.0

log = structlog.get_logger()


class Procrastinate:
    """Runs each kind of work in one process of the installation at a time, wherever a worker is free."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]], settings: Settings) -> None:
        self._context = context
        self._settings = settings
        self._conninfo = _conninfo(settings)
        self._here = Embedded(context)
        self._chores: dict[str, Chore] = {}
        self._first: list[Callable[[], None]] = []
        self._ringer = Ringer(self._conninfo)
        self._stopping = threading.Event()
        self._thread = threading.Thread()

    def every(self, name: str, seconds: float | None, work: Work, *, everywhere: bool = False) -> None:
        """Run ``work`` at least every ``seconds``, whole ones, once workers are started; None: when kicked."""
        if everywhere:
            self._here.every(name, seconds, work)
        else:
            self._chores[name] = Chore(name, seconds, work)

    def at_stop(self, farewell: Callable[[], None], *, first: bool = False) -> None:
        """Call ``farewell`` after the last round has ended or, with ``first``, before the rounds are waited for."""
        if first:
            self._first.append(farewell)
        else:
            self._here.at_stop(farewell)

    def kick(self, name: str) -> None:
        """Run this work soon, wherever a worker is free; a name that nothing runs under is no error."""
        if name in self._chores:
            self._ringer.ring(name, _queue(self._chores[name]))

    def health(self) -> Mapping[str, Pulse]:
        """Return how each kind of work is doing in this process."""
        return {**self._here.health(), **{name: chore.pulse for name, chore in self._chores.items()}}

    def attend(self) -> None:
        """Pass on what is rung in this process, which need not deliver itself."""
        bell.listen(self.kick)

    def leave(self) -> None:
        """Pass on nothing more; what was rung is sent first."""
        bell.ignore(self.kick)
        self._ringer.close()

    def start(self) -> None:
        """Begin to take ticks, and begin the work of this process."""
        self._stopping.clear()
        self.attend()
        self._here.start()
        self._thread = threading.Thread(target=asyncio.run, args=(self._attend(),), name="recruiter-ticks")
        self._thread.start()

    def stop(self) -> None:
        """Take no more ticks, end every round, then the work of this process; returns when all have ended."""
        self._stopping.set()
        for farewell in self._first:
            farewell()
        self._thread.join()
        self._here.stop()
        self.leave()

    async def _attend(self) -> None:
        timed = [chore for chore in self._chores.values() if chore.seconds is not None]
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1 + PLACES + len(timed)))
        serving = asyncio.create_task(self._keep_serving(len(timed)))
        await asyncio.to_thread(self._stopping.wait)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving

    async def _keep_serving(self, timed: int) -> None:
        """Begin again whenever the database was away."""
        while not self._stopping.is_set():
            try:
                await self._serve(timed)
            except Exception:
                log.exception("engine_interrupted")
                await asyncio.sleep(RESTS_AFTER_FAILURE)

    async def _serve(self, timed: int) -> None:
        pool = AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=PLACES,
            open=False,
            timeout=PATIENCE,
            check=AsyncConnectionPool.check_connection,
        )
        kicked = App(connector=PsycopgConnector())
        kicked.task(name=TASK)(self._tick)
        async with pool, kicked.open_async(pool), asyncio.TaskGroup() as group:
            group.create_task(self._work(self._timed(kicked), TIMED, timed))
            group.create_task(self._work(kicked, KICKED, PLACES))
            group.create_task(self._free_the_stalled(kicked))

    def _timed(self, other: App) -> App:
        """Return one that sends the timed ticks too; one in a process is enough."""
        app = App(connector=other.connector)
        tick = app.task(name=TASK)(self._tick)
        for name, chore in self._chores.items():
            if chore.seconds is not None:
                app.periodic(
                    cron=cron(chore.seconds),
                    periodic_id=name,
                    queue=TIMED,
                    lock=name,
                    queueing_lock=name,
                    task_kwargs={"name": name},
                )(tick)
        return app

    async def _work(self, app: App, queue: str, places: int) -> None:
        after = storage.stalled_after(self._settings)
        await app.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=places,
            fetch_job_polling_interval=LOOK_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=after / 3,
            stalled_worker_timeout=after,
        )
        raise ConnectionError  # it ends by itself only when it has lost the database

    def _tick(self, timestamp: int, name: str) -> None:  # noqa: ARG002 - of a periodic one, as Procrastinate wants it
        """Run rounds while there is more to do and the turn lasts; then let the others have theirs."""
        chore = self._chores.get(name)
        if chore is None:
            return  # a tick of another release
        ends = time.monotonic() + TURN_SECONDS
        while follows := chore.round(self._context()):
            if time.monotonic() >= ends or self._stopping.is_set():
                break
        if follows:
            self.kick(name)

    async def _free_the_stalled(self, app: App) -> None:
        """Take ticks from workers that fell silent, and send each anew: while one hangs, its work runs nowhere."""
        after = storage.stalled_after(self._settings)
        while True:
            await asyncio.sleep(after / 3)
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=after):
                log.warning("tick_taken_back", work=job.lock)
                with suppress(ConnectorException):  # another was quicker
                    await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
                self.kick(str(job.lock))


def _conninfo(settings: Settings) -> str:
    """Return libpq's words for our database: Procrastinate's unqualified names mean its own schema.

    Its transactions end like ours when their process stands still.
    """
    given = psycopg.conninfo.conninfo_to_dict(settings.database_url).get("options") or ""
    ours = f"-csearch_path={storage.PATH} -cidle_in_transaction_session_timeout={patience_ms(settings)}"
    return psycopg.conninfo.make_conninfo(settings.database_url, options=f"{given} {ours}".strip())


def _queue(chore: Chore) -> str:
    return KICKED if chore.seconds is None else TIMED


def cron(seconds: float) -> str:
    """Return the pattern, with seconds as its sixth field, of at least every so many seconds."""
    if seconds < 60:
        return f"* * * * * */{max(1, int(seconds))}"
    if seconds < 3600:
        return f"*/{int(seconds) // 60} * * * *"
    return f"0 */{int(seconds) // 3600} * * *"
