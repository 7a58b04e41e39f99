"""What the scripts add: keys, the pane beside the list, the composer's live check."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def page(chrome: Browser, gallery_address: str) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1440, "height": 900}, base_url=gallery_address)
    yield context.new_page()
    context.close()


def test_j_goes_down_the_list_and_shows_the_item(page: Page) -> None:
    page.goto("/today-list")
    expect(page.locator("#pane")).not_to_contain_text("Aisha")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_text("Maya Ferreira")
    expect(page.locator("#pane h2")).to_have_text("Aisha Rahman")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(":focus")).to_have_text("Tomás Okafor")


def test_a_click_on_a_narrow_screen_opens_a_page(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto("/today")
    with page.expect_navigation():
        page.get_by_role("link", name="Maya Ferreira", exact=True).click()


def test_w_writes_to_the_person_in_hand(page: Page) -> None:
    page.goto("/today-list")
    page.keyboard.press("j")
    with page.expect_navigation(url="**/compose"):
        page.keyboard.press("w")


def test_r_goes_to_the_reply_and_letters_are_then_text(page: Page) -> None:
    page.goto("/today")
    page.keyboard.press("r")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("jkw?")
    expect(page.locator("#reply")).to_have_value(re.compile("jkw\\?"))


def test_g_and_a_letter_go_to_a_place(page: Page) -> None:
    page.goto("/today")
    page.keyboard.press("g")
    with page.expect_navigation(url="**/outbox"):
        page.keyboard.press("o")


def test_the_sheet_of_shortcuts_opens_and_closes(page: Page) -> None:
    page.goto("/today")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(sheet).to_be_visible()


def test_letters_do_nothing_for_who_switched_them_off(page: Page) -> None:
    page.goto("/today-no-keys")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_h_opens_the_menu_and_escape_closes_it(page: Page) -> None:
    page.goto("/today")
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="Tomorrow")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tomorrow")).to_be_hidden()
    page.keyboard.press("h")
    page.locator("h1").click()
    expect(page.get_by_role("button", name="Tomorrow")).to_be_hidden()


def test_one_click_puts_the_better_wording_and_the_check_follows(page: Page) -> None:
    page.goto("/compose")
    expect(page.locator("[data-main]")).to_contain_text("Fix 1 problem to send")
    with page.expect_response("**/compose/preview") as answer:
        page.get_by_role("button", name=re.compile("^Replace with")).click()
    assert answer.value.status == 200  # the token of the form went along
    expect(page.locator("#points-2-text")).to_have_value(
        re.compile("^You came across as You told us about joining two")
    )
    expect(page.locator("[data-main]")).to_contain_text("Queue notice")
    expect(page.locator("[data-finding]")).to_have_count(0)
    expect(page.locator("#points-2-text")).to_be_focused()


def test_f8_goes_from_finding_to_finding(page: Page) -> None:
    page.goto("/compose")
    page.keyboard.press("F8")
    expect(page.locator("#f1 :focus")).to_have_count(1)
    page.keyboard.press("F8")
    expect(page.locator("#f2 :focus")).to_have_count(1)
    page.keyboard.press("Shift+F8")
    expect(page.locator("#f1 :focus")).to_have_count(1)


def test_edit_myself_selects_the_words(page: Page) -> None:
    page.goto("/compose")
    page.locator("#f1").get_by_role("link", name="Edit myself").click()
    assert page.evaluate("getSelection().toString()") == "a bit young"


def test_a_long_text_says_how_much_room_is_left(page: Page) -> None:
    page.goto("/compose")
    left = page.locator("#points-0-text-count")
    expect(left).to_be_empty()
    page.locator("#points-0-text").fill("x" * 390)
    expect(left).to_have_text("10 characters left")
    page.locator("#points-0-text").fill("x" * 401)
    expect(left).to_have_text("1 character too long")


def test_control_and_enter_press_the_main_button(page: Page) -> None:
    page.goto("/compose-update")  # nothing in it has to be fixed first
    page.locator("#reason").focus()
    with page.expect_navigation() as gone:  # a page that is left on its way elsewhere may keep its context from closing
        page.keyboard.press("Control+Enter")
    sent = gone.value.request
    assert (sent.method, sent.url.endswith("/compose"), "do=send" in (sent.post_data or "")) == ("POST", True, True)


def test_a_message_is_said_by_the_status_region(page: Page) -> None:
    page.goto("/flash")
    expect(page.locator("#status")).to_have_text("Done. 24 left.")


def test_the_summary_of_problems_takes_the_focus(page: Page) -> None:
    page.goto("/compose-errors")
    expect(page.locator("[data-problems]")).to_be_focused()
    page.get_by_role("link", name="Enter what you saw for Leading on-call").click()
    expect(page.locator("#points-2-text")).to_be_focused()
