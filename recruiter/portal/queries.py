"""Reading what came back from candidates; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.db.parameters import FirmId
from recruiter.errors import NotFound
from recruiter.portal.models import Answer, ReplyDraft, Response, ResponseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which responses a list shows; what is None does not narrow it. ``since`` is aware and includes its moment."""

    candidate_id: uuid.UUID | None = None
    application_id: uuid.UUID | None = None
    kind: ResponseKind | None = None
    since: dt.datetime | None = None


def get(session: Session, firm_id: uuid.UUID, response_id: uuid.UUID) -> Response:
    """Return one response with its answer; raise ``NotFound`` for one that was taken back or never was."""
    found = session.scalar(_present(firm_id).where(Response.id == response_id))
    if found is None:
        raise NotFound("There is no such response.")
    return found


def find_draft(session: Session, firm_id: uuid.UUID, response_id: uuid.UUID) -> ReplyDraft | None:
    """Return the reply to a response that waits for its second reader or came back, or None."""
    query = sa.select(ReplyDraft).where(ReplyDraft.firm_id == firm_id, ReplyDraft.response_id == response_id)
    return session.scalar(query)


def page(session: Session, firm_id: uuid.UUID, filters: Filters, window: Window) -> Page[Response]:
    """Return one page of responses with their answers, oldest first."""
    query = _present(firm_id)
    for column, value in (
        (Response.candidate_id, filters.candidate_id),
        (Response.application_id, filters.application_id),
        (Response.kind, filters.kind),
    ):
        if value is not None:
            query = query.where(column == value)
    if filters.since is not None:
        query = query.where(Response.created_at >= filters.since)
    return keyset.page(session, query, (Response.created_at, Response.id), window)


def of_notices(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Sequence[Response]:
    """Return what came back about these notices with the answers, oldest first."""
    return session.scalars(
        _present(firm_id).where(Response.notice_id.in_(ids)).order_by(Response.created_at, Response.id)
    ).all()


def of_candidate(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Sequence[Response]:
    """Return everything that came back from one person with the answers, newest first."""
    return session.scalars(
        _present(firm_id).where(Response.candidate_id == candidate_id).order_by(Response.created_at.desc())
    ).all()


def is_unanswered(firm_id: FirmId) -> sa.ColumnElement[bool]:
    """Return the condition of what nobody answered and nobody took back."""
    answered = sa.select(Answer.id).where(Answer.firm_id == Response.firm_id, Answer.response_id == Response.id)
    return sa.and_(Response.firm_id == firm_id, Response.withdrawn_at.is_(None), ~answered.exists())


def find_thanks(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID) -> Response | None:
    """Return the thanks for one notice, unless they were taken back."""
    return session.scalar(
        _present(firm_id).where(Response.notice_id == notice_id, Response.kind == ResponseKind.THANKS)
    )


def count_since(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID, moment: dt.datetime) -> int:
    """Return how many responses came through one page since a moment, those taken back included."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Response)
            .where(Response.firm_id == firm_id, Response.notice_id == notice_id, Response.created_at >= moment)
        )
        or 0
    )


def get_answer(session: Session, firm_id: uuid.UUID, answer_id: uuid.UUID) -> Answer:
    """Return one answer, known to be there, with what it answers."""
    query = sa.select(Answer).where(Answer.firm_id == firm_id, Answer.id == answer_id)
    return session.scalars(query.options(joinedload(Answer.response))).one()


def _present(firm_id: uuid.UUID) -> sa.Select[Response]:
    return sa.select(Response).where(Response.firm_id == firm_id, Response.withdrawn_at.is_(None))
