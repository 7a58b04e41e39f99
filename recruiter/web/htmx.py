"""What HTMX asks for: of some pages only the part that changes, under the page's own address."""

from typing import Any

from flask import Response, make_response, render_template, request


def is_asking() -> bool:
    """Whether this request was made by HTMX, not by the browser for a whole page."""
    return "HX-Request" in request.headers


def page_or_part(page: str, part: str, **context: Any) -> Response:
    """Return the page of this template, or for HTMX the part, and tell caches that the address answers with either."""
    response = make_response(render_template(part if is_asking() else page, **context))
    response.vary.add("HX-Request")
    return response
