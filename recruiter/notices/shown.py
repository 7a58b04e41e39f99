"""A notice as it is seen from outside: its row, its message, its page and its points read together."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.accounts.models import Member
from recruiter.feedback.models import FeedbackPoint
from recruiter.feedback.points import as_feedback
from recruiter.notices import links
from recruiter.notices.models import FeedbackPage, Notice, NoticeState
from recruiter.outbox.models import Message, MessageState
from recruiter.policies.values import FeedbackMode
from recruiter.texts.models import Template, TemplateVersion


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice with what belongs to it; ``page``, ``message``, ``sender`` and ``template`` may be missing."""

    notice: Notice
    message: Message | None
    page: FeedbackPage | None
    points: Sequence[FeedbackPoint]
    sender: Member | None
    template: str | None
    reader: Member | None = None

    @property
    def state(self) -> NoticeState:
        """The state as it is seen: ``leaving`` is a held notice whose message was or is being tried."""
        if self.notice.state is NoticeState.HELD and is_leaving(self.message):
            return NoticeState.LEAVING
        return self.notice.state

    @property
    def next_try_at(self) -> dt.datetime | None:
        """When a message that was tried is tried again, or None; UTC."""
        message = self.message
        waits = message is not None and message.state is MessageState.QUEUED and message.times_tried > 0
        return message.due_at if message is not None and waits else None

    @property
    def mode(self) -> FeedbackMode | None:
        """How much the person might be told when this was queued; None for a draft and after an erasure."""
        mode = self._policy.get("feedback_mode")
        return FeedbackMode(mode) if mode else None

    @property
    def _policy(self) -> dict[str, Any]:
        policy: dict[str, Any] = self.notice.data.get("policy", {})
        return policy

    def as_dict(self, *, with_link: bool) -> dict[str, Any]:
        """Return what the API answers; the link that works only ``with_link``, and only while it may be opened."""
        notice = self.notice
        values: dict[str, Any] = {name: getattr(notice, name) for name in _COLUMNS}
        values |= {
            "state": self.state,
            "corrects": notice.corrects_id,
            "outcome_context": notice.data.get("contexts", []),
            "template": self.template,
            "feedback": as_feedback(self.points).as_dict(),
            "sender": self.sender.email if self.sender else None,
            "read_by": self.reader.email if self.reader else None,
            "next_try_at": self.next_try_at,
            "message_id": self.message.message_id if self.message else None,
            "problem": problem(notice),
            "feedback_mode": self.mode,
            "feedback_mode_because": self._policy.get("because"),
        }
        if with_link and self.page is not None and self.page.revoked_at is None:
            values["feedback_url"] = links.url(self.page)
        return values


_COLUMNS = (
    "id",
    "application_id",
    "candidate_id",
    "kind",
    "round",
    "version",
    "outcome_code",
    "reason",
    "findings",
    "promised_on",
    "timing",
    "send_at",
    "late_reason",
    "leaves_at",
    "sent_at",
    "withdrawn_at",
    "delivery",
    "created_at",
    "updated_at",
)


def is_leaving(message: Message | None) -> bool:
    """Whether a message was or is being tried, so that its notice has begun to leave."""
    return message is not None and message.times_tried > 0


def problem(notice: Notice) -> dict[str, str] | None:
    """Return why the notice did not leave, as a code and a sentence, or None."""
    if notice.problem_code is None:
        return None
    return {"code": notice.problem_code, "detail": notice.problem_detail or ""}


def show(session: Session, firm_id: uuid.UUID, notices: Sequence[Notice]) -> list[Shown]:
    """Return notices with what belongs to them, in the same order; five queries, however many there are."""
    ids = [notice.id for notice in notices]
    messages = _by_id(session, firm_id, Message, (notice.message_id for notice in notices))
    members = _by_id(session, firm_id, Member, (key for each in notices for key in (each.sender_id, each.read_by_id)))
    slugs = _slugs(session, firm_id, (notice.template_version_id for notice in notices))
    pages = _rows(session, firm_id, FeedbackPage, ids)
    points = _rows(session, firm_id, FeedbackPoint, ids)
    return [
        Shown(
            notice,
            messages.get(notice.message_id),
            next((page for page in pages if page.notice_id == notice.id), None),
            [point for point in points if point.notice_id == notice.id],
            members.get(notice.sender_id),
            slugs.get(notice.template_version_id),
            members.get(notice.read_by_id),
        )
        for notice in notices
    ]


def _by_id(session: Session, firm_id: uuid.UUID, row: Any, ids: Iterable[uuid.UUID | None]) -> dict[Any, Any]:
    query = sa.select(row).where(row.firm_id == firm_id, row.id.in_([each for each in ids if each]))
    return {found.id: found for found in session.scalars(query)}


def _slugs(session: Session, firm_id: uuid.UUID, ids: Iterable[uuid.UUID | None]) -> dict[Any, str]:
    query = (
        sa.select(TemplateVersion.id, Template.slug)
        .join(Template, sa.and_(Template.firm_id == firm_id, Template.id == TemplateVersion.template_id))
        .where(TemplateVersion.firm_id == firm_id, TemplateVersion.id.in_([each for each in ids if each]))
    )
    return {row.id: row.slug for row in session.execute(query)}


def _rows(session: Session, firm_id: uuid.UUID, row: Any, ids: list[uuid.UUID]) -> list[Any]:
    query = sa.select(row).where(row.firm_id == firm_id, row.notice_id.in_(ids))
    return list(session.scalars(query.order_by(row.position) if row is FeedbackPoint else query))
