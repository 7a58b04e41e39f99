"""A real browser for tests: the machine's own Chromium, headless, talking to this machine only."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

AXE = Path(__file__).parents[1] / "frontend/node_modules/axe-core/axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@functools.cache
def binary() -> str | None:
    """The path of the first Chromium on the PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def require() -> str:
    """The path of Chromium; skip, or fail where ``RECRUITER_TEST_REQUIRE`` names ``browser``."""
    found = binary()
    if found is None and "browser" in os.environ.get("RECRUITER_TEST_REQUIRE", ""):
        pytest.fail("Chromium is missing, and RECRUITER_TEST_REQUIRE names it.")
    if found is None:
        pytest.skip("Chromium is missing (Debian: apt install chromium).")
    return found


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser and close it with the block."""
    path = require()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application on loopback for the block; yield its address."""
    server: Any = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
