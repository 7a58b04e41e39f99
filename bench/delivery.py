"""`make bench-delivery`: the outbox beside a peer and beside bare SMTP, in turns; the last line is one JSON object."""

import argparse
import contextlib
import dataclasses
import datetime as dt
import json
import os
import random
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import Flask

from bench import letters, sink
from bench.__main__ import installation
from bench.sink import Count, Sink
from recruiter import clock, config
from recruiter.accounts import service as accounts
from recruiter.accounts.service import CreateFirm
from recruiter.app import create_app
from recruiter.audit.service import SYSTEM
from recruiter.config import Settings
from recruiter.db.base import new_id
from recruiter.db.engine import db
from recruiter.db.session import transaction
from recruiter.outbox import mime, service, stops
from recruiter.outbox.mime import Letter, Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage
from tests import postgres
from tests.product import environment

PATIENCE = 600.0
SENDER = Mailbox("Priya Nair", "priya@example.com")
DATABASES = ("sqlite", "postgresql")
PROCESSES = 2
DURABLE = ("fsync=on", "full_page_writes=on")
MARKS = {"marks": 1, "groups": 10}
PLACEHOLDER = "0" * 32
DISTANCE = 0.02  # seconds to a relay and back


@dataclasses.dataclass(frozen=True)
class How:
    """How the product delivers: its processes, the lines of each, and how many messages a line marks together."""

    processes: int = PROCESSES
    connections: int = 4
    marks: int = 1


@dataclasses.dataclass
class Place:
    """An installation of the product, with two firms."""

    app: Flask
    settings: Settings
    large: uuid.UUID
    small: uuid.UUID

    def queue(self, firm_id: uuid.UUID, number: int, domain: str) -> None:
        """Queue so many letters of one firm, a thousand in each transaction; they are rendered when they leave."""
        now = clock.now()
        config.use(self.settings)
        with self.app.app_context():
            for start in range(0, number, 1000):
                with transaction(firm_id) as session:
                    indexes = range(start, min(start + 1000, number))
                    service.enqueue_all(session, firm_id, (letter(index, domain, now) for index in indexes))


def letter(index: int, domain: str, due_at: dt.datetime) -> NewMessage:
    """Return one letter that is due."""
    return NewMessage(
        stream=StreamKind.NOTICE,
        subject_id=new_id(),
        dedupe_key=uuid.uuid4().hex,
        recipient=Mailbox(f"Aylin {index}", f"person{index}@{domain}"),
        sender=SENDER,
        due_at=due_at,
        payload=letters.facts(index),
    )


@contextmanager
def place(database: str) -> Iterator[Place]:
    """An installation with its firms, in a folder that goes away."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        installation(database, Path(folder), *DURABLE) as settings,
    ):
        app = create_app(settings)
        with app.app_context():
            large, small = (accounts.create_firm(CreateFirm(name=name, slug=name)) for name in ("large", "small"))
        yield Place(app, settings, large.id, small.id)
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


def rate(count: Count, number: int) -> float:
    """Return mails a second from the first arrival to the last; the start of processes is not counted."""
    if len(count.ids) != number or len(count.arrivals) != number:
        raise SystemExit(f"{len(count.ids)} different mails and {len(count.arrivals)} arrivals instead of {number}")
    times = sorted(at for at, _ in count.arrivals)
    return (number - 1) / (times[-1] - times[0])


def product(where: Place, relay: Sink, number: int, how: How) -> float:
    """Return the rate of the product's processes, which run already when the mails may leave."""
    with where.app.app_context():
        stops.pause(where.large, SYSTEM)
    where.queue(where.large, number, "candidates.example.com")
    with delivering(where.settings, relay.url, how):
        with where.app.app_context():
            stops.resume(where.large, SYSTEM)
        wait_for(relay, number)
    return rate(relay.empty(), number)


def bare(relay: Sink, number: int) -> float:
    """Return the rate of one line of smtplib with ready bytes."""
    written = letters.write(letters.facts(1))
    ready = Letter(
        sender=SENDER,
        recipient=Mailbox("Aylin", "aylin@candidates.example.com"),
        reply_to=SENDER,
        subject=written.subject,
        text=written.text,
        html=written.html,
        message_id=f"<{PLACEHOLDER}@example.com>",
        date=clock.now(),
    )
    raw = mime.build(ready)
    with smtplib.SMTP("127.0.0.1", relay.port) as line:
        for _ in range(number):
            one = raw.replace(PLACEHOLDER.encode(), uuid.uuid4().hex.encode())
            line.sendmail("recruiter@example.com", ["aylin@candidates.example.com"], one)
    return rate(relay.empty(), number)


class Peer:
    """django-post_office in an environment of its own that is made once."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.python = home / "bin" / "python"
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", home], check=True)
            requirements = Path(__file__).parent / "peers.txt"
            subprocess.run([self.python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        self.script = home / "peer.py"
        self.script.write_text((Path(__file__).parent / "peer.py").read_text())
        (home / "facts.json").write_text(json.dumps(letters.facts(0)))

    def rate(self, database: str, relay: Sink, number: int) -> float:
        """Return its rate, rendering while it delivers, in two processes."""
        variables = os.environ | {"POST_OFFICE_DB": database, "POST_OFFICE_PORT": str(relay.port)}
        subprocess.run([self.python, self.script, "fill", str(number)], check=True, env=variables)
        subprocess.run([self.python, self.script, "drain"], check=True, env=variables)
        return rate(relay.empty(), number)


def fairness(where: Place, relay: Sink, number: int, singles: int = 40) -> dict[str, float]:
    """Return how long single mails of one firm wait while another firm's many leave, and how memory grows."""
    began = time.perf_counter()
    where.queue(where.large, number, "candidates.example.com")
    staged = time.perf_counter() - began
    waits, chance = [], random.Random(3)
    with delivering(where.settings, relay.url, How()) as pids:
        wait_for(relay, number // 20)
        first = sum(map(resident, pids))
        for index in range(singles):
            queued, domain = time.monotonic(), f"single{index}.example.com"
            where.queue(where.small, 1, domain)
            waits.append((domain, queued))
            time.sleep(chance.uniform(0.05, 0.3))
        wait_for(relay, number + singles)
        last = sum(map(resident, pids))
    arrived = {domain: at for at, domain in relay.empty().arrivals}
    found = sorted(arrived[domain] - queued for domain, queued in waits)
    return {
        "staged_seconds": staged,
        "single_p50_seconds": statistics.median(found),
        "single_p99_seconds": found[min(len(found) - 1, int(len(found) * 0.99))],
        "memory_first_mb": first,
        "memory_last_mb": last,
    }


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    words = Path(f"/proc/{pid}/statm").read_text().split()
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


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
        peers = stack.enter_context(peer_databases())
        rates = in_turns(turns(asked.n, relay, places, peers), asked.rounds)
        figures = {f"{name}_per_second": statistics.median(found) for name, found in rates.items()} | ratios(rates)
        for name, where in places.items():
            with sink.running(delay=DISTANCE) as far:
                figures[f"far_{name}_per_second"] = product(where, far, asked.n, How(connections=20))
            if asked.large:
                figures |= {f"{key}_{name}": value for key, value in fairness(where, relay, asked.large).items()}
    for name, value in figures.items():
        print(f"{name:40}{value:12.2f}")
    print(json.dumps(figures))


def turns(number: int, relay: Sink, places: dict[str, Place], peers: dict[str, str]) -> dict[str, Callable[[], float]]:
    """Return what is measured in each round, by name."""
    peer = Peer(Path(sys.prefix) / "peers")
    found: dict[str, Callable[[], float]] = {"bare": partial(bare, relay, number)}
    for name, where in places.items():
        found[f"post_office_{name}"] = partial(peer.rate, peers[name], relay, number)
        for way, marks in MARKS.items():
            found[f"{way}_{name}"] = partial(product, where, relay, number, How(marks=marks))
    return found


def in_turns(found: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return the rates of every round, one after the other, so that a disturbance hits all alike."""
    rates: dict[str, list[float]] = {name: [] for name in found}
    for number in range(rounds):
        for name, measure in found.items():
            rates[name].append(measure())
            print(f"round {number + 1}  {name:28}{rates[name][-1]:10.1f}", flush=True)
    return rates


def ratios(rates: dict[str, list[float]]) -> dict[str, float]:
    """Return the median, over the rounds, of the product's rate by the peer's of the same round."""
    return {
        f"ratio_vs_post_office_{way}_{name}": statistics.median(
            ours / theirs for ours, theirs in zip(rates[f"{way}_{name}"], rates[f"post_office_{name}"], strict=True)
        )
        for name in DATABASES
        for way in MARKS
    }


@contextmanager
def peer_databases() -> Iterator[dict[str, str]]:
    """A file and a server for the peer, which go away."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-peer-") as folder,
        tempfile.TemporaryDirectory(prefix="bench-peer-postgres-") as home,
        postgres.running(Path(home), *DURABLE) as server,
    ):
        yield {"sqlite": str(Path(folder) / "peer.sqlite3"), "postgresql": str(server.port)}


if __name__ == "__main__":
    main()
