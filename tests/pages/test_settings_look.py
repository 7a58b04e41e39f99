"""What nobody who has signed in sees, and a settings page without a script; the rest is among all pages."""

import pytest
from flask_security.utils import hash_password

from recruiter.accounts import invitations, sign_in
from recruiter.accounts.invitations import Invite
from recruiter.accounts.models import Role
from recruiter.accounts.service import themself
from tests import axe, chromium

pytestmark = [pytest.mark.browser, pytest.mark.once]

PASSWORD = "correct horse battery"


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


@pytest.fixture
def look(chrome, address):
    """What is wrong with each page, in the session of this member or in none: accessibility, console, width."""
    contexts = []

    def look(paths, member=None):
        context = chrome.new_context(base_url=address, viewport=axe.WIDE, reduced_motion="reduce")
        contexts.append(context)
        axe.come_with_every_page(context)
        if member is not None:
            session = member.browser.get_cookie("recruiter").value
            context.add_cookies([{"name": "recruiter", "value": session, "url": address}])
        page = context.new_page()
        wrong = []
        page.on("console", lambda message: wrong.append(f"{page.url} {message.text}"))
        for path in paths:
            assert page.goto(path).status == 200
            wrong += axe.faults_on_every_screen(page)
        return wrong

    yield look
    for context in contexts:
        context.close()


def test_the_doors_are_open_to_everybody(look, join):
    assert look(["/login", "/reset-password", join]) == []


def test_an_open_invitation_is_shown_to_everybody(look, alice, join):
    assert look(["/settings/members"], alice) == []


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
