"""The link by which a person leaves the pool: derived from a key and the membership, so that nothing at rest works."""

import base64
import hashlib
import hmac
import uuid

from recruiter import config

MASKED = "the-link-is-in-the-mail"
_PURPOSE = "recruiter/pool-leave-link/1"


def token(membership_id: uuid.UUID) -> str:
    """Return the link's token: base64url of HMAC-SHA256 over the membership's id, 43 characters."""
    value = hmac.digest(config.current().key(_PURPOSE), membership_id.bytes, "sha256")
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def token_hash(value: str) -> str:
    """Return what the membership's row keeps of a token: SHA-256 in hex."""
    return hashlib.sha256(value.encode()).hexdigest()


def url(membership_id: uuid.UUID) -> str:
    """Return the link that works. It goes into the mail and is stored nowhere."""
    return _address(token(membership_id))


def masked_url() -> str:
    """Return what stands in the link's place in previews and in the record of what was said."""
    return _address(MASKED)


def _address(value: str) -> str:
    return config.current().url(f"/p/{value}")
