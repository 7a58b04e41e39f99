"""Mail as ``.eml`` files in a directory, for the sample firm and for an installation that sends nothing yet."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.transports.base import DeliveryError, Envelope, OnPhase


class MaildirTransport:
    """Writes each mail to ``<message id>.eml``; a retry writes the same file, so nothing is there twice."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @contextmanager
    def line(self) -> Iterator["MaildirTransport"]:
        """Lend itself; a directory needs no connection."""
        yield self

    def carry(self, envelope: Envelope, on_phase: OnPhase) -> str:
        """Write the file whole or not at all and return its name."""
        name = f"{envelope.message_id}.eml"
        on_phase(Phase.DOT)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            unfinished = self.directory / f".{name}.part"
            with unfinished.open("wb") as file:
                file.write(envelope.raw)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.directory / name)
        except OSError as error:
            raise DeliveryError(
                f"cannot write {name}: {error.strerror}", verdict=Verdict.LINE_LOST, phase=Phase.CONNECT
            ) from error
        return f"written to {name}"

    def close(self) -> None:
        """Do nothing: there is no line."""
