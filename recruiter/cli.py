"""The commands of an installation."""

import json
import re
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import email_validator
from flask import Flask
from sqlalchemy.orm import Session

from recruiter import doctor as examination
from recruiter import logs
from recruiter.accounts import invitations, keys
from recruiter.accounts import service as accounts
from recruiter.accounts.invitations import Invite
from recruiter.accounts.models import Role, Scope
from recruiter.accounts.service import AddMember, CreateFirm
from recruiter.app import create_app
from recruiter.audit.service import SYSTEM
from recruiter.checker import command as checking
from recruiter.config import BadSettings, Settings
from recruiter.db import engine, migrate
from recruiter.db.doors import Door, firm_of
from recruiter.engine import embedded
from recruiter.errors import DomainError, NotFound
from recruiter.serve import Site
from recruiter.texts import service as texts

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FIRM = click.option("--firm", "slug", required=True, help="The firm's slug.")


def _slug(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise click.BadParameter("use small letters, digits and single hyphens, such as harbour-pine")
    return value


def _email(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return email_validator.validate_email(value, check_deliverability=False).normalized
    except email_validator.EmailNotValidError as error:
        raise click.BadParameter(str(error)) from error


class Commands(click.Group):
    """Turns refusals into one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; settings and domain errors are for people, not tracebacks."""
        try:
            return super().invoke(ctx)
        except BadSettings as error:
            raise click.ClickException(str(error)) from error
        except DomainError as error:
            fields = [f"  {field}: {' '.join(messages)}" for field, messages in error.errors.items()]
            raise click.ClickException("\n".join([error.message, *fields])) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="recruiter")
def main() -> None:
    """Candidate communication for staffing firms."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--no-worker", is_flag=True, help="Serve pages and API only; deliver elsewhere with `recruiter worker`.")
def serve(host: str, port: int, *, no_worker: bool) -> None:
    """Serve pages and API and, unless left out, deliver what is due."""
    settings = _settings()
    click.echo(f"Serving {settings.base_url} from {host}:{port}", err=True)
    Site(settings, host=host, port=port, delivers=not no_worker).run()


@main.command()
@click.option(
    "--until-stdin-ends", is_flag=True, hidden=True, help="End with the process that holds our standard input."
)
def worker(*, until_stdin_ends: bool) -> None:
    """Deliver what is due and do all other work that runs by itself, until TERM or INT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread: the handler interrupts the very wait whose lock it would need.
        signal.signal(number, lambda *_: threading.Thread(target=stop.set).start())
    if until_stdin_ends:
        threading.Thread(target=_stop_at_end_of_stdin, args=(stop,), daemon=True).start()
    with _application() as app:
        embedded.run(app, stop)


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this release, with the role of RECRUITER_MIGRATION_URL; safe to run again."""
    migrate.upgrade(_settings())
    click.echo("The database is at this release.", err=True)


@main.command()
def doctor() -> None:
    """Try the settings, the database and the way out for mail; exit 1 when something does not work."""
    results = list(examination.examine(_settings()))
    for result in results:
        click.secho(f"{result.state.value:8}", nl=False, fg=result.state.colour)
        click.echo(result.text)
    if any(result.state is examination.State.BROKEN for result in results):
        sys.exit(1)


@main.command()
@click.argument("file", type=FILE)
@click.option("--context", type=FILE, help="A JSON file: who the candidate, the client and the others are.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(file: Path, context: Path | None, form: str) -> None:
    """Check the texts of a CSV file with the columns `text` and `note`; needs no database and no firm."""
    for row in checking.check_file(file, context):
        if form == "json":
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            for finding in row["findings"]:
                click.echo(f"{file.name}:{row['row']}: {finding['severity']} {finding['rule']}: {finding['message']}")


@main.group()
def firm() -> None:
    """Firms of this installation."""


@firm.command("create")
@click.option("--name", required=True, help="As candidates read it.")
@click.option("--slug", required=True, callback=_slug, help="The short name in commands: letters, digits, hyphens.")
@click.option("--admin-email", required=True, callback=_email, help="Who signs in first.")
@click.option("--admin-name", help="As candidates read it; made from the address when left out.")
def create_firm(name: str, slug: str, admin_email: str, admin_name: str | None) -> None:
    """Make a firm with its first admin, and print, alone, the one-time link by which the admin signs in."""
    by_address = re.sub(r"[._-]+", " ", admin_email.rpartition("@")[0]).title()

    def first_admin(session: Session, firm_id: uuid.UUID) -> None:
        admin = AddMember(
            firm_id=firm_id, actor=SYSTEM, email=admin_email, name=admin_name or by_address, role=Role.ADMIN
        )
        accounts.insert_member(session, admin)

    with _application():
        made = accounts.create_firm(CreateFirm(name=name, slug=slug, seeds=(texts.seed_firm, first_admin)))
        click.echo(_invitation(made.id, admin_email, Role.ADMIN))


@main.group()
def member() -> None:
    """People who sign in for a firm."""


@member.command("add")
@FIRM
@click.option("--email", required=True, callback=_email)
@click.option("--role", required=True, type=click.Choice(Role, case_sensitive=False))
def add_member(slug: str, email: str, role: Role) -> None:
    """Invite a member and print, alone, the one-time link by which they sign in first; nothing is mailed."""
    with _application():
        click.echo(_invitation(_firm(slug), email, role))


@main.group()
def apikey() -> None:
    """Keys by which other systems speak for a firm."""


@apikey.command("create")
@FIRM
@click.option("--name", required=True, help="What the key is for; shown in the settings.")
@click.option("--scopes", required=True, help="Any of read, write, send, admin; separated by commas.")
def create_key(slug: str, name: str, scopes: str) -> None:
    """Make a key and print it, alone, on standard output; it cannot be shown again."""
    with _application():
        command = keys.CreateKey(firm_id=_firm(slug), name=name, scopes=_scopes(scopes), actor=SYSTEM)
        click.echo(keys.create_key(command).secret)


@apikey.command("revoke")
@FIRM
@click.option("--prefix", required=True, help="The first part of the key, as the settings show it.")
def revoke_key(slug: str, prefix: str) -> None:
    """End a key now."""
    with _application():
        firm_id = _firm(slug)
        found = [key for key in keys.list_keys(firm_id) if key.prefix == prefix]
        if not found:
            raise NotFound(f"{slug} has no key that begins with {prefix}.")
        keys.revoke_key(firm_id, found[0].id, SYSTEM)
        click.echo(f"The key {prefix} opens nothing any more.", err=True)


def _invitation(firm_id: uuid.UUID, email: str, role: Role) -> str:
    return invitations.invite(Invite(firm_id=firm_id, email=email, role=role, actor=SYSTEM)).url


def _stop_at_end_of_stdin(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


def _scopes(value: str) -> list[Scope]:
    try:
        return [Scope(word.strip()) for word in value.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"{error}; choose from {', '.join(Scope)}", param_hint="--scopes") from error


def _firm(slug: str) -> uuid.UUID:
    firm_id = firm_of(Door.FIRM_SLUG, slug)
    if firm_id is None:
        raise NotFound(f"There is no firm with the slug {slug}.")
    return firm_id


@contextmanager
def _application() -> Iterator[Flask]:
    app = create_app(_settings())
    with app.app_context():
        try:
            yield app
        finally:
            engine.db.engine.dispose()


def _settings() -> Settings:
    settings = Settings.from_environ()
    logs.configure(settings.log_level)
    return settings


if __name__ == "__main__":
    main()
