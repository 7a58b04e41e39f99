"""The console script: every command by its name."""

import atexit
import gc

import click

from recruiter.cli.accounts import apikey, firm, member
from recruiter.cli.audit import audit
from recruiter.cli.base import Commands
from recruiter.cli.files import check, import_file
from recruiter.cli.mail import mail
from recruiter.cli.operating import db, doctor
from recruiter.cli.running import demo, serve, worker


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="recruiter")
def main() -> None:
    """Candidate communication for staffing firms."""


for command in (serve, worker, demo, db, doctor, mail, audit, firm, member, apikey, import_file, check):
    main.add_command(command)


# A process that ends gives its memory back at once; Python would first look through it all for most of a second.
atexit.register(gc.freeze)
