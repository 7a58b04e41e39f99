"""Commands about the audit log: whether it was altered, all of it, and what it says of a row as it is now."""

import uuid

import click

from recruiter.audit import seals
from recruiter.cli import base
from recruiter.cli.base import FIRM
from recruiter.db import changes
from recruiter.db.session import reading
from recruiter.errors import NotFound


@click.group()
def audit() -> None:
    """The audit log of a firm: verify its seals, export its entries, find a row's state in it."""


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


@audit.command()
@FIRM
@click.argument("row_id", metavar="ID", type=click.UUID)
def digest(slug: str, row_id: uuid.UUID) -> None:
    """Print the digest of a row as it is now, to be looked for in the export: who made it what it is, and when.

    Done where a backup was restored, it says the same of the row as it was then.
    """
    with base.application():
        firm_id = base.firm_id(slug)
        with reading(firm_id) as session:
            found = changes.digest(session, firm_id, row_id)
    if found is None:
        raise NotFound("The firm has no row with this id.")
    click.echo(found)
