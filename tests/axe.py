"""axe on a page that a browser shows: what leaves somebody out."""

from collections.abc import Mapping

from playwright.sync_api import BrowserContext, Page

from tests import chromium

SOURCE = chromium.AXE.read_text()
# What passes is not asked for: to describe it takes longer than to find what does not.
ONLY_FAULTS = {"resultTypes": ["violations"]}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]} | ONLY_FAULTS
# The rules about colour alone, for the other scheme of a page that was checked whole in one.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}} | ONLY_FAULTS

WIDE = {"width": 1440, "height": 1600}
# Where the navigation still stands beside the page, and a phone.
NARROW = {"tablet": {"width": 780, "height": 1600}, "phone": {"width": 320, "height": 1600}}


def come_with_every_page(context: BrowserContext) -> None:
    """Let the browser keep axe, for to send it anew to each page takes longer than most of its rules."""
    context.add_init_script(SOURCE)


def faults(page: Page, rules: Mapping[str, object] = RULES) -> list[str]:
    """What breaks these rules, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE)
    found = page.evaluate("rules => axe.run(document, rules).then(result => result.violations)", dict(rules))
    return [f"{page.url} {rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def faults_on_every_screen(page: Page) -> list[str]:
    """What is wrong in light, in dark, and on screens as narrow as a tablet's and a phone's can be; it is left wide."""
    found = faults(page)
    page.emulate_media(color_scheme="dark")
    found += faults(page, COLOURS)
    page.emulate_media(color_scheme="light")
    for screen, size in NARROW.items():
        page.set_viewport_size(size)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{page.url} is {over} pixels too wide for a {screen}"] if over > 0 else []
    page.set_viewport_size(WIDE)
    return found


def nobody_is_left_out(page: Page) -> None:
    """Fail when the page breaks a rule."""
    assert faults(page) == []
