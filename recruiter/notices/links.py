"""The candidate's private link: derived from a key and the page's row, so that nothing at rest opens the page."""

import uuid

from recruiter import config
from recruiter.db.doors import hash_of
from recruiter.notices.models import FeedbackPage

MASKED = "the-link-is-in-the-mail"
_PURPOSE = "recruiter/feedback-link/1"


def token(page_id: uuid.UUID, version: int) -> str:
    """Return the link's token: another for each version."""
    return config.current().token(_PURPOSE, page_id.bytes + version.to_bytes(4, "big"))


def token_hash(page_id: uuid.UUID, version: int) -> str:
    """Return what the page's row keeps of the link's token."""
    return hash_of(token(page_id, version))


def url(page: FeedbackPage) -> str:
    """Return the link that works. It goes into the mail and to keys that may send, and is stored nowhere."""
    return _address(token(page.id, page.version))


def masked_url() -> str:
    """Return what stands in the link's place in drafts, previews and the record of what was said."""
    return _address(MASKED)


def _address(value: str) -> str:
    return config.current().url(f"/f/{value}")
