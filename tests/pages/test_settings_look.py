"""The pages of accounts in a real browser: accessible in light and dark, whole on a small phone, without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_security.utils import hash_password

from recruiter.accounts import invitations, sign_in
from recruiter.accounts.invitations import Invite
from recruiter.accounts.models import Role
from recruiter.accounts.service import themself
from tests import chromium

pytestmark = [pytest.mark.browser, pytest.mark.once]

AXE = Axe.from_file(chromium.AXE)
PASSWORD = "correct horse battery"
SETTINGS = ["/settings/profile", "/settings/password", "/settings/members", "/settings/keys", "/settings/firm"]
SCREENS = [("light", 1440), ("dark", 320)]


@pytest.fixture
def address(app):
    with chromium.serving(app) as address:
        yield address


@pytest.fixture
def join(app, alice):
    """The path of an open invitation."""
    command = Invite(firm_id=alice.firm.id, email="maya@example.com", role=Role.LEAD, actor=themself(alice.member))
    with app.app_context():
        return invitations.invite(command).url.removeprefix("http://localhost")


@pytest.fixture
def password(app, alice):
    command = sign_in.ChangePassword
    with app.app_context():
        hashed, mark = hash_password(PASSWORD), alice.member.fs_uniquifier
        sign_in.change_password(
            command(firm_id=alice.firm.id, member_id=alice.member.id, password_hash=hashed, session_mark=mark)
        )
    return PASSWORD


def look(page, paths):
    """What is wrong with each page: accessibility, console, width."""
    said, wrong = [], {}
    page.on("console", lambda message: said.append(message.text))
    for path in paths:
        answer = page.goto(path, wait_until="networkidle")
        found = AXE.run(page, options=chromium.RULES)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if answer.status != 200 or found.violations_count or over > 0 or said:
            wrong[path] = (answer.status, found.generate_report(), over, said.copy())
    page.context.close()
    return wrong


@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_the_doors_are_open_to_everybody(chrome, address, join, scheme, width):
    screen = {"color_scheme": scheme, "viewport": {"width": width, "height": 2400}}
    page = chrome.new_context(base_url=address, reduced_motion="reduce", **screen).new_page()

    assert look(page, ["/login", "/reset-password", join]) == {}


@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_the_settings_are_open_to_everybody(chrome, address, alice, join, scheme, width):
    screen = {"color_scheme": scheme, "viewport": {"width": width, "height": 2400}}
    context = chrome.new_context(base_url=address, reduced_motion="reduce", **screen)
    session = alice.browser.get_cookie("recruiter").value
    context.add_cookies([{"name": "recruiter", "value": session, "url": address}])

    assert look(context.new_page(), SETTINGS) == {}


def test_signing_in_and_making_a_key_needs_no_script(chrome, address, alice, password):
    page = chrome.new_context(base_url=address, java_script_enabled=False).new_page()
    page.goto("/settings/keys")
    page.get_by_label("E-mail address").fill(alice.member.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("What it is for").fill("Greenhouse")
    page.get_by_label("Read: see everything").check()
    page.get_by_role("button", name="Make key").click()

    assert page.get_by_label("The key").input_value().startswith("rk_")
    page.get_by_role("link", name="Revoke , Greenhouse").click()
    page.get_by_role("button", name="Revoke").click()
    assert page.get_by_text("The key “Greenhouse” opens nothing any more.").is_visible()
    page.context.close()
