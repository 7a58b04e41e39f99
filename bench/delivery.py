"""`make bench-delivery`: the outbox beside a peer and beside bare SMTP, in turns; the last line is one JSON object."""

import argparse
import contextlib
import dataclasses
import datetime as dt
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from bench import beside, letters, rates, sink
from bench.__main__ import installation
from bench.beside import Peer
from bench.rates import Rate
from bench.sink import Sink
from recruiter import clock, config
from recruiter.accounts import service as accounts
from recruiter.accounts.service import CreateFirm
from recruiter.app import create_app
from recruiter.audit.service import SYSTEM
from recruiter.config import Settings
from recruiter.db.base import new_id
from recruiter.db.engine import db
from recruiter.db.session import transaction
from recruiter.outbox import service, stops
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage
from tests.product import environment

Facts = Callable[[int], dict[str, Any]]

PATIENCE = 600.0
DATABASES = ("sqlite", "postgresql")
PROCESSES = 2
MARKS = {"marks": 1, "groups": 10}
WRITERS = {"sqlite": 1, "postgresql": 2}  # that queue side by side; SQLite has one
DISTANCE = 0.02  # seconds to a relay and back


@dataclasses.dataclass(frozen=True)
class How:
    """How the product delivers: its processes, the lines of each, and how many messages a line marks together."""

    processes: int = PROCESSES
    connections: int = 16
    marks: int = 1


@dataclasses.dataclass
class Place:
    """An installation of the product, with two firms."""

    app: Flask
    settings: Settings
    large: uuid.UUID
    small: uuid.UUID
    writers: int

    def queue(self, firm_id: uuid.UUID, number: int, domain: str, facts: Facts = letters.facts) -> float:
        """Queue so many letters of one firm, a thousand in each transaction; return how many seconds it took.

        They are rendered when they leave.
        """
        now, began = clock.now(), time.perf_counter()
        config.use(self.settings)

        def thousand(start: int) -> None:
            with self.app.app_context(), transaction(firm_id) as session:
                indexes = range(start, min(start + 1000, number))
                service.enqueue_all(session, firm_id, (letter(index, domain, now, facts(index)) for index in indexes))

        with ThreadPoolExecutor(self.writers) as threads:
            list(threads.map(thousand, range(0, number, 1000)))
        return time.perf_counter() - began


def letter(index: int, domain: str, due_at: dt.datetime, facts: dict[str, Any]) -> NewMessage:
    """Return one letter that is due, as a notice's is queued but for its facts."""
    notice_id = new_id()
    return NewMessage(
        stream=StreamKind.NOTICE,
        subject_id=notice_id,
        dedupe_key=f"notice:{notice_id}",
        recipient=Mailbox(f"Aylin {index}", f"person{index}@{domain}"),
        sender=beside.SENDER,
        due_at=due_at,
        payload=facts,
    )


@contextmanager
def place(database: str) -> Iterator[Place]:
    """An installation with its firms, in a folder that goes away."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        installation(database, Path(folder), *beside.DURABLE) as settings,
    ):
        app = create_app(settings)
        with app.app_context():
            large, small = (accounts.create_firm(CreateFirm(name=name, slug=name)) for name in ("large", "small"))
        yield Place(app, settings, large.id, small.id, WRITERS[database])
        with app.app_context():
            db.engine.dispose()


@contextmanager
def delivering(settings: Settings, relay: str, how: How) -> Iterator[list[int]]:
    """Run the product's delivering processes, and end them with the block; yields their process ids."""
    ours = dataclasses.replace(settings, mail_url=relay)
    variables = environment(ours, RECRUITER_MAIL_CONNECTIONS=str(how.connections), RECRUITER_MAIL_MARKS=str(how.marks))
    command, pipe = [sys.executable, "-m", "bench.drain"], subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, env=variables) for _ in range(how.processes)]
    try:
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()  # it is ready
        yield [process.pid for process in running]
    finally:
        for process in running:
            assert process.stdin is not None
            process.stdin.close()
        for process in running:
            process.wait(60)


def wait_for(relay: Sink, number: int) -> None:
    """Return when so many mails have arrived."""
    ends = time.monotonic() + PATIENCE
    while relay.taken() < number:
        if time.monotonic() > ends:
            raise SystemExit(f"only {relay.taken()} of {number} mails arrived")
        time.sleep(0.02)


def product(where: Place, relay: Sink, number: int, how: How) -> Rate:
    """Return the rate of the product's processes, which run already when the mails may leave; and of queueing them."""
    with where.app.app_context():
        stops.pause(where.large, SYSTEM)
    queueing = where.queue(where.large, number, "candidates.example.com")
    with delivering(where.settings, relay.url, how) as pids:
        began = sum(map(rates.processor, pids))
        with where.app.app_context():
            stops.resume(where.large, SYSTEM)
        wait_for(relay, number)
        seconds = sum(map(rates.processor, pids)) - began
    return dataclasses.replace(rates.read(relay.empty(), number, seconds), queue_ms=queueing / number * 1000)


def fairness(where: Place, relay: Sink, number: int, singles: int = 40) -> dict[str, float]:
    """Return how long single mails of one firm wait while another firm's circular leaves, and how memory grows."""
    staged = where.queue(where.large, number, "candidates.example.com", letters.address)
    waits, chance = [], random.Random(3)
    with delivering(where.settings, relay.url, How()) as pids:
        wait_for(relay, number // 20)
        first = sum(map(rates.resident, pids))
        for index in range(singles):
            queued, domain = time.monotonic(), f"single{index}.example.com"
            where.queue(where.small, 1, domain)
            waits.append((domain, queued))
            time.sleep(chance.uniform(0.05, 0.3))
        wait_for(relay, number + singles)
        last = sum(map(rates.resident, pids))
    arrived = {domain: at for at, domain in relay.empty().arrivals}
    found = sorted(arrived[domain] - queued for domain, queued in waits)
    return {
        "staged_seconds": staged,
        "single_p50_seconds": statistics.median(found),
        "single_p99_seconds": found[min(len(found) - 1, int(len(found) * 0.99))],
        "memory_first_mb": first,
        "memory_last_mb": last,
    }


def main() -> None:
    """Measure in turns, print a table with every round, then the object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=3000, help="mails a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=int, default=100_000, help="mails of the large firm; 0 leaves that out")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        relay = stack.enter_context(sink.running())
        places = {name: stack.enter_context(place(name)) for name in DATABASES}
        peers = stack.enter_context(beside.peer_databases())
        found = in_turns(turns(asked.n, relay, places, peers), asked.rounds)
        figures = medians(found) | ratios(found)
        for name, where in places.items():
            with sink.running(delay=DISTANCE) as far:
                figures[f"far_{name}_per_second"] = product(where, far, asked.n, How(connections=20)).per_second
            if asked.large:
                figures |= {f"{key}_{name}": value for key, value in fairness(where, relay, asked.large).items()}
    for name, value in figures.items():
        print(f"{name:40}{value:12.2f}")
    print(json.dumps(figures))


def turns(number: int, relay: Sink, places: dict[str, Place], peers: dict[str, str]) -> dict[str, Callable[[], Rate]]:
    """Return what is measured in each round, by name."""
    peer = Peer(Path(sys.prefix) / "peers")
    found: dict[str, Callable[[], Rate]] = {"bare": partial(beside.bare, relay, number)}
    for name, where in places.items():
        found[f"post_office_{name}"] = partial(peer.rate, peers[name], relay, number)
        for way, marks in MARKS.items():
            found[f"{way}_{name}"] = partial(product, where, relay, number, How(marks=marks))
    return found


def in_turns(found: dict[str, Callable[[], Rate]], rounds: int) -> dict[str, list[Rate]]:
    """Return the rates of every round, one after the other, so that a disturbance hits all alike."""
    measured: dict[str, list[Rate]] = {name: [] for name in found}
    for number in range(rounds):
        for name, measure in found.items():
            measured[name].append(one := measure())
            print(f"round {number + 1}  {name:28}{one.per_second:10.1f} a second{one.cpu_ms:8.2f} ms", flush=True)
    return measured


def medians(measured: dict[str, list[Rate]]) -> dict[str, float]:
    """Return the medians over the rounds."""
    speed = {
        f"{name}_per_second": statistics.median(one.per_second for one in found) for name, found in measured.items()
    }
    processor = {f"{name}_cpu_ms": statistics.median(one.cpu_ms for one in found) for name, found in measured.items()}
    queueing = {
        f"{name}_queue_ms": statistics.median(one.queue_ms for one in found if one.queue_ms is not None)
        for name, found in measured.items()
        if name.startswith(tuple(MARKS))
    }
    return speed | processor | queueing


def ratios(measured: dict[str, list[Rate]]) -> dict[str, float]:
    """Return the median, over the rounds, of the product's rate by the peer's of the same round."""
    return {
        f"ratio_vs_post_office_{way}_{name}": statistics.median(
            ours.per_second / theirs.per_second
            for ours, theirs in zip(measured[f"{way}_{name}"], measured[f"post_office_{name}"], strict=True)
        )
        for name in DATABASES
        for way in MARKS
    }


if __name__ == "__main__":
    main()
