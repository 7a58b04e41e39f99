"""Links by which a person becomes a member: derived, never kept."""

import uuid

from recruiter import clock, config
from recruiter.accounts.models import MemberInvitation

_PURPOSE = "recruiter/invitation-link/1"


def invitation_token(invitation_id: uuid.UUID) -> str:
    """Return the token of an invitation's link: 256 bits, the same at each call, so that a mail can be built again."""
    return config.current().token(_PURPOSE, invitation_id.bytes)


def invitation_url(token: str) -> str:
    """Return the public address of the page on which an invitation is accepted."""
    return config.current().url(f"/join/{token}")


def is_open(invitation: MemberInvitation) -> bool:
    """Whether the invitation can be accepted at this moment."""
    return invitation.accepted_at is None and invitation.revoked_at is None and invitation.expires_at > clock.now()
