"""The commands as an operator runs them, on the database of this test run."""

import os
import sys
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from recruiter import cli, config
from recruiter.config import Settings

Run = Callable[..., Result]


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    """The variables that make a process use these settings, and what else a process needs."""
    ours = {
        "RECRUITER_DATA_DIR": str(settings.data_dir),
        "RECRUITER_DATABASE_URL": settings.database_url,
        "RECRUITER_MIGRATION_URL": settings.migration_url,
        "RECRUITER_MAIL_URL": settings.mail_url,
        "RECRUITER_MAIL_FROM": settings.mail_from,
        "RECRUITER_BASE_URL": settings.base_url,
        "RECRUITER_SECRET_KEY": settings.secret_key,
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("RECRUITER_")}
    return others | ours | changes


@pytest.fixture
def run(app, settings: Settings) -> Iterator[Run]:
    """Run one command in this process; returns exit code, standard output and standard error."""

    def invoke(*arguments: str, **changes: str) -> Result:
        return CliRunner().invoke(cli.main, arguments, env=environment(settings, **changes))

    yield invoke
    config.use(settings)
    sys.stderr.flush()
