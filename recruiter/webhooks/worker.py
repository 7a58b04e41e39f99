"""The hands that call: each makes one call and settles it, so that a slow receiver holds up nobody else's."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import structlog
from flask import Flask

from recruiter import clock, logs
from recruiter.db.doors import Due, firms_with
from recruiter.engine import bell, chosen
from recruiter.webhooks import calls
from recruiter.webhooks.calls import Call, Room
from recruiter.webhooks.connection import Result

KEY = "recruiter.webhooks"
WORK = "webhooks"
POLL_SECONDS = 1.0
HANDS = 32
DOUBTFUL_HANDS = HANDS // 2  # for endpoints that fail or are slow; the others stay free
FIRM_HANDS = HANDS // 2  # for one firm
SHARE = 4  # calls that a firm gets at its turn, before the next firm has its own
SLOW_SECONDS = 2.0

log = structlog.get_logger()


class Hands:
    """Claims due calls, firm after firm, and makes each in a thread of its own."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]]) -> None:
        self._context = context
        self._threads: ThreadPoolExecutor | None = None
        self._under_way: set[Call] = set()
        self._slow: frozenset[uuid.UUID] = frozenset()
        self._turns: dict[uuid.UUID, int] = {}
        self._changed = threading.Condition()

    def reach_out(self) -> int:
        """Begin what is due and fits into free hands, a share for each firm; return how many calls were begun."""
        firms = firms_with(Due.WEBHOOKS, clock.now())
        self._turns = {firm_id: self._turns.get(firm_id, 0) for firm_id in firms}
        begun = 0
        for firm_id in sorted(firms, key=lambda firm_id: self._turns[firm_id]):
            room = self._room(firm_id)
            claimed = calls.claim(firm_id, room) if room.calls else []
            if claimed:
                self._turns[firm_id] = max(self._turns.values()) + 1
            for call in claimed:
                self._begin(call)
            begun += len(claimed)
        return begun

    def finish(self) -> None:
        """Wait until no call is under way."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way)

    def close(self) -> None:
        """Let the calls end that are under way; each has its deadline."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()

    def _room(self, firm_id: uuid.UUID) -> Room:
        with self._changed:
            doubtful = sum(call.is_doubtful for call in self._under_way)
            theirs = sum(call.firm_id == firm_id for call in self._under_way)
            free = min(SHARE, HANDS - len(self._under_way), FIRM_HANDS - theirs)
            return Room(free, DOUBTFUL_HANDS - doubtful, self._slow)

    def _begin(self, call: Call) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(HANDS, "recruiter-webhook")
        with self._changed:
            self._under_way.add(call)
        self._threads.submit(self._make, call)

    def _make(self, call: Call) -> None:
        logs.begin()
        try:
            with self._context():
                result = calls.make(call)
                self._know(call, result)
                calls.settle(call, result)
        except Exception:
            log.exception("webhook_failed")  # it is due again when its lease ends
        finally:
            with self._changed:
                self._under_way.discard(call)
                self._changed.notify_all()
            bell.ring(WORK)

    def _know(self, call: Call, result: Result) -> None:
        """Remember whether the endpoint is slow, until it answers sooner."""
        with self._changed:
            here = {call.endpoint_id}
            self._slow = self._slow | here if result.seconds >= SLOW_SECONDS else self._slow - here


def of(app: Flask) -> Hands:
    """Return the application's hands."""
    hands: Hands = app.extensions[KEY]
    return hands


def init_app(app: Flask) -> None:
    """Give the engine the work of delivering webhooks."""
    app.extensions[KEY] = hands = Hands(app.app_context)
    engine = chosen.of(app)
    engine.every(WORK, POLL_SECONDS, hands.reach_out, everywhere=True)
    engine.at_stop(hands.close)
