"""Every page of the sample firm in a real browser: nobody is left out, nothing is refused, nothing runs off."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests import axe, chromium, sample

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.slow]

Site = tuple[str, dict[str, str], list[str]]

PARTS = 2  # so that two workers can look at once


@pytest.fixture
def pages(application: Flask, empty: Callable[[], None]) -> Iterator[Site]:
    """Where the product is, the cookie of the recruiter's session, and the addresses of all pages."""
    with sample.made(application, empty) as made, chromium.serving(application) as address:
        client = sample.browser(application, made)
        found = [*sample.addresses(application, made), *sample.letters(application, made)]
        name = application.config["SESSION_COOKIE_NAME"]
        yield address, {"name": name, "value": client.get_cookie(name).value, "url": address}, found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_for_everybody(chrome: Browser, pages: Site, part: int) -> None:
    address, cookie, paths = pages
    context = chrome.new_context(base_url=address, viewport=axe.WIDE, reduced_motion="reduce")
    context.add_cookies([cookie])
    axe.come_with_every_page(context)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url} {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    wrong = []
    for path in paths[part::PARTS]:
        page.goto(path)
        wrong += axe.faults_on_every_screen(page)
    context.close()
    assert wrong == []
    assert [line for line in said if "410 (GONE)" not in line] == []
