"""One process that delivers with the product's own worker, for the measurement: only what the mail says is its own."""

import functools
import sys
import threading
import uuid
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bench import letters
from recruiter.app import create_app
from recruiter.engine import chosen
from recruiter.outbox import streams
from recruiter.outbox.models import Message, StreamKind
from recruiter.outbox.streams import Content, Outcome, Stop, Writer


class Measured:
    """A stream that renders each letter when it leaves, from what is stored with its message."""

    resends_when_in_doubt = True

    def may_leave(self, _session: Session, _messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
        """Nothing speaks against any."""
        return {}

    def writers(self, _session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Writer]:
        """Render each from its payload."""
        return {message.id: functools.partial(_write, message.payload or {}) for message in messages}

    def settled(self, _session: Session, _messages: Sequence[Message], _outcome: Outcome) -> None:
        """Need to know nothing."""


def _write(facts: dict[str, Any]) -> Content:
    written = letters.write(facts)
    return Content(subject=written.subject, text=written.text, html=written.html)


def main() -> None:
    """Deliver until standard input ends."""
    app = create_app()
    streams.register(StreamKind.NOTICE, Measured())
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    stop = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(stop,), daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    chosen.run(app, stop)


def _wait_for_the_end(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main()
