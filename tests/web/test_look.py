"""Every page of the gallery in a real browser: accessibility, the content policy and small screens."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web import gallery

pytestmark = [pytest.mark.browser, pytest.mark.once]

AXE = Axe.from_file(Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WHOLE = [name for name in gallery.PAGES if name not in gallery.FRAGMENTS]
CANDIDATE = [name for name in WHOLE if name.startswith("f/")]


def visit(browser: Browser, address: str, name: str, **context: object) -> tuple[Page, list[str]]:
    """Open a page of the gallery; return it and everything that its console said."""
    page = browser.new_context(reduced_motion="reduce", **context).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/{name}", wait_until="networkidle")
    return page, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", WHOLE)
def test_nobody_is_left_out(chrome: Browser, gallery_address: str, name: str, scheme: str) -> None:
    page, said = visit(chrome, gallery_address, name, color_scheme=scheme, viewport={"width": 1440, "height": 2400})
    found = AXE.run(page, options=RULES)
    page.context.close()
    assert found.violations_count == 0, found.generate_report()
    assert said == []


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_runs_off_a_small_phone(chrome: Browser, gallery_address: str, name: str) -> None:
    page, _ = visit(chrome, gallery_address, name, viewport={"width": 320, "height": 6000})
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = AXE.run(page, options=RULES)
    page.context.close()
    assert over <= 0
    assert found.violations_count == 0, found.generate_report()


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
def test_a_candidates_page_has_no_script(name: str) -> None:
    assert b"<script" not in gallery.make_app().test_client().get(f"/{name}").data


@pytest.mark.parametrize("name", [name for name in CANDIDATE if name != "f/preview"])
def test_a_thumb_hits_what_a_candidate_presses(chrome: Browser, gallery_address: str, name: str) -> None:
    page, _ = visit(chrome, gallery_address, name, viewport={"width": 390, "height": 844})
    small = page.locator("main :is(button, summary, .foot a, .sign a, .check, .choice label)").evaluate_all(
        """all => all.filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.9)
                     .map(one => one.outerHTML)"""
    )
    page.context.close()
    assert small == []
