"""axe on a page that a browser shows: nothing that leaves somebody out."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe.from_file(Path(__file__).parents[1] / "frontend/node_modules/axe-core/axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def nobody_is_left_out(page: Page) -> None:
    """Every rule in the colours that the page is in."""
    _check(page, RULES)


def everybody_sees_the_colours(page: Page) -> None:
    """The rules about colour alone, for the other scheme of a page that was checked in one."""
    _check(page, COLOURS)


def _check(page: Page, options: dict[str, object]) -> None:
    found = AXE.run(page, options=options)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
