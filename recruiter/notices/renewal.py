"""A link once more: revoked, or renewed and sent again; a new link always ends the old one."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications import queries as applications
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.db.session import transaction
from recruiter.errors import Conflict
from recruiter.notices import barriers, links, queries
from recruiter.notices.facts import PAGE_OPEN, get_case
from recruiter.notices.models import Notice, NoticeState, ReplacedLink
from recruiter.outbox import service as outbox
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage


class NotSent(Conflict):
    """Only the link of a notice that was sent can be renewed or revoked."""

    code = "not_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeLink:
    """A sent notice whose page closes."""

    firm_id: uuid.UUID
    actor: Actor
    notice_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLink:
    """A sent notice that goes out once more, with a new link."""

    firm_id: uuid.UUID
    actor: Actor
    notice_id: uuid.UUID


def revoke(command: RevokeLink) -> None:
    """Close the page of a sent notice at once. Raises ``NotFound`` or ``NotSent``."""
    with transaction(command.firm_id) as session:
        notice = _sent(session, command.firm_id, command.notice_id)
        queries.get_page(session, command.firm_id, notice.id).revoked_at = clock.now()
        audit.record_of(session, notice, command.actor, "notice.link_revoked")


def renew(command: RenewLink) -> None:
    """Make a new link, which ends the old one, open for 90 days, and mail the same letter with it now.

    Raises ``NotFound``, ``NotSent``, and the refusals of an address as ``barriers.refuse_address``.
    """
    firm_id, notice_id = command.firm_id, command.notice_id
    with transaction(firm_id) as session:
        notice = _sent(session, firm_id, notice_id)
        application = applications.get_application(session, firm_id, notice.application_id)
        barriers.refuse_address(session, application)
        page, now = queries.get_page(session, firm_id, notice_id), clock.now()
        session.add(ReplacedLink(firm_id=firm_id, token_hash=page.token_hash))
        page.version += 1
        page.token_hash = links.token_hash(page.id, page.version)
        page.expires_at, page.revoked_at = now + PAGE_OPEN, None
        sender = get_case(session, firm_id, notice.application_id).sender
        candidate = application.candidate
        new = NewMessage(
            stream=StreamKind.NOTICE,
            subject_id=notice_id,
            dedupe_key=f"notice:{notice_id}:link:{page.version}",
            recipient=Mailbox(candidate.name or "", candidate.email or ""),
            sender=Mailbox(sender.name, sender.email),
            due_at=now,
            candidate_id=candidate.id,
            payload={"link_version": page.version},
        )
        outbox.enqueue(session, firm_id, new)
        audit.record_of(session, notice, command.actor, "notice.link_renewed")


def _sent(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID) -> Notice:
    notice = queries.lock_notice(session, firm_id, notice_id)
    if notice.state is not NoticeState.SENT:
        raise NotSent("Only the link of a notice that was sent can be renewed or revoked.", state=notice.state)
    return notice
