"""The commands as an operator runs them, on the database of this test run."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from recruiter import config
from recruiter.cli.main import main
from recruiter.config import Settings
from tests.product import environment

Run = Callable[..., Result]


@pytest.fixture
def run(app, settings: Settings) -> Iterator[Run]:
    """Run one command in this process; returns exit code, standard output and standard error."""

    def invoke(*arguments: str, **changes: str) -> Result:
        return CliRunner().invoke(main, arguments, env=environment(settings, **changes))

    yield invoke
    config.use(settings)
