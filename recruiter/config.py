"""Settings, read once from the environment into a frozen object; nothing else reads the environment."""

import base64
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environs
from marshmallow import ValidationError, validate

PREFIX = "RECRUITER_"
EMBEDDED, PROCRASTINATE = ENGINES = ("embedded", "procrastinate")
# The part before the @ of an address that tells people not to answer.
NO_REPLY = re.compile(r"(do[-_.]?)?not?[-_.]?repl(y|ies)\b", re.IGNORECASE)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class BadSettings(Exception):
    """One or more settings cannot be used; the message names each with what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation may decide. Every field is documented in ``docs/settings.md``."""

    data_dir: Path
    database_url: str
    migration_url: str
    mail_url: str
    mail_from: str
    base_url: str
    secret_key: str = field(repr=False)
    pool_mail_from: str = ""
    webhook_allow_private: bool = False
    webhook_timeout: float = 15.0
    webhook_days: int = 30
    inbound_days: int = 90
    log_level: str = "INFO"
    mail_connections: int = 4
    mail_timeout: float = 30.0
    mail_marks: int = 1
    mail_rate: float = 0.0
    mail_firm_rate: float = 0.0
    mail_provider_rate: float = 0.0
    mail_warm_up: int = 0
    lease_seconds: float = 120.0
    evidence_seconds: float = 900.0
    schedule_scale: float = 1.0
    trusted_proxies: int = 0
    request_timeout: float = 10.0
    engine: str = EMBEDDED
    shards: int = 8
    dkim_selector: str = ""
    dns_server: str = ""
    bounce_address: str = ""
    reply_address: str = ""
    inbound_secret: str = field(default="", repr=False)
    inbound_imap_url: str = field(default="", repr=False)
    inbound_listen: str = ""
    inbound_max_bytes: int = 10_000_000
    inbound_server: str = ""

    @property
    def shares_work(self) -> bool:
        """Whether the work that runs by itself is shared out among processes on many machines."""
        return self.engine == PROCRASTINATE

    @property
    def is_https(self) -> bool:
        """Whether members reach the product over HTTPS, which makes the cookies secure."""
        return urlsplit(self.base_url).scheme == "https"

    def url(self, path: str) -> str:
        """Return the public address of a path that begins with a slash."""
        return f"{self.base_url}{path}"

    def key(self, purpose: str) -> bytes:
        """Return the installation's key for one purpose, 32 bytes, so that no secret serves two."""
        return hmac.digest(self.secret_key.encode(), purpose.encode(), "sha256")

    def token(self, purpose: str, value: bytes) -> str:
        """Return the token of a link: base64url of HMAC-SHA256 over what it opens, 43 characters, always the same."""
        digest = hmac.digest(self.key(purpose), value, "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @classmethod
    def from_environ(cls, served_at: str = "http://127.0.0.1:8000") -> "Settings":
        """Read every ``RECRUITER_…`` variable, or raise ``BadSettings`` naming all that are wrong.

        ``served_at`` is the public address unless one is set.
        """
        env = environs.Env(prefix=PREFIX, eager=False)
        values = _read(env, served_at)
        try:
            env.seal()
        except environs.EnvValidationError as error:
            found: dict[str, list[str]] = {**error.error_messages}  # type: ignore[dict-item]  # eager alone gives a list
            wrong = (f"  {name}: {' '.join(words)}" for name, words in found.items())
            raise BadSettings("\n".join(["These settings need attention:", *wrong])) from error
        settings = cls(**_with_defaults(values))
        if settings.shares_work and settings.database_url.startswith("sqlite"):
            words = "procrastinate needs PostgreSQL: set RECRUITER_DATABASE_URL, or use embedded."
            raise BadSettings(f"These settings need attention:\n  {PREFIX}ENGINE: {words}")
        return settings


_current: list[Settings] = []


def use(settings: Settings) -> None:
    """Make these the settings of this process; called once, by whoever builds the application."""
    _current[:] = [settings]


def current() -> Settings:
    """Return the settings of this process."""
    return _current[0]


def _read(env: environs.Env, served_at: str) -> dict[str, Any]:
    return {
        "data_dir": env.path("DATA_DIR", Path("instance")),
        "database_url": env.str("DATABASE_URL", "", validate=_database_url),
        "migration_url": env.str("MIGRATION_URL", "", validate=_database_url),
        "mail_url": env.str("MAIL_URL", "", validate=_mail_url),
        "mail_from": env.str("MAIL_FROM", "", validate=_answered),
        "pool_mail_from": env.str("POOL_MAIL_FROM", "", validate=_answered),
        "base_url": env.str("BASE_URL", served_at, validate=_base_url),
        "secret_key": env.str("SECRET_KEY", "", validate=_secret_key),
        "webhook_allow_private": env.bool("WEBHOOK_ALLOW_PRIVATE", default=False, **_otherwise("Use 0 or 1.")),
        "webhook_timeout": env.float("WEBHOOK_TIMEOUT", 15.0, **_number(0.1, 60)),
        "inbound_days": env.int("INBOUND_DAYS", 90, **_number(7, 3650)),
        "webhook_days": env.int("WEBHOOK_DAYS", 30, **_number(7, 3650)),
        "log_level": env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(LOG_LEVELS, error="Use one of {choices}.")),
        "mail_connections": env.int("MAIL_CONNECTIONS", 4, **_number(1, 64)),
        "mail_marks": env.int("MAIL_MARKS", 1, **_number(1, 10)),
        "mail_timeout": env.float("MAIL_TIMEOUT", 30.0, **_number(0.1, 600)),
        "mail_rate": env.float("MAIL_RATE", 0.0, **_number(0, 10_000)),
        "mail_firm_rate": env.float("MAIL_FIRM_RATE", 0.0, **_number(0, 10_000)),
        "mail_provider_rate": env.float("MAIL_PROVIDER_RATE", 0.0, **_number(0, 10_000)),
        "mail_warm_up": env.int("MAIL_WARM_UP", 0, **_number(0, 100_000)),
        "lease_seconds": env.float("LEASE_SECONDS", 120.0, **_number(0.5, 3600)),
        "evidence_seconds": env.float("EVIDENCE_SECONDS", 900.0, **_number(0, 86400)),
        "schedule_scale": env.float("SCHEDULE_SCALE", 1.0, **_number(0.0001, 1)),
        "request_timeout": env.float("REQUEST_TIMEOUT", 10.0, **_number(0.1, 600)),
        "trusted_proxies": env.int("TRUSTED_PROXIES", 0, **_number(0, 5)),
        "engine": env.str("ENGINE", EMBEDDED, validate=validate.OneOf(ENGINES, error="Use one of {choices}.")),
        "shards": env.int("SHARDS", 8, **_number(1, 256)),
        "dkim_selector": env.str("DKIM_SELECTOR", "", validate=_selector),
        "dns_server": env.str("DNS_SERVER", "", validate=_name_server),
        "bounce_address": env.str("BOUNCE_ADDRESS", "", validate=_own_address),
        "reply_address": env.str("REPLY_ADDRESS", "", validate=_own_address),
        "inbound_secret": env.str("INBOUND_SECRET", "", validate=_secret_key),
        "inbound_imap_url": env.str("INBOUND_IMAP_URL", "", validate=_imap_url),
        "inbound_listen": env.str("INBOUND_LISTEN", "", validate=_listen_url),
        "inbound_max_bytes": env.int("INBOUND_MAX_BYTES", 10_000_000, **_number(10_000, 100_000_000)),
        "inbound_server": env.str("INBOUND_SERVER", "", validate=_server_name),
    }


def _number(least: float, most: float) -> dict[str, Any]:
    words = f"Use a number from {least} to {most}."
    return {"validate": validate.Range(least, most, error=words), **_otherwise(words)}


def _otherwise(words: str) -> dict[str, Any]:
    """Return what to say of a value that has not even the right type."""
    return {"error_messages": {"invalid": words}}


def _with_defaults(values: dict[str, Any]) -> dict[str, Any]:
    data_dir: Path = values["data_dir"].resolve()
    base_url = values["base_url"].rstrip("/")
    database_url = values["database_url"] or f"sqlite:///{data_dir / 'recruiter.sqlite3'}"
    return values | {
        "data_dir": data_dir,
        "base_url": base_url,
        "database_url": database_url,
        "migration_url": values["migration_url"] or database_url,
        "mail_url": values["mail_url"] or f"maildir://{data_dir / 'mail'}",
        "mail_from": values["mail_from"] or f"recruiter@{urlsplit(base_url).hostname}",
        "secret_key": values["secret_key"] or _kept_secret(data_dir / "secret_key"),
    }


def _kept_secret(path: Path) -> str:
    """Return the installation's own secret, made once, so that the embedded default needs no setting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # made by an earlier start, or by one that started beside us
    return path.read_text()


def _database_url(value: str) -> None:
    if value and not value.startswith(("sqlite:///", "postgresql://")):
        raise ValidationError("Begin it with sqlite:/// or postgresql://.")


def _selector(value: str) -> None:
    if value and not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
        raise ValidationError("Give the name before ._domainkey, such as mail2026.")


def _name_server(value: str) -> None:
    if value and not re.fullmatch(r"[0-9a-fA-F.:]+:\d{1,5}", value):
        raise ValidationError("Give an address and a port, such as 127.0.0.1:53.")


def _mail_url(value: str) -> None:
    if value and urlsplit(value).scheme not in {"smtp", "smtps", "maildir"}:
        raise ValidationError("Begin it with smtp://, smtps:// or maildir://.")


def _base_url(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError("Give the public address, such as https://notices.example.com.")


def _secret_key(value: str) -> None:
    if value and len(value) < 32:
        raise ValidationError("Use at least 32 characters.")


def _answered(value: str) -> None:
    if NO_REPLY.match(parseaddr(value)[1]):
        raise ValidationError("Use an address that people may answer; no candidate is told not to reply.")


def _own_address(value: str) -> None:
    """Leave room for the plus sign and the 42 characters that name a message, in the 64 octets of RFC 5321."""
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,21}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
        raise ValidationError("Give an address with at most 21 plain letters before the @.")


def _imap_url(value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"imap", "imaps"} or not (parts.hostname and parts.username)):
        raise ValidationError("Give imaps://user:password@host/folder.")


def _server_name(value: str) -> None:
    if value and not re.fullmatch(r"[A-Za-z0-9._-]+", value):
        raise ValidationError("Give the name that begins its Authentication-Results, such as mx.example.com.")


def _listen_url(value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"lmtp", "smtp"} or not (parts.hostname and parts.port)):
        raise ValidationError("Give lmtp://host:port or smtp://host:port.")
