"""The candidate's page: a letter and plain forms, no session, no cookie, no script that is needed.

The link's token is the only key. It stands in the address of every form, so a stranger's site cannot make these
requests and a CSRF token would add nothing but a cookie.
"""

import uuid

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from recruiter.accounts import auth
from recruiter.errors import Invalid
from recruiter.notices.page_view import FirmOnPage
from recruiter.portal import presentation, service
from recruiter.portal.models import ResponseKind
from recruiter.portal.presentation import Told
from recruiter.portal.schemas import PointForm, PoolForm, RatingForm, SayForm
from recruiter.portal.service import Say
from recruiter.portal.visits import PageClosed
from recruiter.web import forms, languages

pages = Blueprint("portal", __name__, url_prefix="/f/<token>")
pages.before_request(auth.public)


@pages.errorhandler(PageClosed)
def closed(error: PageClosed) -> Response:
    """Say that the page has ended, and how to reach the firm; nothing about the person."""
    firm = FirmOnPage(error.firm.name, error.firm.phone, error.firm.colour)
    reason = {"reason": "expired" if error.on else "withdrawn", "on": error.on}
    return languages.page("candidate/closed.html", error.language, 410, firm=firm, closed=reason)


@pages.get("")
def show(token: str) -> ResponseReturnValue:
    """Show the letter at once; nothing is written down about who opened it or when."""
    return _page(token, Told(done=request.args.get("done", ""), printing="print" in request.args))


@pages.post("/thanks")
def thank(token: str) -> ResponseReturnValue:
    """Say thanks."""
    service.say(Say(token=token, kind=ResponseKind.THANKS))
    return _done(token, "thanks")


@pages.post("/thanks/undo")
def take_back_thanks(token: str) -> ResponseReturnValue:
    """Take thanks back."""
    service.take_back_thanks(token)
    return _done(token, "")


@pages.post("/ask")
def ask(token: str) -> ResponseReturnValue:
    """Ask a question."""
    return _say(token, "ask", ResponseKind.QUESTION)


@pages.post("/call")
def ask_for_call(token: str) -> ResponseReturnValue:
    """Ask for a call, in free words."""
    return _say(token, "call", ResponseKind.CALL)


@pages.post("/point/<uuid:point_id>")
def respond(token: str, point_id: uuid.UUID) -> ResponseReturnValue:
    """Respond to one point."""
    return _say(token, f"point-{point_id}", ResponseKind.POINT, point_id)


@pages.post("/pool")
def choose_pool(token: str) -> ResponseReturnValue:
    """Choose whether to be kept in mind."""
    try:
        choice = forms.load(PoolForm, request.form)["choice"]
    except Invalid as error:
        return _again(token, "pool", error)
    service.choose_pool(token, keep=choice == "yes")
    return _done(token, "pool")


@pages.post("/rate")
def rate(token: str) -> ResponseReturnValue:
    """Say how useful the feedback was."""
    try:
        values = forms.load(RatingForm, request.form)
        service.rate(token, values["score"], values["comment"])
    except Invalid as error:
        return _again(token, "rate", error)
    return _done(token, "rate")


def _say(token: str, section: str, kind: ResponseKind, point_id: uuid.UUID | None = None) -> ResponseReturnValue:
    schema: type[Schema] = PointForm if point_id else SayForm
    try:
        values = forms.load(schema, request.form)
        if not values["website"]:
            said = Say(
                token=token,
                kind=kind,
                text=values["text"],
                point_id=point_id,
                disagrees=values.get("differs", False),
            )
            service.say(said)
    except Invalid as error:
        return _again(token, section, error)
    return _done(token, section)


def _done(token: str, section: str) -> ResponseReturnValue:
    return redirect(_url(token, section), 303)


def _url(token: str, section: str) -> str:
    if not section:
        return url_for("portal.show", token=token)
    return url_for("portal.show", token=token, done=section, _anchor=f"section-{section}")


def _again(token: str, section: str, error: Invalid) -> Response:
    """Show the page with the answer kept and what is wrong with it beside the field."""
    words = " ".join(forms.problems(error).values())
    told = Told(errors={section: words}, values={section: request.form.get("text", "")})
    return _page(token, told, 422)


def _page(token: str, told: Told, status: int = 200) -> Response:
    firm, page = presentation.show(token, told)
    return languages.page("candidate/letter.html", page.language, status, firm=firm, page=page)
