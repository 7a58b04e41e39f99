"""Pages of the gallery in a real browser: accessibility, the content policy and small screens."""

import gzip

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests import axe
from tests.web import gallery

pytestmark = [pytest.mark.browser, pytest.mark.once]

CANDIDATE = [name for name in gallery.PAGES if name.startswith("f/")]
# What tests/browser does not come across among the pages of the sample firm.
RARE = [
    "today-empty",
    "compose-errors",
    "compose-email",
    "f/preview",
    "f/print",
    "f/came-back",
    "f/errors",
    "f/expired",
    "f/erased",
    "f/gone",
    "error",
]


def visit(browser: Browser, address: str, name: str, **context: object) -> tuple[Page, list[str]]:
    """Open a page of the gallery; return it and everything that its console said."""
    page = browser.new_context(reduced_motion="reduce", **context).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/{name}")
    return page, said


@pytest.mark.parametrize("name", RARE)
def test_nobody_is_left_out(chrome: Browser, gallery_address: str, name: str) -> None:
    page, said = visit(chrome, gallery_address, name, viewport={"width": 1440, "height": 1600})
    found = axe.faults(page)
    page.emulate_media(color_scheme="dark")
    found += axe.faults(page, axe.COLOURS)
    page.set_viewport_size({"width": 320, "height": 1600})
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.context.close()
    assert found == []
    assert over <= 0
    assert said == []


@pytest.mark.parametrize("name", ["f/letter", "f/came-back"])
def test_a_candidates_page_is_light_and_comes_from_one_place(chrome: Browser, gallery_address: str, name: str) -> None:
    page = chrome.new_context(java_script_enabled=False).new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.__setitem__(response.url, len(gzip.compress(response.body()))))
    page.goto(f"{gallery_address}/{name}", wait_until="networkidle")
    page.context.close()
    assert all(url.startswith(gallery_address) for url in sizes)
    assert len(sizes) == 3
    assert sum(sizes.values()) <= 30_000


@pytest.mark.parametrize("name", [name for name in CANDIDATE if name != "f/print"])
def test_a_candidates_page_has_no_script(application: Flask, name: str) -> None:
    assert b"<script" not in gallery.make_app(application.url_map).test_client().get(f"/{name}").data


@pytest.mark.parametrize("name", [name for name in CANDIDATE if name != "f/preview"])
def test_a_thumb_hits_what_a_candidate_presses(chrome: Browser, gallery_address: str, name: str) -> None:
    page, _ = visit(chrome, gallery_address, name, viewport={"width": 390, "height": 844})
    small = page.locator("main :is(button, summary, .foot a, .sign a, .check, .choice label)").evaluate_all(
        """all => all.filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.9)
                     .map(one => one.outerHTML)"""
    )
    page.context.close()
    assert small == []


@pytest.mark.parametrize("width", [390, 820])
def test_the_letter_is_whole_on_small_screens(chrome: Browser, gallery_address: str, width: int) -> None:
    page, _ = visit(chrome, gallery_address, "compose", viewport={"width": width, "height": 844})
    hidden = page.locator(".paper").evaluate("paper => paper.scrollHeight - paper.clientHeight")
    page.context.close()
    assert hidden <= 0
