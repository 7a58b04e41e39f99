"""The link by which a person leaves the pool: derived from a key and the membership, so that nothing at rest works."""

import uuid

from recruiter import config

MASKED = "the-link-is-in-the-mail"
_PURPOSE = "recruiter/pool-leave-link/1"


def token(membership_id: uuid.UUID) -> str:
    """Return the link's token: the same at every call."""
    return config.current().token(_PURPOSE, membership_id.bytes)


def url(membership_id: uuid.UUID) -> str:
    """Return the link that works. It goes into the mail and is stored nowhere."""
    return _address(token(membership_id))


def masked_url() -> str:
    """Return what stands in the link's place in previews and in the record of what was said."""
    return _address(MASKED)


def _address(value: str) -> str:
    return config.current().url(f"/p/{value}")
