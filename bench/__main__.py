"""`make bench`: medians for the pages, the search, a notice and the API; the last line is one JSON object."""

import http.client
import itertools
import json
import re
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import sqlalchemy as sa

from bench import firm
from bench.firm import PASSWORD, Measured
from recruiter.app import create_app
from recruiter.config import Settings
from recruiter.db import migrate
from recruiter.db.engine import db
from tests import postgres
from tests.product import Product, environment

ROUNDS = 40
CONNECTIONS = 8
LOAD_SECONDS = 5.0


def main() -> None:
    """Measure on both databases, or on those that are named, and print a table, then the object."""
    results = {}
    for database in sys.argv[1:] or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, installation(database, Path(folder)) as settings:
            results[database] = measured(settings, Path(folder))
        for name, value in results[database].items():
            print(f"{database:12}{name:24}{value:10.1f}")
    print(json.dumps(results))


@contextmanager
def installation(database: str, folder: Path, *options: str) -> Iterator[Settings]:
    """An empty installation with its tables, in a folder that goes away; ``options`` are PostgreSQL's."""
    if database == "sqlite":
        yield prepared(folder, f"sqlite:///{folder / 'bench.sqlite3'}", "")
        return
    with (
        tempfile.TemporaryDirectory(prefix="bench-postgres-") as home,
        postgres.running(Path(home), *options) as server,
    ):
        yield prepared(folder, *server.create_database("bench"))


def prepared(folder: Path, url: str, owner: str) -> Settings:
    """Return the settings of an installation whose tables were made."""
    settings = Settings(
        data_dir=folder,
        database_url=url,
        migration_url=owner or url,
        mail_url=f"maildir://{folder / 'mail'}",
        mail_from="recruiter@example.com",
        base_url="http://127.0.0.1:8000",
        secret_key=uuid.uuid4().hex * 2,
    )
    migrate.upgrade(settings)
    return settings


def measured(settings: Settings, folder: Path) -> dict[str, float]:
    """Build the firm, serve it, and return milliseconds by name, and requests a second for the load."""
    app = create_app(settings)
    with app.app_context():
        people = firm.build()
        db.engine.dispose()
    owner = migrate.owner_engine(settings)
    # What the worker does for SQLite, and PostgreSQL's autovacuum by itself, some minutes later.
    tidy = "ANALYZE" if owner.dialect.name == "sqlite" else "VACUUM ANALYZE"
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(tidy))
    owner.dispose()
    with Product(environment(settings), folder / "log") as product:
        with httpx2.Client(base_url=product.url, timeout=30, headers={"Accept-Encoding": "gzip"}) as client:
            sign_in(client, people.email)
            found = {f"{name}_ms": median(call) for name, call in pages(client, people).items()}
        return found | {"api_list_per_second": load(product.port, people.key)}


def pages(client: httpx2.Client, people: Measured) -> dict[str, Callable[[], httpx2.Response]]:
    """What is measured, by name."""
    some, waiting = itertools.cycle(people.candidates[:: len(people.candidates) // 50]), iter(people.to_tell)
    key = {"Authorization": f"Bearer {people.key}"}

    def notice(path: str, application: uuid.UUID) -> httpx2.Response:
        return client.post(f"/api/v1/notices{path}", json=rejection(application), headers=key)

    return {
        "today": lambda: client.get("/today"),
        "candidates": lambda: client.get("/candidates"),
        "search_words": lambda: client.get("/api/v1/talent-pool", params={"q": "ferreira lisbon"}, headers=key),
        "search_skill": lambda: client.get("/api/v1/talent-pool", params={"q": "C++"}, headers=key),
        "match_job": lambda: client.get("/api/v1/talent-pool", params={"job_id": str(people.job)}, headers=key),
        "candidate": lambda: client.get(f"/candidates/{next(some)}"),
        "preview": lambda: notice("/preview", people.to_tell[-1]),
        "queue_notice": lambda: notice("", next(waiting)),
        "api_list": lambda: client.get("/api/v1/candidates", headers=key),
    }


def rejection(application: uuid.UUID) -> dict[str, object]:
    """Return the body of a notice with one strength and one gap."""
    strength = {"criterion": "Problem solving", "text": "You found the lock that the load test had hidden."}
    gap = {
        "criterion": "Database operations",
        "text": "The restore plan had no rehearsal.",
        "requirement": "Runs PostgreSQL in production",
        "suggestion": "Rehearse one restore a month and write down how long it took.",
    }
    return {
        "application_id": str(application),
        "kind": "rejection",
        "reason": "Another finalist had already led a migration of this size.",
        "feedback": {"strengths": [strength], "gaps": [gap]},
    }


def sign_in(client: httpx2.Client, email: str) -> None:
    """Open a member's session."""
    page = client.get("/login")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    form = {"email": email, "password": PASSWORD, "csrf_token": token.group(1) if token else ""}
    answer = client.post("/login", data=form, follow_redirects=True)
    if answer.status_code != 200 or "/login" in str(answer.url):
        raise SystemExit(f"Could not sign in: {answer.status_code} {answer.url}")


def median(call: Callable[[], httpx2.Response]) -> float:
    """Return the median of the rounds in milliseconds, after three that only warm up."""
    times = []
    for number in range(ROUNDS + 3):
        began = time.perf_counter()
        answer = call()
        if number >= 3:
            times.append((time.perf_counter() - began) * 1000)
        if answer.status_code >= 300:
            raise SystemExit(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}")
    return statistics.median(times)


def load(port: int, key: str) -> float:
    """Return the requests a second that eight connections get answered, each asking without a pause."""
    counts, stop = [0] * CONNECTIONS, time.perf_counter() + LOAD_SECONDS
    threads = [threading.Thread(target=ask, args=(port, key, counts, number, stop)) for number in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def ask(port: int, key: str, counts: list[int], number: int, stop: float) -> None:
    """Ask for the first page of the list until it is time to stop."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.perf_counter() < stop:
        connection.request("GET", "/api/v1/candidates?limit=25", headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"GET /api/v1/candidates: {answer.status}")
        counts[number] += 1
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
