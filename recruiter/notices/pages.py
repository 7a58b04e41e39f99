"""The composer and the page of one notice: full forms that work without a script."""

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from recruiter.notices import composer, drafts, notice_page, renewal, second_reading, service, withdrawal, writing
from recruiter.notices.composer import Sheet
from recruiter.notices.composer_page import Place, context, stop, unsigned
from recruiter.notices.drafts import DiscardDraft, SaveDraft
from recruiter.notices.facts import NobodySigns
from recruiter.notices.models import Notice, NoticeKind, NoticeState
from recruiter.notices.renewal import RenewLink, RevokeLink
from recruiter.notices.schemas import OverrideForm
from recruiter.notices.service import MustFix, NeedsReader, QueueNotice
from recruiter.notices.trail import Trail
from recruiter.notices.withdrawal import Withdraw
from recruiter.notices.writing import Desk, Wanted
from recruiter.web import forms

pages = Blueprint("notices", __name__)
pages.before_request(auth.require_member)


@pages.errorhandler(NobodySigns)
def nobody_signs(error: NobodySigns) -> ResponseReturnValue:
    """Say instead of the composer that nobody would sign, and where that is mended."""
    return render_template("pages/notices/stopped.html", stop=unsigned(error)), 409


@pages.get("/notices/new")
@auth.roles(*auth.WRITERS)
def new() -> ResponseReturnValue:
    """Open the composer for an application, prefilled; go on with a draft that was begun."""
    firm_id, wanted = auth.caller().firm_id, _wanted()
    draft = writing.find_begun(firm_id, wanted.application_id)
    if draft is not None and wanted.goes_on_with(draft):
        return redirect(_url(draft.id))
    desk = writing.lay_out(firm_id, wanted)
    if desk.earlier is not None:
        flash("There is a notice about this already.")
        return redirect(_url(desk.earlier.id))
    return _open(desk, wanted)


@pages.post("/notices/new")
def write() -> ResponseReturnValue:
    """Do what the pressed button says with what was typed."""
    return _press(_wanted())


@pages.post("/notices/preview")
def preview() -> ResponseReturnValue:
    """Answer the paper and the findings for what was typed so far; keeps nothing."""
    firm_id, typed, wanted = auth.caller().firm_id, _typed(), _wanted()
    sheet = writing.filled(firm_id, wanted, typed)
    desk = writing.lay_out(firm_id, wanted, sheet)
    shown = context(desk, _place(wanted)) | {"is_filled": sheet != typed}
    return render_template("pages/notices/_preview.html", compose=shown)


@pages.get("/notices/<uuid:notice_id>")
@auth.roles(*auth.EVERYONE)
def show(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Show a draft in the composer to who writes, and any other notice as it goes or went, with what became of it."""
    firm_id, writes = auth.caller().firm_id, auth.signed_in_member().role in auth.WRITERS
    shown = service.get(firm_id, notice_id)
    auth.require_privacy_request(shown.notice.candidate_id)
    if shown.state is NoticeState.DRAFT:
        return _write_on(shown.notice, writes=writes)
    view = notice_page.read(firm_id, shown, notice_page.mode_in(request.args), writes=writes)
    return render_template("pages/notices/notice.html", notice=view)


@pages.post("/notices/<uuid:notice_id>")
def write_on(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Do what the pressed button says with what was typed in a draft."""
    shown = service.get(auth.caller().firm_id, notice_id)
    if shown.state is not NoticeState.DRAFT:
        flash("This notice was queued already. Nothing was changed.", "error")
        return redirect(_url(notice_id), 303)
    return _press(_in_draft(shown.notice))


@pages.post("/notices/<uuid:notice_id>/discard")
def discard(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    caller = auth.caller()
    drafts.discard(DiscardDraft(firm_id=caller.firm_id, actor=caller.actor, draft_id=notice_id))
    flash("Draft discarded.")
    return redirect(url_for("desk.show"), 303)


@pages.post("/notices/<uuid:notice_id>/withdraw")
def withdraw(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Take a held notice back and open the composer again with everything that was in it."""
    caller = auth.caller()
    try:
        notice = withdrawal.withdraw(Withdraw(firm_id=caller.firm_id, actor=caller.actor, notice_id=notice_id)).notice
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for("notices.show", notice_id=notice_id), 303)
    flash("Taken back. Nothing was sent.")
    return redirect(_trail().url(notice.application_id, copy=str(notice_id)), 303)


@pages.post("/notices/<uuid:notice_id>/link")
def renew_link(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Send the letter again with a new link; the old one ends."""
    caller = auth.caller()
    try:
        renewal.renew(RenewLink(firm_id=caller.firm_id, actor=caller.actor, notice_id=notice_id))
    except (Conflict, RuleBroken) as error:
        flash(error.message, "error")
    else:
        flash("A mail with a new link is on its way. The old link no longer works.")
    return redirect(url_for("notices.show", notice_id=notice_id), 303)


@pages.post("/notices/<uuid:notice_id>/revoke")
def revoke_link(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Close the candidate's page."""
    caller = auth.caller()
    renewal.revoke(RevokeLink(firm_id=caller.firm_id, actor=caller.actor, notice_id=notice_id))
    flash("The link no longer works.")
    return redirect(url_for("notices.show", notice_id=notice_id), 303)


def _press(wanted: Wanted) -> ResponseReturnValue:
    sheet = writing.filled(auth.caller().firm_id, wanted, _typed())
    button = request.form.get("do", "check")
    if button in {"send", "override"}:
        return _send(wanted, sheet)
    desk = writing.lay_out(auth.caller().firm_id, wanted, sheet)
    if button == "save":
        return _save(wanted, desk)
    pressed = composer.press(sheet, button, desk.composed.findings, desk.panel)
    return _show(writing.lay_out(auth.caller().firm_id, wanted, pressed), wanted)


def _send(wanted: Wanted, sheet: Sheet) -> ResponseReturnValue:
    caller = auth.caller()
    try:
        content = writing.strict(sheet, wanted)
        command = QueueNotice(
            firm_id=caller.firm_id,
            actor=caller.actor,
            content=content,
            timing=writing.when(caller.firm_id, wanted, sheet),
            draft_id=wanted.draft_id,
            override_reason=_override_reason(),
            shown=forms.shown(request.form),
        )
        notice = service.queue(command).notice
    except NeedsReader:
        return _ask(wanted, sheet, _override_reason())
    except (Conflict, RuleBroken) as error:
        return _refused(wanted, sheet, error)
    firm = auth.signed_in_member().firm
    flash(notice_page.queued(notice, firm.time_zone), "held" if firm.hold_minutes else "message")
    return redirect(_trail().after(wanted.application_id, notice.candidate_id), 303)


def _override_reason() -> str:
    """Return why what must be fixed is sent all the same; raise ``Invalid`` where that is not said."""
    if request.form.get("do") != "override":
        return ""
    return str(forms.load(OverrideForm, request.form)["override_reason"])


def _refused(wanted: Wanted, sheet: Sheet, error: Conflict | RuleBroken) -> ResponseReturnValue:
    """Show the form again with what was typed, and say why nothing was queued."""
    desk = writing.lay_out(auth.caller().firm_id, wanted, sheet)
    place = _place(wanted)
    if isinstance(error, Invalid):
        place = replace(place, errors=error.errors)
    elif not isinstance(error, MustFix):
        place = replace(place, problem=error.message)
    page = render_template("pages/notices/compose.html", compose=context(desk, place))
    return make_response(page, 409 if isinstance(error, Conflict) else 422)


def _save(wanted: Wanted, desk: Desk) -> ResponseReturnValue:
    try:
        draft = drafts.save(_draft(wanted, desk))
    except (Conflict, Invalid) as error:
        return _refused(wanted, desk.sheet, error)
    flash("Draft saved.")
    return redirect(_url(draft.id), 303)


def _ask(wanted: Wanted, sheet: Sheet, override_reason: str) -> ResponseReturnValue:
    """Let what could not be queued by its writer alone wait for a second reader."""
    desk = writing.lay_out(auth.caller().firm_id, wanted, sheet)
    try:
        draft = second_reading.ask(replace(_draft(wanted, desk), override_reason=override_reason))
    except Conflict as error:
        return _refused(wanted, sheet, error)
    flash("It waits for a second reader, on the Today of everybody else who writes.")
    return redirect(_trail().after(wanted.application_id, draft.candidate_id), 303)


def _draft(wanted: Wanted, desk: Desk) -> SaveDraft:
    caller = auth.caller()
    return SaveDraft(
        firm_id=caller.firm_id,
        actor=caller.actor,
        content=writing.loose(desk.sheet, wanted, desk.templates),
        timing=desk.timing,
        kept=desk.sheet.kept,
        draft_id=wanted.draft_id,
        seen=forms.seen(request.form),
    )


def _write_on(draft: Notice, *, writes: bool) -> ResponseReturnValue:
    if not writes:
        raise Forbidden("Your role does not include this. Nobody was told what is in a draft.")
    wanted = _in_draft(draft)
    return _open(writing.lay_out(draft.firm_id, wanted), wanted)


def _open(desk: Desk, wanted: Wanted) -> ResponseReturnValue:
    """Show the composer, or instead of it what keeps this person from being written to."""
    if desk.barrier is not None:
        return make_response(render_template("pages/notices/stopped.html", stop=stop(desk), zone=desk.case.zone), 409)
    return _show(desk, wanted)


def _show(desk: Desk, wanted: Wanted) -> ResponseReturnValue:
    return make_response(render_template("pages/notices/compose.html", compose=context(desk, _place(wanted))))


def _typed() -> Sheet:
    return composer.read(request.form.to_dict(flat=False))


def _wanted() -> Wanted:
    """Return what the address asks for; raise ``NotFound`` when it names no application."""
    application_id = request.args.get("application", type=uuid.UUID)
    if application_id is None:
        raise NotFound("Open the composer from a person or from Today.")
    return Wanted(
        application_id=application_id,
        kind=request.args.get("kind", type=NoticeKind),
        copy_id=request.args.get("copy", type=uuid.UUID),
        corrects_id=request.args.get("corrects", type=uuid.UUID),
    )


def _in_draft(draft: Notice) -> Wanted:
    return Wanted(application_id=draft.application_id, draft_id=draft.id, corrects_id=draft.corrects_id)


def _place(wanted: Wanted) -> Place:
    own = {"application": str(wanted.application_id), "corrects": str(wanted.corrects_id or "")}
    values: dict[str, Any] = {name: value for name, value in (own | _trail().query()).items() if value}
    return Place(
        trail=_trail(),
        url=_url(wanted.draft_id) if wanted.draft_id else url_for("notices.write", **values),
        preview_url=url_for("notices.preview", **values),
        mode=notice_page.mode_in(request.form),
        zone=auth.signed_in_member().firm.time_zone,
        approves=auth.signed_in_member().role.leads,
        override_reason=request.form.get("override_reason", ""),
        shows_override="override_shown" in request.form,
    )


def _trail() -> Trail:
    return Trail.read(request.args)


def _url(notice_id: uuid.UUID) -> str:
    return url_for("notices.show", notice_id=notice_id, **_trail().query())
