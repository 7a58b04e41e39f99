"""Attacks on a whole installation use the one that the tests of the whole start."""

from tests.commands import run  # noqa: F401 - a fixture, as the next ones
from tests.whole.conftest import api, mail_server, product, sink  # noqa: F401
