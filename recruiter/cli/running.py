"""Commands that run until they are told to stop."""

from collections.abc import Callable
from typing import Any

import click
from flask_security.utils import hash_password

from recruiter.cli import base
from recruiter.demo import service as sample
from recruiter.engine import chosen
from recruiter.serve import Site


def _where(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where to listen."""
    port = click.IntRange(1, 65535)
    command = click.option("--port", default=8000, show_default=True, type=port, help="Port to listen on.")(command)
    return click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")(command)


@click.command()
@_where
@click.option(
    "--worker/--no-worker",
    "delivers",
    default=None,
    help="Deliver too, or leave that to `recruiter worker`. Default: deliver, unless many machines share the work.",
)
def serve(host: str, port: int, *, delivers: bool | None) -> None:
    """Serve pages and API and, unless left out, deliver what is due."""
    settings = base.settings_for(host, port)
    click.echo(f"Serving {settings.base_url} from {host}:{port}", err=True)
    Site(settings, host=host, port=port, delivers=not settings.shares_work if delivers is None else delivers).run()


@click.command()
@_where
def demo(host: str, port: int) -> None:
    """Upgrade the database, make the sample firm unless it is there, print its sign-in, and serve."""
    settings = base.settings_for(host, port)
    base.upgrade(settings)
    with base.application(settings):
        made = sample.make(hash_password)
    click.echo(f"{sample.NAME}, a firm of invented people. Its mail goes to {settings.data_dir / 'mail'}, never out.")
    click.echo(f"Sign in on {settings.url('/login')}")
    for email in made.emails:
        click.echo(f"  as {email} with the password {made.password}")
    Site(settings, host=host, port=port, delivers=True).run()


@click.command()
def worker() -> None:
    """Deliver what is due and do all other work that runs by itself, until TERM or INT."""
    stop = chosen.told_to_stop()
    with base.application() as app:
        click.echo("Delivering what is due.", err=True)
        chosen.run(app, stop)
