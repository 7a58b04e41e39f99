"""Commands for whoever keeps an installation."""

import sys

import click

from recruiter import doctor as examination
from recruiter.cli import base
from recruiter.engine import storage


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this release, with the role of RECRUITER_MIGRATION_URL; safe to run again."""
    base.upgrade(base.settings())
    click.echo("The database is at this release.", err=True)


@db.command("remove-engine")
def remove_engine() -> None:
    """Remove what the engine procrastinate keeps in the database, after its last worker; nothing else is touched."""
    storage.remove(base.settings())
    click.echo("The engine's schema is gone; `recruiter db upgrade` makes it again.", err=True)


@click.command()
def doctor() -> None:
    """Try the settings, the database and the way out for mail; exit 1 when something does not work."""
    results = list(examination.examine(base.settings()))
    for result in results:
        click.secho(f"{result.state.value:8}", nl=False, fg=result.state.colour)
        click.echo(result.text)
    if any(result.state is examination.State.BROKEN for result in results):
        sys.exit(1)
