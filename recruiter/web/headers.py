"""Security headers on every answer: nothing inline, nothing from elsewhere, nothing kept by caches."""

from flask import Flask, Response, request

CONTENT_RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
# What these answer never changes under its address.
LASTING = frozenset({"static", "branding.sheet"})
HEADERS = {
    "Content-Security-Policy": "; ".join(CONTENT_RULES),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer; over HTTPS also ask the browser to stay there for a year."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint not in LASTING:
            response.headers["Cache-Control"] = "no-store"  # Flask-Security writes it so that no cache reads it
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response
