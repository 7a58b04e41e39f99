"""The stream of copies: a member reads a template in their own mail before anybody else does."""

import functools
import uuid
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Member
from recruiter.db.base import new_id
from recruiter.outbox import service as outbox
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, StreamKind
from recruiter.outbox.service import NewMessage
from recruiter.outbox.streams import Content, Outcome, Stop, Writer
from recruiter.texts.models import TemplateVersion
from recruiter.texts.rendering import Mail


def queue_copy(session: Session, member: Member, version: TemplateVersion, mail: Mail) -> None:
    """Queue a filled version for the member's own address, as it is now; its subject says that it is a copy."""
    firm = accounts.get_firm(session, member.firm_id)
    new = NewMessage(
        stream=StreamKind.COPY,
        subject_id=version.id,
        dedupe_key=f"copy:{new_id()}",
        recipient=Mailbox(member.name, member.email),
        sender=Mailbox(firm.name, ""),
        due_at=clock.now(),
        payload={"member_id": str(member.id), **asdict(mail), "subject": f"Copy: {mail.subject}"},
    )
    outbox.enqueue(session, firm.id, new)


class CopyStream:
    """Sends what was filled when the member asked."""

    resends_when_in_doubt = True

    def may_leave(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
        """Stop for a member who does not sign in any more."""
        members = {each.id: each for each in accounts.members(session, messages[0].firm_id)}
        return {
            message.id: Stop("inactive", "This member does not sign in any more.")
            for message in messages
            if not members[_member_id(message)].active
        }

    def writers(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Writer]:
        """Hand over the words that were kept."""
        del session
        return {message.id: functools.partial(_content, message) for message in messages}

    def settled(self, session: Session, messages: Sequence[Message], outcome: Outcome) -> None:
        """Keep nothing: the message row itself says how far the mail came."""


def _member_id(message: Message) -> uuid.UUID:
    return uuid.UUID((message.payload or {})["member_id"])


def _content(message: Message) -> Content:
    kept = message.payload or {}
    return Content(subject=kept["subject"], text=kept["text"], html=kept["html"], is_automatic=True)
