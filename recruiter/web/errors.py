"""Refusals become answers in one place: problem+json (RFC 9457) under ``/api``, a page elsewhere."""

import traceback
from typing import Any

import structlog
from flask import Flask, Response, jsonify, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import ClientDisconnected, HTTPException

from recruiter.errors import Conflict, DomainError, Forbidden, Gone, NotFound, Stale
from recruiter.translations import catalogues
from recruiter.translations.catalogues import later
from recruiter.web import languages

log = structlog.get_logger()

STATUS: dict[type[Exception], int] = {
    Gone: 410,
    NotFound: 404,
    Stale: 412,
    Conflict: 409,
    Forbidden: 403,
    DomainError: 422,
}
REFUSED = later("The request was refused")
# What a candidate may meet is marked for the catalogues.
TITLES = {
    400: later("The request could not be read"),
    401: "A valid API key is needed",
    403: "This is not yours to do",
    404: later("This is not here"),
    405: later("This address does not take that method"),
    409: "Things have changed",
    410: "This has ended",
    412: "Somebody changed this meanwhile",
    413: later("This is too large"),
    415: "This kind of content is not taken",
    422: "Some fields need attention",
    428: "Say which version you change",
    429: later("Too many tries"),
    500: later("Something went wrong on our side"),
    503: later("Not available right now"),
}
# The codes of what the framework refuses; every other refusal is a ``DomainError`` and brings its own.
CODES = {
    400: "malformed",
    401: "unauthenticated",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    412: "stale",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    428: "version_needed",
    500: "internal",
}
# What is said of it where nothing more precise is known.
DETAILS = {
    404: later("Nothing is at this address. It may have been erased, or the address is not whole."),
    405: later("The address exists, but takes no such request."),
    412: "Somebody changed this after you read it. Read it again, then repeat your change.",
    413: later("Send less at once."),
    428: "Send the ETag of what you read as If-Match.",
    500: later("This was not your doing. What was kept before is safe; try again in a moment."),
}
# A form without the token of its session: nearly always one that was opened before its reader signed out.
OLD_FORM = "This page is out of date"
OPEN_ANEW = "You signed out or in again since. Nothing was saved: go back, copy what you typed, and open the page anew."
FOR_MACHINES = ("/api/", "/inbound/")  # what an address begins with that nobody opens in a browser
KEPT_HEADERS = frozenset({"allow", "retry-after", "www-authenticate"})


def init_app(app: Flask) -> None:
    """Register the four handlers; nothing else turns an exception into an answer."""
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(CSRFError, old_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected_error)


def domain_error(error: DomainError) -> Response:
    """Answer a refusal of the domain with the status of its kind."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return answer(status, error.code, error.message, errors=error.errors, **error.details)


def old_form(_error: CSRFError) -> Response:
    """Say that a form outlived its session; only members' pages have such forms."""
    return _page(400, OLD_FORM, OPEN_ANEW)


def http_error(error: HTTPException) -> Response:
    """Answer what the framework refused: unknown address, unreadable or invalid body, too large."""
    data: dict[str, Any] = getattr(error, "data", None) or {}
    status = 408 if isinstance(error, ClientDisconnected) else error.code or 500
    errors = data.get("errors") or data.get("messages") or {}
    if isinstance(errors, dict) and set(errors) <= {"json", "query", "headers", "form"} and errors:
        errors = _flat(errors)
    detail = data.get("message") or ("" if errors else _detail(error, status))
    response = answer(status, data.get("code") or CODES.get(status, f"http_{status}"), detail, errors=errors)
    for name, value in [*error.get_headers(), *(data.get("headers") or {}).items()]:
        if name.lower() in KEPT_HEADERS:
            response.headers[name] = value
    return response


def unexpected_error(error: Exception) -> Response:
    """Log the fault by its kind and place, never by its values, and answer without a trace."""
    log.error("request.failed", endpoint=request.endpoint, kind=type(error).__name__, place=_place(error))
    return answer(500, CODES[500], DETAILS[500])


def answer(status: int, code: str, detail: str, *, errors: object = None, **details: object) -> Response:
    """Return the problem as JSON or as a page, whichever this address speaks; log who was not let in where."""
    if status in {401, 403}:
        log.warning("access.refused", endpoint=request.endpoint, status=status, code=code)
    if not request.path.startswith(FOR_MACHINES):
        return _page(status, TITLES.get(status, REFUSED), detail)
    body: dict[str, object] = {
        "type": f"/problems/{code}",
        "title": TITLES.get(status, REFUSED),
        "status": status,
        "code": code,
    }
    body |= {"detail": detail} if detail else {}
    body |= {"errors": errors} if errors else {}
    response = jsonify(body | details)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _detail(error: HTTPException, status: int) -> str:
    """Return what was said of this very refusal, else our words for its kind, else the framework's."""
    is_own = error.description != type(error).description
    return (error.description if is_own else DETAILS.get(status, error.description)) or ""


def _place(error: Exception) -> str:
    """Return where in our code it happened; values, which may be personal, stay out of the log."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _page(status: int, title: str, detail: str) -> Response:
    """Return the page of an error; a candidate, whom nobody knows here, reads it in the language of their browser."""
    for_candidate = languages.is_for_candidate()
    tag = languages.asked_for() if for_candidate else catalogues.SOURCE
    with catalogues.writing_to(tag):
        title = catalogues.gettext(title)
        detail = detail and catalogues.gettext(detail)
    said = {"title": title, "detail": detail, "for_candidate": for_candidate}
    return languages.page("layouts/error.html", tag, status, **said)


def _flat(errors: dict[str, Any]) -> Any:
    """Drop the place a field came from (body, query): a caller knows it by the field's name."""
    merged: dict[str, Any] = {}
    for place, found in errors.items():
        merged |= found if isinstance(found, dict) else {place: found}
    return merged
