"""What the commands share: the settings, the application, the firm they speak of, how a refusal is told."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from recruiter import logs
from recruiter.app import create_app
from recruiter.config import PREFIX, BadSettings, Settings
from recruiter.db import engine, migrate
from recruiter.db.doors import Door, firm_of
from recruiter.engine import storage
from recruiter.errors import DomainError, NotFound
from recruiter.outbox.transports import relay

FIRM = click.option("--firm", "slug", required=True, help="The firm's slug.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Commands(click.Group):
    """Turns refusals into words on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; settings and domain errors are for people, not tracebacks."""
        try:
            return super().invoke(ctx)
        except BadSettings as error:
            raise click.ClickException(str(error)) from error
        except DomainError as error:
            fields = [f"  {field}: {' '.join(messages)}" for field, messages in error.errors.items()]
            raise click.ClickException("\n".join([error.message, *fields])) from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(_database_words(error)) from error


def _database_words(error: DBAPIError) -> str:
    """Return what the database said, without the statement and its values, and what to do about it."""
    said = str(error.orig).strip().partition("\n")[0]
    return f"The database refused: {said}\nRun recruiter db upgrade for tables of this release, and recruiter doctor."


def settings() -> Settings:
    """Read the settings and make this process log as they say. Raises ``BadSettings``."""
    return _logging(Settings.from_environ())


def settings_for(host: str, port: int) -> Settings:
    """Read the settings as ``settings`` does; where none says the public address, it is the one to listen on.

    Raises ``BadSettings`` for a relay that no process could use, too.
    """
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    found = Settings.from_environ(f"http://{reached}:{port}")
    try:
        relay.parse(found.mail_url, sender=found.mail_from, timeout=found.mail_timeout)
    except ValueError as error:
        raise BadSettings(f"These settings need attention:\n  {PREFIX}MAIL_URL: {error}.") from error
    return _logging(found)


def upgrade(settings: Settings) -> None:
    """Bring the tables to this release, and those of the work engine where it keeps any."""
    migrate.upgrade(settings)
    storage.install(settings)


@contextmanager
def application(found: Settings | None = None) -> Iterator[Flask]:
    """Lend an application whose services can be called within the block; without settings it reads them."""
    app = create_app(found or settings())
    logs.begin()
    with app.app_context():
        try:
            yield app
        finally:
            engine.db.engine.dispose()


def _logging(found: Settings) -> Settings:
    logs.configure(found.log_level)
    return found


def firm_id(slug: str) -> uuid.UUID:
    """Return the firm with this slug, or raise ``NotFound``."""
    found = firm_of(Door.FIRM_SLUG, slug)
    if found is None:
        raise NotFound(f"There is no firm with the slug {slug}.")
    return found
