"""Commands that hold all mail back and let it go."""

import click

from recruiter.cli import base
from recruiter.outbox import stops


@click.group()
def mail() -> None:
    """Mail of all firms: pause it, let it leave again."""


@mail.command()
@click.option("--because", default="", help="Words that every member reads.")
def pause(because: str) -> None:
    """Let no mail of any firm leave; what is queued waits, and can be taken back."""
    with base.application():
        stops.pause_everybody(because)
    click.echo("Mail is paused. `recruiter mail resume` lets it leave again.", err=True)


@mail.command()
def resume() -> None:
    """Let mail leave again; a firm that was stopped for itself stays so."""
    with base.application():
        was_paused = stops.resume_everybody()
    click.echo("Mail leaves again." if was_paused else "Mail was not paused.", err=True)
