"""The one way in which a member's e-mail address is written, so that it is found again however it was typed."""

from recruiter import config
from recruiter.outbox import mime
from recruiter.outbox.mime import Unsendable


class Unanswered(Unsendable):
    """Nobody reads what is sent to this address, and candidates answer to it."""


def normal(address: str) -> str:
    """Return the address as it is kept: in lower case, its domain in A-labels. Raises ``Unsendable``."""
    return mime.wire_address(address.strip()).lower()


def of_member(address: str) -> str:
    """Return the address as ``normal`` does; raise ``Unanswered`` for one that says that nobody reads it."""
    kept = normal(address)
    if config.NO_REPLY.match(kept):
        raise Unanswered("Candidates answer to this address, so somebody has to read it. Use a person’s own.")  # noqa: RUF001
    return kept
