"""The token that ties a request to the preview a person looked at; signed, for one hour, usable again."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from typing import Any

from recruiter import clock, config

LIFE = dt.timedelta(hours=1)
_PURPOSE = "recruiter/notice-preview/1"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a preview shows: application, round, what was written and by whom, the versions of template and rules."""

    firm_id: uuid.UUID
    application_id: uuid.UUID
    round: int
    body: dict[str, Any]
    template_version_id: uuid.UUID
    rules_version: str

    def digest(self) -> bytes:
        """Return SHA-256 over all of it in one fixed order."""
        parts = (self.firm_id, self.application_id, self.round, self.template_version_id, self.rules_version)
        text = json.dumps([*map(str, parts), self.body], sort_keys=True)
        return hashlib.sha256(text.encode()).digest()


def sign(subject: Subject) -> str:
    """Return a token for this preview that ``fits`` accepts for an hour."""
    expires = int((clock.now() + LIFE).timestamp()).to_bytes(8, "big")
    return base64.urlsafe_b64encode(expires + _signature(expires, subject)).decode().rstrip("=")


def fits(token: str, subject: Subject) -> bool:
    """Whether the token was given for exactly this preview, and less than an hour ago."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return False
    expires, signature = raw[:8], raw[8:]
    in_time = int.from_bytes(expires, "big") > clock.now().timestamp()
    return in_time and hmac.compare_digest(signature, _signature(expires, subject))


def _signature(expires: bytes, subject: Subject) -> bytes:
    return hmac.digest(config.current().key(_PURPOSE), expires + subject.digest(), "sha256")
