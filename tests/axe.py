"""axe on a page that a browser shows: what leaves somebody out."""

from collections.abc import Mapping
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe.from_file(Path(__file__).parents[1] / "frontend/node_modules/axe-core/axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The rules about colour alone, for the other scheme of a page that was checked whole in one.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def faults(page: Page, rules: Mapping[str, object] = RULES) -> list[str]:
    """What breaks these rules, one line for each element."""
    found = AXE.run(page, options=dict(rules)).response["violations"]
    return [f"{page.url} {rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def nobody_is_left_out(page: Page) -> None:
    """Fail when the page breaks a rule."""
    assert faults(page) == []
