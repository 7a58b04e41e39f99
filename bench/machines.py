"""`python -m bench.machines`: how delivery grows with workers on one PostgreSQL, and how soon a single mail leaves."""

import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

from bench import sink
from recruiter import config
from recruiter.config import Settings
from tests import postgres
from tests.faults import fleet as fleets
from tests.faults.fleet import Fleet

MESSAGES = 1000
SINGLES = 20
DISTANCE = 0.02  # seconds to the relay and back
PATIENCE = 300.0


def main() -> None:
    """Print a line for each number of workers, then one JSON object."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-machines-") as home, sink.running(DISTANCE) as relay:
        folder = Path(home)
        (folder / "postgres").mkdir()
        folder.chmod(0o755)
        with postgres.running(folder / "postgres") as server:
            settings = _settings(folder)
            config.use(settings)
            for workers in (1, 2, 4):
                place = folder / str(workers)
                place.mkdir()
                machines = fleets.SHARED._replace(machines=workers)
                options = {"mail_connections": 4, "lease_seconds": 120.0, "schedule_scale": 1.0, "shards": 4 * workers}
                with fleets.running(settings, server, relay, place, machines, **options) as fleet:
                    found |= _measure(fleet, relay, workers)
    print(json.dumps(found))


def _measure(fleet: Fleet, relay: sink.Sink, workers: int) -> dict[str, float]:
    fleet.queue(MESSAGES)
    relay.empty()
    fleet.start()
    _wait(relay, MESSAGES)
    arrivals = [moment for moment, _ in relay.empty().arrivals]
    rate = MESSAGES / (max(arrivals) - min(arrivals))
    waits = sorted(_single(fleet, relay) for _ in range(SINGLES))
    fleet.stop()
    print(
        f"{workers} workers: {rate:.0f} messages/s; a single mail {statistics.median(waits) * 1000:.0f} ms after its"
        f" commit, at worst {waits[-1] * 1000:.0f} ms"
    )
    return {
        f"messages_per_second_{workers}": round(rate, 1),
        f"single_median_ms_{workers}": round(statistics.median(waits) * 1000, 1),
        f"single_worst_ms_{workers}": round(waits[-1] * 1000, 1),
    }


def _single(fleet: Fleet, relay: sink.Sink) -> float:
    """Return the seconds from a commit to the relay's answer."""
    fleet.queue(1)
    committed = time.monotonic()
    _wait(relay, 1)
    ((arrived, _),) = relay.empty().arrivals
    return max(0.0, arrived - committed) + DISTANCE


def _wait(relay: sink.Sink, number: int) -> None:
    pause = threading.Event()
    ends = time.monotonic() + PATIENCE
    while relay.taken() < number:
        assert time.monotonic() < ends, "the mail did not arrive"
        pause.wait(0.01)


def _settings(folder: Path) -> Settings:
    url = "postgresql://replaced"
    return Settings(
        data_dir=folder,
        database_url=url,
        migration_url=url,
        mail_url=f"maildir://{folder / 'mail'}",
        mail_from="recruiter@agency.example.com",
        base_url="http://localhost",
        secret_key="a-secret-for-measuring-of-at-least-32-characters",  # noqa: S106 - opens nothing
    )


if __name__ == "__main__":
    main()
