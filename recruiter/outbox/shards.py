"""Which firms' mail this process claims: everyone's or, where many machines share the work, that of a few shards."""

import threading
import uuid
from collections.abc import Collection, Iterable
from typing import Protocol

from recruiter import clock, config
from recruiter.db.doors import Due, firms_with
from recruiter.engine import bell
from recruiter.engine.base import Engine

WORK = "mail"
TURN_SECONDS = 10.0


def number(firm_id: uuid.UUID) -> int:
    """Return the firm's shard, the same on every machine with the same settings."""
    return firm_id.int % config.current().shards


def work(shard: int) -> str:
    """Return the name under which an engine drains the shard."""
    return f"{WORK}:{shard}"


def kick_due(engine: Engine) -> bool:
    """Kick the shards that have mail to send now, which finds what no kick told of; nothing follows."""
    for name in {work(number(firm_id)) for firm_id in firms_with(Due.MESSAGES, clock.now())}:
        engine.kick(name)
    return False


class Part(Protocol):
    """The firms that a process serves."""

    def ours(self, firms: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Return those of the firms with due mail that this process serves now."""
        ...

    def looked(self, left: Collection[uuid.UUID]) -> None:
        """Hear, after each round, which of them still have mail that can leave now."""
        ...


class Everyone:
    """All firms: there is no other process."""

    def ours(self, firms: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Return them all."""
        return set(firms)

    def looked(self, left: Collection[uuid.UUID]) -> None:
        """Nobody waits to hear."""


class Shards:
    """The firms of the shards that this process was given, until their due mail is claimed or the turn is over."""

    def __init__(self) -> None:
        self._given: dict[int, bool] = {}  # whether its firms were asked for since it was given
        self._changed = threading.Condition()
        self._closing = False

    def drain(self, shard: int) -> bool:
        """Let this process claim for the shard, at most ten seconds; return whether more may be due."""
        with self._changed:
            self._given[shard] = False
        bell.ring(WORK)
        with self._changed:
            self._changed.wait_for(lambda: self._closing or shard not in self._given, TURN_SECONDS)
            return self._given.pop(shard, None) is not None

    def close(self) -> None:
        """Give every shard back; this process ends."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def ours(self, firms: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Return those of the firms whose shard this process has."""
        with self._changed:
            self._given = dict.fromkeys(self._given, True)
            return {firm_id for firm_id in firms if number(firm_id) in self._given}

    def looked(self, left: Collection[uuid.UUID]) -> None:
        """Give back what has nothing more to send now."""
        busy = {number(firm_id) for firm_id in left}
        with self._changed:
            self._given = {shard: asked for shard, asked in self._given.items() if shard in busy or not asked}
            self._changed.notify_all()
