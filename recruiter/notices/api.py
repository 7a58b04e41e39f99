"""Notices in the REST API: preview, queue, read, withdraw."""

import uuid
from typing import Any

from flask import Response

from recruiter.accounts import auth
from recruiter.accounts.models import Scope
from recruiter.notices import presentation, service, withdrawal
from recruiter.notices.queries import Filters
from recruiter.notices.schemas import (
    ContentBody,
    NoticeAnswer,
    NoticeBody,
    NoticesAnswer,
    NoticesQuery,
    PreviewAnswer,
    content_from,
    timing_from,
)
from recruiter.notices.service import PreviewStale, QueueNotice
from recruiter.notices.shown import Shown
from recruiter.notices.withdrawal import Withdraw
from recruiter.web import errors
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import window

blp = ApiBlueprint("notices", __name__, url_prefix="/notices", description="What tells a person a decision or a delay")
blp.before_request(auth.require_key)


@blp.errorhandler(PreviewStale)  # type: ignore[untyped-decorator]  # flask-smorest ships no types
def preview_stale(error: PreviewStale) -> Response:
    """Answer a stale preview with what would leave now."""
    return errors.answer(409, error.code, error.message, preview=presentation.preview_body(error.preview))


@blp.post("/preview")
@auth.scope(Scope.READ)
@blp.arguments(ContentBody)
@blp.response(200, PreviewAnswer)
def preview(body: dict[str, Any]) -> dict[str, Any]:
    """Show what would leave, what the checker says, and a token that stands for this preview for an hour."""
    sender = body.pop("sender", None)
    return presentation.preview_body(service.preview(auth.caller().firm_id, content_from(body), sender))


def _show(notice_id: uuid.UUID) -> dict[str, Any]:
    return _body(service.get(auth.caller().firm_id, notice_id))


@blp.post("")
@auth.scope(Scope.SEND)
@blp.arguments(NoticeBody)
@blp.response(201, NoticeAnswer)
@idempotent(_show)
def queue(body: dict[str, Any]) -> dict[str, Any]:
    """Queue a notice; it is held, then leaves in an hour that suits its reader, and can be withdrawn until then."""
    caller = auth.caller()
    command = QueueNotice(
        firm_id=caller.firm_id,
        actor=caller.actor,
        timing=timing_from(body),
        sender=body.pop("sender", None),
        preview_token=body.pop("preview_token", None),
        content=content_from(body),
    )
    return _body(service.queue(command))


@blp.get("")
@blp.arguments(NoticesQuery, location="query")
@blp.response(200, NoticesAnswer)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """List notices, newest first."""
    part = window(query)
    found = service.page(auth.caller().firm_id, Filters(**query), part)
    return {"items": [_body(shown) for shown in found.items], "next_cursor": found.next_cursor}


@blp.get("/<uuid:notice_id>")
@blp.etag
@blp.response(200, NoticeAnswer)
def show(notice_id: uuid.UUID) -> dict[str, Any]:
    """Read one notice; `feedback_url` is there for keys with the scope `send`."""
    return _show(notice_id)


@blp.post("/<uuid:notice_id>/withdraw")
@auth.scope(Scope.SEND)
@blp.response(200, NoticeAnswer)
@idempotent(_show)
def withdraw(notice_id: uuid.UUID) -> dict[str, Any]:
    """Take a notice back before any of it was handed over; the decision stays and the person waits again."""
    caller = auth.caller()
    return _body(withdrawal.withdraw(Withdraw(firm_id=caller.firm_id, actor=caller.actor, notice_id=notice_id)))


def _body(shown: Shown) -> dict[str, Any]:
    key = auth.caller().key
    return shown.as_dict(with_link=key is not None and Scope.SEND in key.scopes)
