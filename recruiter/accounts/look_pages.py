"""Settings, Look and language; and the candidate's styles in a firm's colour, the same for ever under one address."""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, branding, look, settings
from recruiter.accounts.branding import Palette, Shades
from recruiter.accounts.look import ChangeLook, Unreadable
from recruiter.accounts.models import Role
from recruiter.accounts.schemas import LookForm
from recruiter.errors import Invalid
from recruiter.web import assets, forms, locales

pages = Blueprint("look", __name__, url_prefix="/settings/look")
pages.before_request(auth.require_member)
sheets = Blueprint("branding", __name__, url_prefix="/brand")
sheets.before_request(auth.public)

YEAR = 31_536_000  # seconds
admins_only = auth.roles(Role.ADMIN)


@pages.get("")
@admins_only
def show() -> ResponseReturnValue:
    """Show the colour with what becomes of it, and the language."""
    firm = auth.signed_in_member().firm
    return _page(values={"colour": firm.colour, "language": firm.language})


@pages.post("")
@admins_only
def keep() -> ResponseReturnValue:
    """Keep colour and language, and say how well the colour can be read."""
    caller = auth.caller()
    try:
        values = forms.load(LookForm, request.form)
        firm = look.change(ChangeLook(firm_id=caller.firm_id, actor=caller.actor, **values))
    except Invalid as error:
        return _page(error, values=request.form)
    flash(" ".join(["Saved.", *_said(firm.colour)]))
    return redirect(url_for("look.show"), 303)


@sheets.get("/<digits>/<build>")
def sheet(digits: str, build: str) -> Response:
    """Answer the candidate's styles with the shades of a colour behind them."""
    if build != assets.built("candidate.css") or not branding.is_kept(f"#{digits}"):
        abort(404)
    written = _sheet(f"#{digits}", build)
    takes_it_small = request.accept_encodings.quality("gzip") > 0
    response = Response(written if takes_it_small else gzip.decompress(written), mimetype="text/css")
    if takes_it_small:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.public, response.cache_control.max_age, response.cache_control.immutable = True, YEAR, True
    return response


@sheets.app_template_global()
def candidate_styles(colour: str) -> str:
    """Return the address of the candidate's styles in a firm's colour, or of everybody's for an empty one."""
    if not colour:
        return assets.asset("candidate.css")
    return url_for("branding.sheet", digits=colour.removeprefix("#"), build=assets.built("candidate.css"))


@lru_cache(maxsize=256)
def _sheet(colour: str, build: str) -> bytes:
    styles = assets.DIST.joinpath(build).read_text("utf-8")
    return gzip.compress(f"{styles}{_shades(branding.palette(colour))}".encode(), mtime=0)


def _shades(palette: Palette) -> str:
    """Return the tokens of ``frontend/css/tokens.css`` that a firm chooses; paper gets no ground in its colour."""
    light, dark = _tokens(palette.light), _tokens(palette.dark)
    on_screen = f"@media screen{{:root{{--c-brand-tint:{palette.light.tint}}}}}"
    in_dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark};--c-brand-tint:{palette.dark.tint}}}}}"
    return f":root{{{light}}}{on_screen}{in_dark}"


def _tokens(shades: Shades) -> str:
    return (
        f"--c-brand:{shades.brand};--c-brand-ink:{shades.brand};"
        f"--c-brand-hover:{shades.hover};--c-on-brand:{shades.on_brand}"
    )


def _page(error: Invalid | None = None, *, values: Mapping[str, Any]) -> ResponseReturnValue:
    return settings.page(
        "look",
        error,
        nearest=error.nearest if isinstance(error, Unreadable) else "",
        values=values,
        palette=branding.palette(auth.signed_in_member().firm.colour),
        ratio=look.ratio,
        languages=locales.languages(values.get("language") or None),
    )


def _said(colour: str) -> list[str]:
    if not colour:
        return []
    palette = branding.palette(colour)
    return [
        f"Text in {colour} reaches {look.ratio(palette.light.contrast)} on light pages.",
        f"On dark pages it becomes {palette.dark.brand}, {look.ratio(palette.dark.contrast)}.",
    ]
