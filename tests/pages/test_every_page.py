"""Every page of the product, below a path of its own: whole, and every link, form and request of it stays there."""

import re

import pytest
from werkzeug.exceptions import HTTPException

from tests import markup, sample

PREFIX = "/recruiting"
BELOW = f"http://localhost{PREFIX}"
ADDRESS = re.compile(r'\b(?:href|action|formaction|src|hx-get|hx-post)="(/[^"]*)"')
ANSWERS = {200, 302, 303, 308, 409}  # a composer for an address that takes no mail says so, with 409, and what to do
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')

pytestmark = [pytest.mark.no_cover, pytest.mark.slow]


@pytest.fixture(scope="module")
def priya(application, empty):
    """The browser of the sample firm's recruiter, and the addresses of the pages it has."""
    with sample.made(application, empty) as made:
        yield sample.browser(application, made), sample.addresses(application, made), sample.letters(application, made)


@pytest.fixture(scope="module")
def pages(application, priya):
    """Every page, by its address."""
    browser, addresses, letters = priya
    visited = {path: browser.get(path, base_url=BELOW) for path in addresses}
    reader = application.test_client()
    return visited | {path: reader.get(path, base_url=BELOW) for path in (*letters, *sample.PUBLIC)}


@pytest.mark.once
def test_every_page_is_whole(pages):
    """No fault of structure, and nothing inline that the content policy would refuse."""
    wrong = {path: found for path, answer in pages.items() if (found := faults(answer))}

    assert wrong == {}
    assert len(pages) > 40


@pytest.mark.once
def test_every_address_of_every_page_stays_below_the_prefix(pages):
    astray = {path: found for path, page in pages.items() if (found := [a for a in addresses(page) if is_astray(a)])}

    assert astray == {}


@pytest.mark.once
def test_every_kind_of_link_leads_somewhere(application, pages, priya):
    browser, _addresses, _letters = priya
    links = {link.replace("&amp;", "&") for page in pages.values() for link in LINK.findall(page.text)}
    one_of_each = {kind(application, link): link for link in sorted(links)}
    answers = {link: browser.get(link.removeprefix(PREFIX), base_url=BELOW) for link in one_of_each.values()}
    lost = {link: answer.status for link, answer in answers.items() if answer.status_code not in ANSWERS}

    assert lost == {}
    assert len(one_of_each) > 40


def test_redirects_stay_below_the_prefix(alice):
    home = alice.browser.get("/", base_url=BELOW)
    asked = alice.browser.application.test_client().get("/today", base_url=BELOW)

    assert home.headers["Location"] == f"{PREFIX}/today"
    assert asked.headers["Location"].startswith(f"{PREFIX}/login")


def faults(answer):
    if answer.status_code not in {200, 410}:
        return [answer.status]
    return markup.faults(answer.text)


def addresses(page) -> list[str]:
    return [address.replace("&amp;", "&") for address in ADDRESS.findall(page.text)]


def is_astray(address: str) -> bool:
    return not address.startswith(f"{PREFIX}/")


def kind(application, link: str) -> tuple[str, frozenset[str]] | str:
    """The route of an address and the names in its query: links that differ in nothing else are of one kind."""
    path, _, query = link.removeprefix(PREFIX).partition("?")
    try:
        route, _arguments = application.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return link
    return route, frozenset(part.partition("=")[0] for part in query.partition("#")[0].split("&"))
