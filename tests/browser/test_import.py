"""An import in a real browser: the page follows its progress by itself, and without a script by a link."""

import pytest
from playwright.sync_api import expect

from recruiter.imports import service

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.slow]

PEOPLE = b"Name,E-mail\nMaya Ferreira,maya@example.com\nOlga Brandt,olga@\n"


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_the_page_follows_an_import(app, site, alice, chrome, script):
    name = app.config["SESSION_COOKIE_NAME"]
    context = chrome.new_context(base_url=site, java_script_enabled=script)
    context.add_cookies([{"name": name, "value": alice.browser.get_cookie(name).value, "url": site}])
    page = context.new_page()
    page.goto("/imports")
    page.set_input_files("#file", {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE})
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("1 row can go in, 1 cannot.")).to_be_visible()
    expect(page.get_by_role("cell", name="Enter an address such as name@example.com.")).to_be_visible()
    page.get_by_role("button", name="Import the 1 good row").click()
    expect(page.get_by_role("progressbar")).to_be_visible()

    with app.app_context():
        service.work()
    if not script:
        page.get_by_role("link", name="Look again").click()

    expect(page.get_by_text("1 imported. 1 row to mend.")).to_be_visible()
    page.get_by_role("link", name="See the rows to mend").click()
    expect(page.get_by_role("cell", name="olga@", exact=True)).to_be_visible()
    context.close()
