"""Endpoints that are switched off by us, and the mail that tells the firm's admins."""

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Role
from recruiter.accounts.stream import Note, queue_note
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Change
from recruiter.webhooks.models import WebhookEndpoint


def switch_off(session: Session, endpoint: WebhookEndpoint, reason: str) -> None:
    """Send an endpoint nothing more until a person switches it on again; tell every admin of the firm by mail."""
    endpoint.disabled_at = endpoint.updated_at = clock.now()
    endpoint.disabled_reason = reason
    change = Change(action="webhook.switched_off", subject_id=endpoint.id, details={"reason": reason})
    audit.record(session, endpoint.firm_id, SYSTEM, change)
    note = _note(endpoint, reason)
    for member in accounts.members(session, endpoint.firm_id):
        if member.active and member.role is Role.ADMIN:
            queue_note(session, member, note)


def _note(endpoint: WebhookEndpoint, reason: str) -> Note:
    host = urlsplit(endpoint.url).hostname
    return Note(
        subject=f"The webhook to {host} is switched off",
        paragraphs=(
            f"The webhook to {host} was switched off: {reason}. Until it is switched on again it is told nothing.",
            "What happens meanwhile can be replayed afterwards. See its log, switch it on and replay here:",
            config.current().url(f"/settings/webhooks/{endpoint.id}"),
        ),
    )
