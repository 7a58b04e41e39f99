"""Commands about the audit log: whether it was altered, and all of it."""

import click

from recruiter.audit import seals
from recruiter.cli import base
from recruiter.cli.base import FIRM


@click.group()
def audit() -> None:
    """The audit log of a firm: verify its seals, export its entries."""


@audit.command()
@FIRM
@click.option("--noted", metavar="NUMBER:DIGEST", help="What this command printed before, which must still stand.")
def verify(slug: str, noted: str | None) -> None:
    """Work every seal out anew, and print the last one to be noted elsewhere; exit code 1 where one does not fit."""
    with base.application():
        found = seals.check(base.firm_id(slug))
    for each in found:
        if not each.fits:
            raise click.ClickException(
                f"Seal {each.seal.number} of {each.seal.created_at:%-d %B %Y} does not fit (entries sealed: "
                f"{each.seal.entries}, found: {each.entries}). What it covers was altered."
            )
    notes = [f"{each.seal.number}:{each.seal.digest}" for each in found]
    if noted is not None and noted not in notes:
        raise click.ClickException("The seal that you noted is not there: the log was replaced.")
    click.echo(f"Seals: {len(found)}. Entries they vouch for: {sum(each.entries for each in found)}.", err=True)
    for note in notes[-1:]:
        click.echo(note)


@audit.command()
@FIRM
def export(slug: str) -> None:
    """Print every entry, one JSON list a line, as the seals take it: ids, codes and moments, no name and no text."""
    with base.application():
        for line in seals.lines(base.firm_id(slug)):
            click.echo(line)
