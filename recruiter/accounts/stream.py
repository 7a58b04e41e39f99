"""Mail about accounts: the invitation, the link for a forgotten password, notes for members and admins."""

import datetime as dt
import enum
import functools
import html
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.accounts import links, queries
from recruiter.accounts.models import Firm, Member, MemberInvitation
from recruiter.db.base import new_id
from recruiter.outbox import service as outbox
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, StreamKind
from recruiter.outbox.service import NewMessage
from recruiter.outbox.streams import Content, Outcome, Stop, Writer


class Kind(enum.StrEnum):
    """What a message of this stream is; ``subject_id`` is an invitation's for the first, else a member's."""

    INVITATION = "invitation"
    RESET = "reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of mail
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that an admin has to know: plain paragraphs; one that is an address of ours becomes a link."""

    subject: str
    paragraphs: Sequence[str]


def queue_invitation(session: Session, firm: Firm, invitation: MemberInvitation, inviter: Member) -> None:
    """Queue the mail with the link; answers go to the member who invites."""
    new = NewMessage(
        stream=StreamKind.ACCOUNT,
        subject_id=invitation.id,
        dedupe_key=f"invitation:{invitation.id}",
        recipient=Mailbox("", invitation.email),
        sender=Mailbox(inviter.name, inviter.email),
        due_at=clock.now(),
        not_after=invitation.expires_at,
        payload={"kind": Kind.INVITATION, "inviter": inviter.name},
    )
    outbox.enqueue(session, firm.id, new)


def queue_reset(session: Session, member: Member, token: str, lasts: dt.timedelta) -> None:
    """Queue the mail with the link for a new password; the token is dropped when the mail has left or failed."""
    payload = {"kind": Kind.RESET, "token": token, "hours": int(lasts.total_seconds() // 3600)}
    _queue_for(session, member, payload, clock.now() + lasts)


def queue_password_changed(session: Session, member: Member) -> None:
    """Queue the note that the password was changed, for the person who did not do it."""
    _queue_for(session, member, {"kind": Kind.PASSWORD_CHANGED}, None)


def queue_note(session: Session, member: Member, note: Note) -> None:
    """Queue a note about the installation for one member; it loses its sense after a week."""
    payload: dict[str, object] = {"kind": Kind.NOTE, "subject": note.subject, "paragraphs": list(note.paragraphs)}
    _queue_for(session, member, payload, clock.now() + dt.timedelta(days=7))


class AccountStream:
    """Decides and words what leaves about accounts."""

    resends_when_in_doubt = True

    def may_leave(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
        """Stop what has lost its sense: an invitation that is no longer open, a member who may not come in."""
        found = {message.id: self._stop(session, message) for message in messages}
        return {key: stop for key, stop in found.items() if stop is not None}

    def writers(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Writer]:
        """Word each mail in plain paragraphs around at most one link."""
        firm = queries.get_firm(session, messages[0].firm_id)
        return {message.id: functools.partial(_worded, firm, message) for message in messages}

    def settled(self, session: Session, messages: Sequence[Message], outcome: Outcome) -> None:
        """Drop the token of a link for a new password once it will not be sent again."""
        over = outcome in {Outcome.ACCEPTED, Outcome.CANCELLED} or outcome.is_failure
        resets = [message for message in messages if over and _kind(message) is Kind.RESET]
        if resets:
            session.execute(
                sa.update(Message)
                .where(Message.firm_id == resets[0].firm_id, Message.id.in_([message.id for message in resets]))
                .values(payload={"kind": Kind.RESET})
            )

    def _stop(self, session: Session, message: Message) -> Stop | None:
        if _kind(message) is Kind.INVITATION:
            invitation = queries.get_invitation(session, message.firm_id, message.subject_id)
            return None if links.is_open(invitation) else Stop("ended", "The invitation is no longer open.")
        member = queries.get_member(session, message.firm_id, message.subject_id)
        return None if member.active else Stop("inactive", "This member does not sign in any more.")


def _queue_for(session: Session, member: Member, payload: dict[str, object], not_after: dt.datetime | None) -> None:
    firm = queries.get_firm(session, member.firm_id)
    new = NewMessage(
        stream=StreamKind.ACCOUNT,
        subject_id=member.id,
        dedupe_key=f"{payload['kind']}:{new_id()}",
        recipient=Mailbox(member.name, member.email),
        sender=Mailbox(firm.name, ""),
        due_at=clock.now(),
        not_after=not_after,
        payload=payload,
    )
    outbox.enqueue(session, firm.id, new)


def _kind(message: Message) -> Kind:
    return Kind((message.payload or {})["kind"])


def _worded(firm: Firm, message: Message) -> Content:
    payload = message.payload or {}
    if _kind(message) is Kind.INVITATION:
        return _invitation(firm, payload["inviter"], links.invitation_token(message.subject_id))
    if _kind(message) is Kind.RESET:
        return _reset(firm, payload["token"], payload["hours"])
    if _kind(message) is Kind.NOTE:
        return _content(payload["subject"], payload["paragraphs"])
    return _password_changed(firm)


def _invitation(firm: Firm, inviter: str, token: str) -> Content:
    paragraphs = [
        f"{inviter} invites you to join {firm.name}, where candidates are told how it went, and why.",
        "Open this page to choose your password. The link works once, for seven days.",
        links.invitation_url(token),
        "If you do not know what this is about, you can leave it be: nothing happens without the link.",
    ]
    return _content(f"{inviter} invites you to {firm.name}", paragraphs, token)


def _reset(firm: Firm, token: str, hours: int) -> Content:
    paragraphs = [
        f"Somebody, probably you, asked for a new password for {firm.name}.",
        f"Open this page to choose it. The link works once, for {hours} hours.",
        config.current().url(f"/reset-password/{token}"),
        "If it was not you, you can leave this be: your password stays as it is.",
    ]
    return _content("Choose a new password", paragraphs, token)


def _password_changed(firm: Firm) -> Content:
    paragraphs = [
        f"The password with which you sign in to {firm.name} was changed just now, and every other session was ended.",
        "If it was not you, ask for a new password on this page at once and tell an admin of your firm.",
        config.current().url("/reset-password"),
    ]
    return _content("Your password was changed", paragraphs)


def _content(subject: str, paragraphs: list[str], *secrets: str) -> Content:
    return Content(
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        html="".join(f"<p>{_paragraph(text)}</p>\n" for text in paragraphs),
        secrets=secrets,
        is_automatic=True,
    )


def _paragraph(text: str) -> str:
    escaped = html.escape(text)
    return f'<a href="{escaped}">{escaped}</a>' if text.startswith(config.current().base_url) else escaped
