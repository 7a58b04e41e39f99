"""Links by which a person becomes a member: derived, never kept."""

import base64
import hashlib
import hmac
import uuid

from recruiter import clock, config
from recruiter.accounts.models import MemberInvitation

_PURPOSE = "recruiter/invitation-link/1"


def invitation_token(invitation_id: uuid.UUID) -> str:
    """Return the token of an invitation's link: 256 bits, the same at each call, so that a mail can be built again."""
    digest = hmac.digest(config.current().key(_PURPOSE), invitation_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """Return what is kept of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_url(token: str) -> str:
    """Return the public address of the page on which an invitation is accepted."""
    return config.current().url(f"/join/{token}")


def is_open(invitation: MemberInvitation) -> bool:
    """Whether the invitation can be accepted at this moment."""
    return invitation.accepted_at is None and invitation.revoked_at is None and invitation.expires_at > clock.now()
