"""Commands that read a file: check its texts, or take its rows in."""

import json
import sys
from pathlib import Path

import click

from recruiter.audit.service import SYSTEM
from recruiter.checker import command as checking
from recruiter.cli import base
from recruiter.cli.base import FILE, FIRM
from recruiter.imports import service as imports
from recruiter.imports.models import ImportKind, ImportRun
from recruiter.imports.service import CheckFile, StartRun


@click.command()
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


@click.command("import")
@click.argument("kind", type=click.Choice(ImportKind, case_sensitive=False))
@click.argument("file", type=FILE)
@FIRM
@click.option("--dry-run", is_flag=True, help="Only say what would go in and what is wrong.")
def import_file(kind: ImportKind, file: Path, slug: str, *, dry_run: bool) -> None:
    """Take in candidates, applications or scorecards from a CSV or Excel file.

    Every problem is printed with its row; the good rows go in. Exit 1 when a row has a problem or the
    import had to stop.
    """
    with base.application():
        firm_id = base.firm_id(slug)
        command = CheckFile(firm_id=firm_id, actor=SYSTEM, kind=kind, filename=file.name, content=file.read_bytes())
        run = imports.check(command)
        told = _tell(run, 0)
        click.echo(f"{run.rows_good} of {run.rows_total} rows can go in.", err=True)
        if run.rows_good and not dry_run:
            imports.start(StartRun(firm_id=firm_id, actor=SYSTEM, run_id=run.id))
            run = imports.finish(firm_id, run.id, _progress)
            _tell(run, told)
            click.echo(run.why_failed or f"{run.rows_taken} of {run.rows_total} rows went in.", err=True)
    if run.problems or run.why_failed:
        sys.exit(1)


def _tell(run: ImportRun, told: int) -> int:
    """Print the problems after the first ``told``; return how many there are."""
    for problem in run.problems[told:]:
        words = f"{problem['field']}: {problem['message']}".removeprefix(": ")  # a row as a whole has no field
        click.echo(f"{run.filename}:{problem['row']}: {words}")
    return len(run.problems)


def _progress(run: ImportRun) -> None:
    click.echo(f"  {run.rows_read} of {run.rows_total}", err=True)
