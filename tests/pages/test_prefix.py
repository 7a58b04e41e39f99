"""The product below a path of its own: every link, form and request of its pages stays there."""

import re

import pytest

from tests import sample

PREFIX = "/recruiting"
BELOW = f"http://localhost{PREFIX}"
ADDRESS = re.compile(r'\b(?:href|action|formaction|src|hx-get|hx-post)="(/[^"]*)"')


@pytest.mark.once
def test_every_address_of_every_page_stays_below_the_prefix(application, empty):
    with sample.made(application, empty) as made:
        browser, reader = sample.browser(application, made), application.test_client()
        pages = {path: browser.get(path, base_url=BELOW) for path in sample.addresses(application, made)}
        pages |= {
            path: reader.get(path, base_url=BELOW) for path in [*sample.letters(application, made), *sample.PUBLIC]
        }
        main = {address for path in ("/today", "/candidates", "/outbox", "/pool") for address in links(pages[path])}
        lost = {
            address: answer.status
            for address in sorted(main)
            if (answer := browser.get(address.removeprefix(PREFIX), base_url=BELOW)).status_code >= 400
        }

    astray = {path: found for path, page in pages.items() if (found := [a for a in addresses(page) if is_astray(a)])}
    assert astray == {}
    assert lost == {}
    assert len(main) > 20


def test_redirects_stay_below_the_prefix(alice):
    home = alice.browser.get("/", base_url=BELOW)
    asked = alice.browser.application.test_client().get("/today", base_url=BELOW)

    assert home.headers["Location"] == f"{PREFIX}/today"
    assert asked.headers["Location"].startswith(f"{PREFIX}/login")


def addresses(page) -> list[str]:
    return [address.replace("&amp;", "&") for address in ADDRESS.findall(page.text)]


def links(page) -> list[str]:
    found = re.findall(r'<a\b[^>]*\bhref="(/[^"]*)"', page.text)
    return [address.replace("&amp;", "&") for address in found]


def is_astray(address: str) -> bool:
    return not address.startswith(f"{PREFIX}/")
