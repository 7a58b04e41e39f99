"""The mail address of an installation, from one URL to the configuration keys of Flask-Mail."""

import enum
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class Tls(enum.StrEnum):
    """How much a line to the relay must be protected before anything is said on it."""

    REQUIRED = "required"
    OPPORTUNISTIC = "opportunistic"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mail is handed over, and under which protection.

    ``timeout`` in seconds holds for every step. Relays ask for a fresh connection after some fifty messages.
    """

    host: str
    port: int
    tls: Tls
    is_implicit: bool
    username: str | None
    password: str | None = field(repr=False)
    timeout: float
    sender: str
    letters_per_line: int = 50


def parse(url: str, *, sender: str, timeout: float) -> Relay | Path:
    """Read ``smtp://``, ``smtps://`` or ``maildir://``; raise ``ValueError`` with what to change.

    Without ``tls`` it is required, on loopback none; unprotected mail to any other machine is refused.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        return Path(unquote(parts.path))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be smtp://host:port, smtps://host:port or maildir:///directory")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    is_local = is_loopback(parts.hostname)
    is_implicit = parts.scheme == "smtps"
    tls = _tls(options.pop("tls", ""), Tls.NONE if is_local and not is_implicit else Tls.REQUIRED)
    if options:
        raise ValueError(f"knows no option {min(options)}")
    if tls is Tls.NONE and (is_implicit or not is_local):
        raise ValueError("tls=none is for a relay on this machine; use required or opportunistic")
    return Relay(
        host=parts.hostname,
        port=parts.port or _usual_port(is_implicit=is_implicit, is_local=is_local),
        tls=tls,
        is_implicit=is_implicit,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        timeout=timeout,
        sender=sender,
    )


def is_loopback(host: str) -> bool:
    """Whether a connection to this host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def flask_mail_keys(way_out: Relay | Path) -> dict[str, object]:
    """Return the settings under the names that Flask-Mail knows, and two of our own: MAIL_TLS, MAIL_TIMEOUT."""
    if isinstance(way_out, Path):
        return {"MAIL_SUPPRESS_SEND": True}
    return {
        "MAIL_SERVER": way_out.host,
        "MAIL_PORT": way_out.port,
        "MAIL_USE_TLS": way_out.tls is not Tls.NONE and not way_out.is_implicit,
        "MAIL_USE_SSL": way_out.is_implicit,
        "MAIL_USERNAME": way_out.username,
        "MAIL_PASSWORD": way_out.password,
        "MAIL_DEFAULT_SENDER": way_out.sender,
        "MAIL_SUPPRESS_SEND": False,
        "MAIL_TLS": way_out.tls.value,
        "MAIL_TIMEOUT": way_out.timeout,
        "MAIL_MAX_EMAILS": way_out.letters_per_line,
    }


def _tls(value: str, default: Tls) -> Tls:
    try:
        return Tls(value) if value else default
    except ValueError:
        raise ValueError("tls must be required, opportunistic or none") from None


def _usual_port(*, is_implicit: bool, is_local: bool) -> int:
    if is_implicit:
        return 465
    return 25 if is_local else 587
