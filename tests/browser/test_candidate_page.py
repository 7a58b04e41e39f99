"""The candidate's page: light, from one place, and left as it was by whoever only looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page

from recruiter.accounts.models import Firm
from recruiter.db.session import reading
from recruiter.notices import links
from recruiter.notices.models import FeedbackPage
from recruiter.tables import metadata
from tests.maya import case
from tests.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOST = 30_000  # bytes


@dataclass(frozen=True)
class Load:
    """What a browser asked for to show one page, and how many bytes came over the line."""

    urls: list[str]
    size: int
    cookies: list[dict[str, object]]
    headers: list[dict[str, str]]


@pytest.fixture
def path(app: Flask, acme: Firm, alice: Person) -> str:
    """Where the page of a letter is, just after it left."""
    maya = case(app, acme)
    queued = alice.api.post("/api/v1/notices", json=maya.body())
    assert queued.status_code == 201, queued.text
    with app.app_context(), reading(acme.id) as session:
        page = session.scalars(sa.select(FeedbackPage)).one()
    return f"/f/{links.token(page.id, page.version)}"


@pytest.fixture
def load(chrome: Browser, site: str, path: str) -> Iterator[Load]:
    """The page on a phone that never saw it before and runs no scripts."""
    context = chrome.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sizes = _sizes(page)
    headers: list[dict[str, str]] = []
    page.on("response", lambda response: headers.append(response.headers))
    page.goto(f"{site}{path}", wait_until="networkidle")
    yield Load(list(sizes), sum(sizes.values()), context.cookies(), headers)
    context.close()


def test_it_is_light_and_asks_nobody_else(site: str, load: Load) -> None:
    assert all(url.startswith(site) for url in load.urls)
    assert load.size <= MOST


def test_it_keeps_nothing_in_the_browser(load: Load) -> None:
    assert load.cookies == []
    assert not any("set-cookie" in headers for headers in load.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?print=1", "?done=thanks"])
def test_whoever_only_looks_changes_nothing(app: Flask, acme: Firm, path: str, method: str, query: str) -> None:
    before = everything(app, acme)
    answer = app.test_client().open(f"{path}{query}", method=method)
    assert answer.status_code == 200
    assert everything(app, acme) == before


def everything(app: Flask, firm: Firm) -> dict[str, list[object]]:
    """Every row of the database that the firm has."""
    with app.app_context(), reading(firm.id) as session:
        return {table.name: sorted(map(repr, session.execute(sa.select(table)))) for table in metadata.tables.values()}


def _sizes(page: Page) -> dict[str, int]:
    """Count by address what comes over the line, heads and compression included, as Chromium counts it."""
    line = page.context.new_cdp_session(page)
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    line.on("Network.responseReceived", lambda event: urls.setdefault(event["requestId"], event["response"]["url"]))
    line.on(
        "Network.loadingFinished",
        lambda event: sizes.__setitem__(urls[event["requestId"]], int(event["encodedDataLength"])),
    )
    line.send("Network.enable")
    return sizes
