"""Today: the work list, the item in hand, and what can be done about it."""

import uuid
from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.accounts.models import Role
from recruiter.db.base import find_id
from recruiter.db.session import reading
from recruiter.desk import navigation, pane, queries, reply_view, service, today, view, waiting
from recruiter.desk.models import ItemKind
from recruiter.desk.reply_view import Typed
from recruiter.desk.schemas import ReplyForm, ReturnForm, SeenForm
from recruiter.desk.service import PutAway
from recruiter.desk.view import SNOOZED, Choice
from recruiter.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, RuleBroken, Stale
from recruiter.feedback.asked import ToConsider
from recruiter.notices.second_reading import NobodyToRead
from recruiter.notices.service import NeedsReader
from recruiter.portal import answers, second_reading
from recruiter.portal.answers import GiveAnswer, NeedsFixing
from recruiter.portal.second_reading import ReleaseReply, SendReplyBack
from recruiter.web import forms, htmx

ANSWERED = "Answered. A mail tells them that there is an answer on their page."

pages = Blueprint("desk", __name__)
pages.before_request(auth.require_member)


@pages.get("/")
@auth.roles(*auth.EVERYONE)
def home() -> ResponseReturnValue:
    """Begin the day."""
    return redirect(url_for("desk.show"))


@pages.get("/today")
@auth.roles(*auth.EVERYONE)
def show() -> ResponseReturnValue:
    """Show who waits and the item in hand; for htmx the item alone. The privacy role begins with requests."""
    if auth.signed_in_member().role not in auth.READERS:
        return redirect(url_for("privacy.requests"))
    return _page()


@pages.post("/today/<item>/done")
def done(item: str) -> ResponseReturnValue:
    """Put an item away."""
    service.put_away(_put_away(item))
    return _back("Done. A new message from them brings it back.")


@pages.post("/today/<item>/snooze")
def snooze(item: str) -> ResponseReturnValue:
    """Put an item away until later."""
    service.put_away(_put_away(item, until=request.form.get("until", "")))
    return _back("Snoozed. A new message from them wakes it earlier.")


@pages.post("/today/<item>/back")
def bring_back(item: str) -> ResponseReturnValue:
    """Take an item that was snoozed back to the list."""
    service.bring_back(_put_away(item))
    return _back("It is back on the list.")


@pages.post("/today/<item>/reply")
def reply(item: str) -> ResponseReturnValue:
    """Answer what came through a feedback page, or let the answer wait for whoever has to read it first."""
    (_, response_id), typed = _named(item), _typed()
    button, _, finding = request.form.get("do", "send").partition(":")
    if button == "keep":
        return _page(replace(typed, kept=typed.kept | {finding}), item)
    try:
        return _give(response_id)
    except (Invalid, NobodyToRead, Stale, NeedsFixing, ToConsider) as error:
        return _page(_refused(typed, error), item, 422)
    except Conflict as error:
        return _back(error.message, "error")


@pages.post("/today/<item>/check")
def check_reply(item: str) -> ResponseReturnValue:
    """Answer what the check says of a reply as far as it is typed; keeps nothing."""
    caller, (_, response_id), typed = auth.caller(), _named(item), _typed()
    with reading(caller.firm_id) as session:
        case = answers.get_case(session, caller.firm_id, response_id, caller.actor)
        check = reply_view.check(session, auth.signed_in_member(), case, typed)
    return render_template("pages/desk/_reply_checked.html", typed=typed, check=check)


def _give(response_id: uuid.UUID) -> ResponseReturnValue:
    caller, values = auth.caller(), forms.load(ReplyForm, request.form)
    shown = forms.shown(request.form)
    command = GiveAnswer(firm_id=caller.firm_id, actor=caller.actor, response_id=response_id, shown=shown, **values)
    try:
        answers.give(command)
    except NeedsReader:
        second_reading.ask(command, forms.load(SeenForm, request.form)["seen"])
        return _back("It waits for a second reader, on the Today of everybody else who writes.")
    return _back(ANSWERED)


def _typed() -> Typed:
    form = request.form
    return Typed(
        text=form.get("text", ""),
        outcome=form.get("outcome"),
        override_reason=form.get("override_reason", ""),
        kept=frozenset(form.getlist("kept")),
        shows_override="override_shown" in form,
    )


@pages.post("/today/<item>/release")
def release_reply(item: str) -> ResponseReturnValue:
    """Let a person have the reply that a colleague wrote."""
    caller, (_, response_id) = auth.caller(), _named(item)
    try:
        seen = forms.load(SeenForm, request.form)["seen"]
        command = ReleaseReply(firm_id=caller.firm_id, actor=caller.actor, response_id=response_id, seen=seen)
        second_reading.release(command)
    except (Conflict, Forbidden, RuleBroken) as error:
        return _back(error.message, "error")
    return _back(ANSWERED)


@pages.post("/today/<item>/return")
def return_reply(item: str) -> ResponseReturnValue:
    """Give a reply back to whoever wrote it, with what to change."""
    caller, (_, response_id) = auth.caller(), _named(item)
    try:
        note = forms.load(ReturnForm, request.form)["note"]
        command = SendReplyBack(firm_id=caller.firm_id, actor=caller.actor, response_id=response_id, note=note)
        second_reading.send_back(command)
    except Invalid as error:
        return _page(Typed(note_error=_words(error)), item, 422)
    except (Conflict, Forbidden) as error:
        return _back(error.message, "error")
    return _back("Sent back with your note.")


@pages.get("/today/next")
def next_person() -> ResponseReturnValue:
    """Open the composer for the next person of a group, or Today when everybody of it is done."""
    caller, job_id = auth.caller(), request.args.get("job_id", type=uuid.UUID)
    with reading(caller.firm_id) as session:
        scope, code = today.scope_of(auth.signed_in_member().firm), request.args.get("code")
        ids = waiting.next_in_group(session, scope, job_id or uuid.UUID(int=0), code)
    if not ids:
        return _back("Everybody of this group has a notice.")
    return redirect(url_for("notices.new", application=ids[0], queue=",".join(map(str, ids))))


def _page(typed: Typed | None = None, item: str | None = None, status: int = 200) -> Response:
    member, split = auth.signed_in_member(), request.args.get("split", "")
    wanted = item or request.args.get("item")
    with reading(member.firm_id) as session:
        day = today.read(session, member.firm, member_id=member.id)
        listed = today.snoozed(session, member.firm, member.id) if split == SNOOZED else view.narrowed(day, split)
        row = view.in_hand(listed, wanted)
        in_hand = pane.read(session, member, row, typed) if row else None
        held = queries.held(session, member.firm_id, member.id)
        navigation.remember(session, member, day.counts, held)
    if member.role is not Role.ADMIN:
        day = replace(day, unset=())
    shown = view.of_day(day, listed, held, row, Choice(split, is_open=wanted is not None))
    response = htmx.page_or_part("pages/desk/today.html", "pages/desk/_pane.html", today=shown, item=in_hand)
    response.status_code = status
    return response


def _named(item: str) -> tuple[ItemKind, uuid.UUID]:
    """Return the kind and the row that an address such as ``overdue-…`` names; raise ``NotFound`` for another."""
    kind, _, subject = item.partition("-")
    subject_id = find_id(subject)
    if kind not in set(ItemKind) or subject_id is None:
        raise NotFound("This item is not here.")
    return ItemKind(kind), subject_id


def _put_away(item: str, until: str | None = None) -> PutAway:
    caller, (kind, subject_id) = auth.caller(), _named(item)
    return PutAway(firm_id=caller.firm_id, actor=caller.actor, kind=kind, subject_id=subject_id, until=until)


def _refused(typed: Typed, error: DomainError) -> Typed:
    """Return the form with why it was not sent; where that is what the check found, the check says the rest."""
    if isinstance(error, NeedsFixing | ToConsider):
        return replace(typed, problem=error.message)
    return replace(typed, error=_words(error))


def _words(error: DomainError) -> str:
    """Return what is wrong with an answer: what the form says, or why it cannot wait."""
    return " ".join(forms.problems(error).values()) if isinstance(error, Invalid) else error.message


def _back(message: str, category: str = "message") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("desk.show"), 303)
