"""Pages filled with sample objects, for looking at them and for checking every one of them in a browser."""

from pathlib import Path
from types import SimpleNamespace as Of
from typing import Any

from flask import Flask, render_template, request
from flask_wtf import CSRFProtect
from werkzeug.routing import Map

from recruiter.accounts import look_pages
from recruiter.web import headers, jinja, languages
from tests.web import sample_desk, sample_notice, sample_page

STATIC = Path(jinja.__file__).parent.parent / "static"

PAGES: dict[str, tuple[str, Any]] = {
    "today": ("pages/desk/today.html", sample_desk.today),
    "today-list": ("pages/desk/today.html", sample_desk.untouched),
    "today-no-keys": ("pages/desk/today.html", lambda: sample_desk.today() | {"shortcuts": False}),
    "flash": ("pages/desk/today.html", sample_desk.flashed),
    "today-item": ("pages/desk/today.html", lambda: sample_desk.today(is_open=True)),
    "today-empty": ("pages/desk/today.html", sample_desk.today_empty),
    "today-fragment": ("pages/desk/_pane.html", sample_desk.today),
    "compose": ("pages/notices/compose.html", sample_notice.compose),
    "compose-errors": (
        "pages/notices/compose.html",
        lambda: sample_notice.compose(
            problem="We could not queue this notice. Nothing was sent.",
            errors=[("points-2-text", "Enter what you saw for Leading on-call")],
        ),
    ),
    "compose-update": (
        "pages/notices/compose.html",
        lambda: sample_notice.compose(kind="update", has_points=False, points=[], offers=[], promised_on="2025-12-01"),
    ),
    "compose-neutral": (
        "pages/notices/compose.html",
        lambda: sample_notice.compose(
            has_points=False,
            has_reason=False,
            mode_note="This notice tells the decision and gives no reasons, here and on a call.",
            reader_note="Somebody else reads this before it leaves. Policy asks for a second reader there.",
            reading_url="/compose",
        ),
    ),
    "compose-email": (
        "pages/notices/compose.html",
        lambda: sample_notice.compose(
            preview=Of(
                mode="text", letter=None, subject="Your application", html="", text="Hello Maya,\n\nWe will not be…"
            )
        ),
    ),
    "preview": ("pages/notices/_preview.html", sample_notice.compose),
    "f/letter": ("candidate/letter.html", sample_page.page),
    "f/preview": ("candidate/letter.html", lambda: sample_page.page(preview=True)),
    "f/print": ("candidate/letter.html", lambda: sample_page.page(printing=True)),
    "f/came-back": ("candidate/letter.html", sample_page.page_came_back),
    "f/errors": ("candidate/letter.html", sample_page.page_errors),
    "f/expired": ("candidate/closed.html", sample_page.closed("expired")),
    "f/withdrawn": ("candidate/closed.html", sample_page.closed("withdrawn")),
    "f/erased": ("candidate/closed.html", sample_page.closed("erased")),
    "f/gone": (
        "layouts/error.html",
        lambda: {"title": "This has ended", "detail": "Reply to the email it came with.", "for_candidate": True},
    ),
    "error": (
        "layouts/error.html",
        lambda: {
            "title": "This is not here",
            "detail": "It may have been erased or merged.",
            "reference": "H7K2",
            "for_candidate": False,
        },
    ),
}

FRAGMENTS = {"today-fragment", "preview"}


def make_app(routes: Map) -> Flask:
    """Return an application that serves each page of ``PAGES`` at ``/<name>``, with the product's headers.

    Links lead to the product's ``routes``; those that are no page here answer 404.
    """
    app = Flask("gallery", template_folder=str(jinja.template_dir()), static_folder=str(STATIC))
    app.config |= {"SECRET_KEY": "gallery", "TESTING": True}
    CSRFProtect(app)
    jinja.init_app(app)
    languages.init_app(app)
    app.register_blueprint(look_pages.sheets)
    headers.init_app(app, https=False)
    app.url_build_error_handlers.append(_leading_to(routes))
    for name, (template, context) in PAGES.items():
        app.add_url_rule(f"/{name}", name, _view(template, context))
    app.add_url_rule(
        "/compose/preview", "live", _view("pages/notices/_preview.html", sample_notice.checked), methods=["POST"]
    )
    return app


def _leading_to(routes: Map) -> Any:
    addresses = routes.bind("localhost")

    def build(_error: Exception, endpoint: str, values: dict[str, Any]) -> str:
        return addresses.build(endpoint, {name: value for name, value in values.items() if name[0] != "_"})

    return build


def _view(template: str, context: Any) -> Any:
    def view() -> str:
        in_pane = template == "pages/desk/today.html" and "HX-Request" in request.headers
        return render_template("pages/desk/_pane.html" if in_pane else template, **context())

    return view
