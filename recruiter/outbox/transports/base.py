"""What the worker needs from a way out, and how a way out says that it did not work."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from recruiter.outbox.mime import Letter
from recruiter.outbox.replies import Phase, Verdict

OnPhase = Callable[[Phase], None]


class DeliveryError(Exception):
    """The message was not accepted; ``phase`` says how far it had come.

    ``reason`` is what the relay said or what happened to the line, ``code`` the reply code where there was a reply.
    """

    def __init__(self, reason: str, *, verdict: Verdict, phase: Phase, code: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.verdict = verdict
        self.phase = phase
        self.code = code

    @property
    def permanent(self) -> bool:
        """Whether trying again as it is cannot help."""
        return self.verdict.is_permanent


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail ready to go: the row's id, sender and recipient in wire form, the letter and its bytes."""

    message_id: uuid.UUID
    return_path: str
    recipient: str
    letter: Letter
    raw: bytes


class Line(Protocol):
    """An open way out that carries one message after the other."""

    def carry(self, envelope: Envelope, on_phase: OnPhase) -> str:
        """Hand the mail over and return the acceptance in the relay's words; raise ``DeliveryError`` otherwise.

        ``on_phase`` is called with ``Phase.DOT`` just before the step after which the relay may have accepted.
        """
        ...


class Transport(Protocol):
    """A way out."""

    def line(self) -> AbstractContextManager[Line]:
        """Lend an open line for the block; raise ``DeliveryError`` when none can be opened."""
        ...

    def close(self) -> None:
        """Say goodbye on every line that is not lent."""
        ...
