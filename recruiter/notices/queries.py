"""Reading notices and their feedback pages; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.db import keyset
from recruiter.db.parameters import FIRM
from recruiter.errors import NotFound
from recruiter.jobs.models import Job
from recruiter.notices.models import OUTCOME_KINDS, FeedbackPage, Notice, NoticeKind, NoticeState, ReplacedLink
from recruiter.outbox.models import Message
from recruiter.texts.models import Template, TemplateVersion

Found = TypeVar("Found", Notice, FeedbackPage)

Case = tuple[Notice, FeedbackPage, Application]

_WAS_TRIED = Message.attempts > Message.tried_before  # since it was queued, or sent again

# States in which an outcome notice counts as the one of its round.
COUNTED = (NoticeState.HELD, NoticeState.LEAVING, NoticeState.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which notices a list shows; what is None does not narrow it."""

    application_id: uuid.UUID | None = None
    candidate_id: uuid.UUID | None = None
    kind: NoticeKind | None = None
    state: NoticeState | None = None


def get_notice(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID) -> Notice:
    """Return the notice, or raise ``NotFound``."""
    return _found(session.scalar(_one(firm_id, notice_id)))


def lock_notice(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID) -> Notice:
    """Return the notice as it is now and make other changes of it wait until this transaction ends; or ``NotFound``."""
    query = _one(firm_id, notice_id).with_for_update().execution_options(populate_existing=True)
    return _found(session.scalar(query))


def lock_notices(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Notice]:
    """Return these notices by id and make other changes of them wait; all who do so wait in one order."""
    query = sa.select(Notice).where(Notice.firm_id == firm_id, Notice.id.in_(ids)).order_by(Notice.id)
    return {notice.id: notice for notice in session.scalars(query.with_for_update())}


def pages(
    session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[Notice, FeedbackPage]]:
    """Return these queued notices by id, each with its page."""
    query = (
        sa.select(Notice, FeedbackPage)
        .join(FeedbackPage, sa.and_(FeedbackPage.firm_id == firm_id, FeedbackPage.notice_id == Notice.id))
        .where(Notice.firm_id == firm_id, Notice.id.in_(ids))
    )
    return {notice.id: (notice, page) for notice, page in session.execute(query)}


def cases(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Case]:
    """Return these queued notices by id, each with its page and its application with person, addresses and job."""
    query = (
        sa.select(Notice, FeedbackPage, Application)
        .join(FeedbackPage, sa.and_(FeedbackPage.firm_id == firm_id, FeedbackPage.notice_id == Notice.id))
        .join(Application, sa.and_(Application.firm_id == firm_id, Application.id == Notice.application_id))
        .where(Notice.firm_id == firm_id, Notice.id.in_(ids))
        .options(*applications.PERSON, joinedload(Application.job).lazyload(Job.requirements))
    )
    return {notice.id: (notice, page, application) for notice, page, application in session.execute(query)}


def lock_cases(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Case]:
    """Do as ``cases``, and make other changes of the applications and notices wait; who calls this holds the people."""
    about = sa.select(Notice.application_id).where(Notice.firm_id == firm_id, Notice.id.in_(ids))
    applications.lock_all(session, firm_id, session.scalars(about).all())
    lock_notices(session, firm_id, ids)
    return cases(session, firm_id, ids)


def living(session: Session, firm_id: uuid.UUID, application_ids: Collection[uuid.UUID]) -> list[Notice]:
    """Return the notices about these applications that wait, leave or were sent, of every kind and round."""
    about = sa.and_(Notice.firm_id == firm_id, Notice.application_id.in_(application_ids))
    return list(session.scalars(sa.select(Notice).where(about, Notice.state.in_(COUNTED))))


def lock_draft(session: Session, firm_id: uuid.UUID, draft_id: uuid.UUID, application_id: uuid.UUID) -> Notice:
    """Return a draft for an application and make other changes of it wait; raise ``NotFound`` once it is none."""
    query = _one(firm_id, draft_id).where(Notice.application_id == application_id, Notice.state == NoticeState.DRAFT)
    return _found(session.scalar(query.with_for_update()))


def page_of_notices(
    session: Session, firm_id: uuid.UUID, filters: Filters, window: keyset.Window
) -> keyset.Page[Notice]:
    """Return one page of the firm's notices, newest first."""
    query = sa.select(Notice).where(Notice.firm_id == firm_id)
    for column, value in (
        (Notice.application_id, filters.application_id),
        (Notice.candidate_id, filters.candidate_id),
        (Notice.kind, filters.kind),
    ):
        if value is not None:
            query = query.where(column == value)
    if filters.state is not None:
        query = query.where(_is_seen_as(filters.state))
    return keyset.page(session, query, (Notice.created_at, Notice.id), window, newest_first=True)


def find_earlier(session: Session, application: Application, kind: NoticeKind) -> Notice | None:
    """Return the notice that tells already what one of this kind would tell in this round; a correction has none."""
    if kind is NoticeKind.CORRECTION:
        return None
    find = find_outcome if kind in OUTCOME_KINDS else find_waiting_update
    return find(session, application.firm_id, application.id, application.round)


def find_outcome(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID, round_: int) -> Notice | None:
    """Return the outcome notice that counts for an application and round, or None."""
    return session.scalar(_outcome(), {"firm_id": firm_id, "application_id": application_id, "round": round_})


def find_waiting_update(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID, round_: int) -> Notice | None:
    """Return an update about an application and round that has not left yet, or None."""
    return session.scalar(
        sa.select(Notice)
        .where(
            Notice.firm_id == firm_id,
            Notice.application_id == application_id,
            Notice.round == round_,
            Notice.kind == NoticeKind.UPDATE,
            Notice.state == NoticeState.HELD,
        )
        .limit(1)
    )


def corrections(
    session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID, states: Collection[NoticeState] = (NoticeState.SENT,)
) -> Sequence[Notice]:
    """Return the corrections of a notice in these states, in the order of their versions."""
    return session.scalars(
        sa.select(Notice)
        .where(Notice.firm_id == firm_id, Notice.corrects_id == notice_id, Notice.state.in_(states))
        .order_by(Notice.version)
    ).all()


def find_draft(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> Notice | None:
    """Return the newest draft for an application, or None."""
    return session.scalar(
        sa.select(Notice)
        .where(Notice.firm_id == firm_id, Notice.application_id == application_id, Notice.state == NoticeState.DRAFT)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(1)
    )


def is_being_read(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID, kind: NoticeKind) -> bool:
    """Say whether a draft of this kind waits for its second reader, whatever was begun after it."""
    waiting = sa.select(Notice.id).where(
        Notice.firm_id == firm_id,
        Notice.application_id == application_id,
        Notice.kind == kind,
        Notice.state == NoticeState.DRAFT,
        Notice.asked_at.is_not(None),
    )
    return session.scalar(waiting.limit(1)) is not None


def sent_message_ids(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> list[str]:
    """Return the Message-IDs of what was sent about an application, oldest first, for threading."""
    return list(session.scalars(_sent(), {"firm_id": firm_id, "application_id": application_id}))


def count_by_template(session: Session, firm_id: uuid.UUID, since: dt.datetime) -> dict[uuid.UUID, int]:
    """Return how many notices left since a moment (aware) with each template, by the template's id."""
    query = (
        sa.select(TemplateVersion.template_id, sa.func.count())
        .join(
            Notice,
            sa.and_(Notice.firm_id == TemplateVersion.firm_id, Notice.template_version_id == TemplateVersion.id),
        )
        .where(Notice.firm_id == firm_id, Notice.sent_at >= since)
        .group_by(TemplateVersion.template_id)
    )
    return dict(session.execute(query).all())


def find_slug(session: Session, firm_id: uuid.UUID, version_id: uuid.UUID | None) -> str | None:
    """Return the slug of the template that a version belongs to, or None without a version."""
    return session.scalar(
        sa.select(Template.slug)
        .join(TemplateVersion, TemplateVersion.template_id == Template.id)
        .where(Template.firm_id == firm_id, TemplateVersion.firm_id == firm_id, TemplateVersion.id == version_id)
    )


def get_page(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID) -> FeedbackPage:
    """Return the feedback page of a notice, or raise ``NotFound`` while it is a draft."""
    return _found(
        session.scalar(
            sa.select(FeedbackPage).where(FeedbackPage.firm_id == firm_id, FeedbackPage.notice_id == notice_id)
        )
    )


def get_page_by_hash(session: Session, firm_id: uuid.UUID, token_hash: str) -> FeedbackPage:
    """Return the page that a link's SHA-256 belongs to, expired and revoked ones too, or raise ``NotFound``."""
    return _found(
        session.scalar(
            sa.select(FeedbackPage).where(FeedbackPage.firm_id == firm_id, FeedbackPage.token_hash == token_hash)
        )
    )


def is_replaced(session: Session, firm_id: uuid.UUID, token_hash: str) -> bool:
    """Whether this SHA-256 is that of a link which a newer one ended."""
    query = sa.select(ReplacedLink.id).where(ReplacedLink.firm_id == firm_id, ReplacedLink.token_hash == token_hash)
    return session.scalar(query) is not None


def is_open(page: FeedbackPage, now: dt.datetime) -> bool:
    """Whether the page's link opens the letter at ``now`` (aware)."""
    return page.revoked_at is None and now < page.expires_at


@cache
def _outcome() -> sa.Select[Notice]:
    return sa.select(Notice).where(
        Notice.firm_id == FIRM,
        Notice.application_id == sa.bindparam("application_id"),
        Notice.round == sa.bindparam("round"),
        Notice.kind.in_(OUTCOME_KINDS),
        Notice.state.in_(COUNTED),
    )


@cache
def _sent() -> sa.Select[str]:
    is_about = Notice.application_id == sa.bindparam("application_id")
    return (
        sa.select(Message.message_id)
        .join(Notice, sa.and_(Notice.firm_id == Message.firm_id, Notice.message_id == Message.id))
        .where(Notice.firm_id == FIRM, is_about, Notice.state == NoticeState.SENT)
        .order_by(Notice.sent_at, Notice.id)
    )


def _is_seen_as(state: NoticeState) -> sa.ColumnElement[bool]:
    """Return the condition of a state as it is seen: what leaves is kept as held, and its message was tried."""
    tried = sa.exists().where(Message.firm_id == Notice.firm_id, Message.id == Notice.message_id, _WAS_TRIED)
    if state is NoticeState.LEAVING:
        return sa.and_(Notice.state == NoticeState.HELD, tried)
    if state is NoticeState.HELD:
        return sa.and_(Notice.state == NoticeState.HELD, ~tried)
    return Notice.state == state


def _one(firm_id: uuid.UUID, notice_id: uuid.UUID) -> sa.Select[Notice]:
    return sa.select(Notice).where(Notice.firm_id == firm_id, Notice.id == notice_id)


def _found(row: Found | None) -> Found:
    if row is None:
        raise NotFound("This notice is not here.")
    return row
