"""The page on which somebody else reads a notice before it leaves, and lets it leave or gives it back."""

import uuid

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.errors import Conflict, Invalid, RuleBroken
from recruiter.notices import notice_page, second_reading, service
from recruiter.notices.reading_view import read
from recruiter.notices.schemas import SendBackForm
from recruiter.notices.second_reading import Release, SendBack
from recruiter.web import forms

pages = Blueprint("second_reader", __name__, url_prefix="/notices/<uuid:notice_id>")
pages.before_request(auth.require_member)


@pages.get("/read")
@auth.roles(*auth.WRITERS)
def show(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Show what would leave, to somebody who did not write it."""
    return _page(notice_id)


@pages.post("/release")
def release(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Let it leave."""
    caller = auth.caller()
    command = Release(firm_id=caller.firm_id, actor=caller.actor, draft_id=notice_id, seen=forms.seen(request.form))
    try:
        notice = second_reading.release(command).notice
    except (Conflict, RuleBroken) as error:
        flash(error.message, "error")
        return redirect(url_for("notices.show", notice_id=notice_id), 303)
    return _to_today(notice_page.queued(notice, auth.signed_in_member().firm.time_zone))


@pages.post("/return")
def send_back(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Give it back to whoever wrote it, with what to change."""
    caller = auth.caller()
    try:
        note = forms.load(SendBackForm, request.form)["note"]
        second_reading.send_back(SendBack(firm_id=caller.firm_id, actor=caller.actor, draft_id=notice_id, note=note))
    except Invalid as error:
        return _page(notice_id, forms.problems(error))
    except Conflict as error:
        return _to_today(error.message, "error")
    return _to_today("Sent back with your note.")


def _to_today(message: str, category: str = "message") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("desk.show"), 303)


def _page(notice_id: uuid.UUID, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    caller, mode = auth.caller(), notice_page.mode_in(request.args)
    draft = service.get(caller.firm_id, notice_id).notice
    if not draft.awaits_reader:
        return redirect(url_for("notices.show", notice_id=notice_id))
    try:
        view = read(caller.firm_id, draft, mode)
    except Invalid as error:
        flash(f"This cannot leave as it is. {' '.join(forms.problems(error).values())}", "error")
        return redirect(url_for("desk.show"))
    is_own = draft.asked_by_id == caller.actor.member_id
    page = render_template(
        "pages/notices/read.html",
        reading=view,
        draft=draft,
        tabs=notice_page.mode_tabs(mode),
        is_own=is_own,
        errors=errors or {},
    )
    return make_response(page, 422 if errors else 200)
