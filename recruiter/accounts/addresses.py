"""The one way in which a member's e-mail address is written, so that it is found again however it was typed."""

from recruiter.outbox import mime


def normal(address: str) -> str:
    """Return the address as it is kept: in lower case, its domain in A-labels. Raises ``Unsendable``."""
    return mime.wire_address(address.strip()).lower()
