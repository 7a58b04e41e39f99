"""Takes the picture of Today that the README shows, from the sample firm, in a real browser."""

import os
import re
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.product import Product

TARGET = Path(__file__).parent / "today.png"
SIZE = {"width": 1440, "height": 900}


def main() -> None:
    """Serve a new sample firm, sign in as its first member, and keep what Today looks like."""
    with tempfile.TemporaryDirectory(prefix="screenshot-") as folder:
        log = Path(folder) / "log"
        variables = os.environ | {"RECRUITER_DATA_DIR": str(Path(folder) / "instance")}
        with Product(variables, log, "demo") as product:
            take(product.url, *credentials(log.read_text()))
    print(f"{TARGET.name} is new.")


def credentials(printed: str) -> tuple[str, str]:
    """Return address and password from what `recruiter demo` prints."""
    found = re.search(r"as (\S+@\S+) with the password +(\S+)", printed)
    if found is None:
        raise SystemExit(f"No sign-in was printed:\n{printed}")
    return found[1], found[2]


def take(url: str, email: str, password: str) -> None:
    """Sign in and take the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.binary(), args=list(chromium.QUIET))
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce", base_url=url)
        page.goto("/login")
        page.fill("[name=email]", email)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/today")
        page.get_by_role("link", name="Aisha Rahman", exact=True).click()
        page.locator("#pane blockquote").wait_for()
        page.evaluate("scrollTo(0, 0)")
        page.mouse.move(0, 0)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
