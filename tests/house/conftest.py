"""House tests run the commands."""

from tests.commands import run  # noqa: F401 - a fixture
