"""What the product's delivery is measured beside: django-post_office, and smtplib with ready bytes."""

import json
import os
import smtplib
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import letters, rates
from bench.rates import Rate
from bench.sink import Sink
from recruiter import clock
from recruiter.outbox import mime
from recruiter.outbox.mime import Letter, Mailbox
from tests import postgres

DURABLE = ("fsync=on", "full_page_writes=on")
PLACEHOLDER = "0" * 32
SENDER = Mailbox("Priya Nair", "priya@example.com")


def bare(relay: Sink, number: int) -> Rate:
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
    raw, began = mime.build(ready), time.process_time()
    with smtplib.SMTP("127.0.0.1", relay.port) as line:
        for _ in range(number):
            one = raw.replace(PLACEHOLDER.encode(), uuid.uuid4().hex.encode())
            line.sendmail("recruiter@example.com", ["aylin@candidates.example.com"], one)
    return rates.read(relay.empty(), number, time.process_time() - began)


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

    def rate(self, database: str, relay: Sink, number: int) -> Rate:
        """Return its rate, rendering while it delivers, in two processes."""
        variables = os.environ | {"POST_OFFICE_DB": database, "POST_OFFICE_PORT": str(relay.port)}
        subprocess.run([self.python, self.script, "fill", str(number)], check=True, env=variables)
        began = rates.children()
        subprocess.run([self.python, self.script, "drain"], check=True, env=variables)
        return rates.read(relay.empty(), number, rates.children() - began)


@contextmanager
def peer_databases() -> Iterator[dict[str, str]]:
    """A file and a server for the peer, which go away."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-peer-") as folder,
        tempfile.TemporaryDirectory(prefix="bench-peer-postgres-") as home,
        postgres.running(Path(home), *DURABLE) as server,
    ):
        yield {"sqlite": str(Path(folder) / "peer.sqlite3"), "postgresql": str(server.port)}
