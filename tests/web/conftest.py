"""The gallery of pages, served to a real browser."""

from collections.abc import Iterator

import pytest

from tests import chromium
from tests.web import gallery


@pytest.fixture(scope="session")
def gallery_address() -> Iterator[str]:
    with chromium.serving(gallery.make_app()) as address:
        yield address
