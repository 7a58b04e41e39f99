"""The candidate's private link: derived from a key and the page's row, so that nothing at rest opens the page."""

import base64
import hashlib
import hmac
import uuid

from recruiter import config
from recruiter.notices.models import FeedbackPage

MASKED = "the-link-is-in-the-mail"
_PURPOSE = "recruiter/feedback-link/1"


def token(page_id: uuid.UUID, version: int) -> str:
    """Return the link's token: base64url of HMAC-SHA256 over page id and version, 43 characters."""
    message = page_id.bytes + version.to_bytes(4, "big")
    return base64.urlsafe_b64encode(hmac.digest(config.current().key(_PURPOSE), message, "sha256")).decode().rstrip("=")


def token_hash(value: str) -> str:
    """Return what the page's row keeps of a token: SHA-256 in hex."""
    return hashlib.sha256(value.encode()).hexdigest()


def url(page: FeedbackPage) -> str:
    """Return the link that works. It goes into the mail and to keys that may send, and is stored nowhere."""
    return _address(token(page.id, page.version))


def masked_url() -> str:
    """Return what stands in the link's place in drafts, previews and the record of what was said."""
    return _address(MASKED)


def _address(value: str) -> str:
    return config.current().url(f"/f/{value}")
