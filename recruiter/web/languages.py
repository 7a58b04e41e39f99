"""Pages in the language of their reader, and what browsers and search for words need to know of it."""

from typing import Any

from flask import Flask, Response, make_response, render_template, request
from markupsafe import Markup

from recruiter.translations import catalogues


def init_app(app: Flask) -> None:
    """Let templates say ``gettext``, ``ngettext`` and ``trans`` in the words of the current reader."""
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
        catalogues.gettext, catalogues.ngettext, newstyle=True
    )
    app.jinja_env.globals.update(reader=catalogues.current)
    app.jinja_env.filters.update(apart=apart)


def page(template: str, tag: str, status: int = 200, **context: Any) -> Response:
    """Return a page for a reader of this language (BCP 47 tag), and say in its head which words it has."""
    with catalogues.writing_to(tag) as reader:
        response = make_response(render_template(template, **context), status)
    response.headers["Content-Language"] = reader.words
    return response


def is_for_candidate() -> bool:
    """Whether the address is one that candidates are given."""
    return request.path.startswith(("/f/", "/p/"))


def asked_for() -> str:
    """Return the first language with words that the browser asks for, for a reader whom nobody knows."""
    asked = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality)
    return next((tag for tag in asked if tag in catalogues.WORDS), catalogues.SOURCE)


def apart(name: str) -> Markup:
    """Return a name for a sentence whose direction may be another."""
    return Markup("<bdi>{}</bdi>").format(name)
