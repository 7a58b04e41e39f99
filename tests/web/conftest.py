"""The gallery of pages, served to a real browser; what a process logs."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from flask import Flask

from recruiter import logs
from tests import chromium
from tests.web import gallery


@pytest.fixture(scope="session")
def gallery_address(application: Flask) -> Iterator[str]:
    with chromium.serving(gallery.make_app(application.url_map)) as address:
        yield address


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The log lines of this process, read when called."""
    before = structlog.get_config()
    logs.configure("INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.configure(**before)
    for handler in [handler for handler in logging.getLogger().handlers if isinstance(handler, logs.Forward)]:
        logging.getLogger().removeHandler(handler)
    logging.captureWarnings(capture=False)
