"""The fault suite: each test prints one line of what the relay counted, after a head that says what is scaled."""

import contextlib
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from recruiter import config
from recruiter.config import Settings
from tests import postgres
from tests.faults import fleet as fleets
from tests.faults import relay as relays

SEED = os.environ.get("FAULTS_SEED", "20261122")
AWAY = 3.0  # seconds for the 60 that a database, and the 600 that every worker is away
LINE = "fault"

LEASE, EVIDENCE = f"{fleets.LEASE:g} s for 120", f"{fleets.EVIDENCE:g} s for 900"
GREYLIST, HOLD = f"{300 * fleets.SCALE:g} s for 300", "12 s for 600"
HEAD = f"""
Faults with the seed {SEED}. Scaled by settings:
  a lease lasts {LEASE} (1/{120 / fleets.LEASE:g}), the wait for evidence {EVIDENCE} (1/{900 / fleets.EVIDENCE:g});
  waits between tries are 1/{1 / fleets.SCALE:g}: greylisting {GREYLIST}, the hold after a moved clock {HOLD}.
Scaled by hand: a database is away {AWAY:g} s for 60 (1/{60 / AWAY:g}), all workers {AWAY:g} s for 600;
  a firm sends 3,000 mails for 100,000, and a receiver of webhooks fails for 17 s for two days.

"""


def pytest_sessionstart(session):
    if session.config.option.markexpr == "faults" and not hasattr(session.config, "workerinput"):
        session.config.get_terminal_writer().write(HEAD)


def pytest_report_teststatus(report):
    """Print the fault's own line instead of a letter."""
    if report.when == "call" and "faults" in report.keywords:
        lines = [line for name, line in report.user_properties if name == LINE]
        return report.outcome, "\n".join([*lines, *([] if report.passed else [f"FAILED {report.nodeid}"]), ""]), ""
    return None


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """The settings that every installation of the suite begins with."""
    folder = tmp_path_factory.mktemp("faults")
    nowhere = "sqlite:////nonexistent"
    settings = Settings(
        data_dir=folder,
        database_url=nowhere,
        migration_url=nowhere,
        mail_url="maildir:///nonexistent",
        mail_from="recruiter@agency.example.com",
        base_url="http://localhost",
        secret_key="a-secret-for-faults-of-at-least-32-characters",
    )
    config.use(settings)
    return settings


@pytest.fixture(scope="session")
def server():
    """A server of this suite's own, which may be stopped; commits are durable, since it is."""
    postgres.require()
    with tempfile.TemporaryDirectory(prefix="recruiter-faults-") as home, postgres.running(Path(home)) as server:
        yield server


@pytest.fixture
def relay():
    with relays.running() as relay:
        yield relay


@pytest.fixture
def chance(request):
    """What is left to chance in this test, the same for each seed."""
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311 - no secret


@pytest.fixture
def make(request, base, relay, tmp_path):
    """Lend fleets, each with a new database; what still runs is ended with the test."""
    with contextlib.ExitStack() as stack:

        def make(combination, **changes):
            server = request.getfixturevalue("server") if combination.database == "postgresql" else None
            folder = tmp_path / str(len(list(tmp_path.iterdir())))
            folder.mkdir()
            return stack.enter_context(fleets.running(base, server, relay, folder, combination, **changes))

        yield make


@pytest.fixture
def fleet(make, combination):
    """A fleet of the combination that the test is given."""
    return make(combination)


@pytest.fixture
def tally(record_property, relay):
    """Compare what the relay counted with what the database says of the messages since the last call; print it.

    Returns how many were taken twice and how many were ever in doubt; fails where the two do not agree.
    """
    before = set()

    def tally(fault, fleet, **more):
        rows = [row for row in fleet.wait_until_settled() if row.message_id not in before]
        counts = {key: times for key, times in relay.counts().items() if key not in before}
        before.update(row.message_id for row in rows)
        doubtful = {row.message_id for row in rows if row.doubts}
        accepted = {row.message_id for row in rows if row.state == "accepted"}
        twice = {key for key, times in counts.items() if times > 1}
        lost = accepted - counts.keys()
        figures = {"sent": len(counts), "lost": len(lost), "twice": len(twice), "doubtful": len(doubtful)}
        figures |= Counter(str(row.state) for row in rows if row.state != "accepted") | more
        line = [fault, str(fleet.combination), *(f"{key}={value}" for key, value in figures.items())]
        record_property(LINE, " ".join(line))
        assert not lost
        assert twice <= doubtful
        assert max(counts.values(), default=0) <= 2
        assert counts.keys() - accepted <= doubtful, "what nobody calls accepted arrived"
        return len(twice), len(doubtful)

    return tally
