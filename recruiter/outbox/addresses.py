"""Addresses that belong to one message: mail to them names it with its id and a code that only we can make."""

import base64
import enum
import hmac
import re
import uuid
from dataclasses import dataclass

from recruiter import config

_CODE_OCTETS = 10  # 80 bits, so that nobody guesses a code and the local part keeps its 64 octets
_TOKEN = re.compile(r"\+([a-z2-7]{42})@", re.ASCII | re.IGNORECASE)
LONGEST_LOCAL_PART = 64 - len("+") - 42


class Way(enum.StrEnum):
    """What an address is for; a code made for one is worth nothing in the other."""

    BOUNCE = "bounce"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Named:
    """The message that an address names, and which of its two addresses it was."""

    way: Way
    message_id: uuid.UUID


def return_path(message_id: uuid.UUID) -> str | None:
    """Return the envelope sender of this message, to which it comes back; None where no such address is set."""
    return _address(config.current().bounce_address, Way.BOUNCE, message_id)


def reply_to(message_id: uuid.UUID) -> str | None:
    """Return the address that answers to this message go to; None where no such address is set."""
    return _address(config.current().reply_address, Way.REPLY, message_id)


def read(text: str) -> Named | None:
    """Return what the first address of ours in a text names, if its code is ours; compared in constant time."""
    for token in _TOKEN.findall(text):
        octets = base64.b32decode(token.upper() + "======")
        message_id, code = uuid.UUID(bytes=octets[:16]), octets[16:]
        for way in Way:
            if hmac.compare_digest(code, _code(way, message_id)):
                return Named(way, message_id)
    return None


def _address(base: str, way: Way, message_id: uuid.UUID) -> str | None:
    if not base:
        return None
    local, _, domain = base.rpartition("@")
    token = base64.b32encode(message_id.bytes + _code(way, message_id)).decode().rstrip("=").lower()
    return f"{local}+{token}@{domain}"


def _code(way: Way, message_id: uuid.UUID) -> bytes:
    key = config.current().key(f"inbound-{way}")
    return hmac.digest(key, message_id.bytes, "sha256")[:_CODE_OCTETS]
