"""Maya is told, answers, and is answered: the whole way in a real browser, with scripts and without."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from recruiter import clock
from recruiter.accounts.models import Firm
from tests import axe
from tests.browser.conftest import EMAIL, PASSWORD
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STRENGTH = "Your redesign cut the nightly job from 40 to 6 minutes."
GAP = "You came across as a bit young to lead on-call."
MENDED = "The role leads incidents. You told us about joining two; we were listening for one that you led."
QUESTION = "Which incident tool does the team use?"
RESPONSE = "I led the May incident."
ANSWER = "They write their own run books and use one pager. I can send you the outline."


class Recruiter:
    """Priya at her desk."""

    def __init__(self, page: Page, *, scripts: bool) -> None:
        self.page = page
        self.scripts = scripts

    def look(self) -> None:
        """Let axe look, once: without scripts the pages are the same."""
        if self.scripts:
            axe.nobody_is_left_out(self.page)

    def sign_in(self) -> None:
        self.page.goto("/")
        self.page.get_by_label("E-mail address").fill(EMAIL)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def sees_who_is_late(self) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text("1 person is waiting longer than we promised")
        expect(self.page.locator("[data-row]")).to_contain_text("2 days late")
        self.look()

    def write(self) -> None:
        """Open the composer for Maya and write a strength and a gap."""
        self.page.get_by_role("link", name="Write notice").first.click()
        expect(self.page.get_by_label("Reason for our records and the ATS")).to_have_value("CLO-OTHER")
        for kind, criterion, text in (("strength", "Data modelling", STRENGTH), ("gap", "Leading on-call", GAP)):
            self.page.get_by_role("button", name=f"Add a {kind}").click()
            card = self.page.get_by_role("group", name=re.compile(kind, re.IGNORECASE))
            expect(card.get_by_label("Criterion")).to_be_focused()
            card.get_by_label("Criterion").fill(criterion)
            card.get_by_label("What you saw").fill(text)

    def mend(self) -> None:
        """See what the checker stops and put better words."""
        if not self.scripts:
            self.page.get_by_role("button", name="Check and preview").click()
        expect(self.page.get_by_text("“a bit young” is about age")).to_be_visible()
        expect(self.page.locator("#main-action")).to_have_text(re.compile("Fix 1 problem to send"))
        self.look()
        if self.scripts:
            self.page.keyboard.press("Control+Enter")
            expect(self.page.get_by_role("button", name="Replace with")).to_be_focused()
            with self.page.expect_response(lambda response: "/notices/preview" in response.url):
                self.page.locator("#points-1-text").dispatch_event("input")  # what is checked again stays in hand
            expect(self.page.get_by_role("button", name="Replace with")).to_be_focused()
            expect(self.page.get_by_role("status")).to_have_text("1 problem to fix before sending.")
        self.page.locator("#points-1-text").fill(MENDED)
        if not self.scripts:
            self.page.get_by_role("button", name="Check and preview").click()
        expect(self.page.locator("#main-action")).to_have_text(re.compile("Queue notice"))
        if self.scripts:
            expect(self.page.locator("#points-1-findings")).to_contain_text("Fixed")
            expect(self.page.get_by_role("status")).to_have_text("Fixed. Nothing left to fix.")
        expect(self.page.get_by_role("region", name="Preview")).to_contain_text(MENDED)

    def queue(self) -> None:
        """Queue it to leave as soon as its hold has ended."""
        self.page.get_by_label("Send", exact=True).select_option("now")
        with self.page.expect_navigation():
            if self.scripts:
                self.page.keyboard.press("Control+Enter")
            else:
                self.page.locator("[data-main]").click()

    def sees_the_hold(self) -> None:
        strip = self.page.get_by_role("region", name="Waiting to leave")
        leaves = r"Your notice to Maya Ferreira leaves\s+(at|tomorrow) .*, in (9|10) minutes"  # over midnight too
        expect(strip).to_contain_text(re.compile(leaves))

    def undo(self) -> None:
        """Take it back, from the strip on another page or from its row; every word is still there."""
        self.page.goto("/outbox" if self.scripts else "/jobs")
        self.look()
        with self.page.expect_navigation():
            if self.scripts:
                self.page.keyboard.press("z")
            else:
                self.page.get_by_role("button", name="Undo").click()
        expect(self.page.locator("#points-0-text")).to_have_value(STRENGTH)
        expect(self.page.locator("#points-1-text")).to_have_value(MENDED)

    def hold_nothing(self) -> None:
        """Decide for the firm that notices leave at once, and go back to the notice."""
        notice = self.page.url
        self.page.goto("/settings/firm")
        self.page.get_by_label("Hold").fill("0")
        self.page.get_by_role("button", name="Save").click()
        self.page.goto(notice)

    def sees_the_answers(self) -> None:
        """See all four, and open the question."""
        self.page.goto("/today?split=replies")
        for said in ("said thanks", "disagrees with a point", "asked a question", "would like a call"):
            expect(self.page.locator("#main")).to_contain_text(said)
        row = self.page.locator("[data-row]", has_text="asked a question")
        row.get_by_role("link", name="Maya Ferreira", exact=True).click()
        expect(self.page.locator("#pane blockquote")).to_have_text(QUESTION)
        expect(self.page.locator("#pane")).not_to_have_class(re.compile("htmx"))  # has come to rest
        self.look()

    def reply(self) -> None:
        """Answer the question in hand."""
        self.page.get_by_label("Reply to Maya").fill(ANSWER)
        with self.page.expect_navigation():
            if self.scripts:
                self.page.keyboard.press("Control+Enter")
            else:
                self.page.get_by_role("button", name="Send reply").click()
        expect(self.page.locator("#main")).to_contain_text("Answered.")

    def log_call(self, day: dt.date) -> None:
        """Log a call from Maya's record, with a reminder."""
        self.page.goto("/today")
        self.page.locator("#pane").get_by_role("link", name="Maya Ferreira", exact=True).click()
        self.page.get_by_role("link", name="Log contact").click()
        self.look()
        self.page.get_by_label("We spoke").check()
        self.page.get_by_label("Note optional").fill("Went through the incident together.")
        self.page.get_by_label("Remind me").select_option("pick")
        self.page.get_by_label("Day of the reminder").fill(day.isoformat())
        self.page.get_by_role("button", name="Log contact").click()
        expect(self.page.locator("#main")).to_contain_text("Went through the incident together.")
        expect(self.page.locator("#main")).to_contain_text(f"{day.day} {day:%B}")
        self.look()


class Maya:
    """Maya on her phone."""

    def __init__(self, context: BrowserContext, link: str, *, scripts: bool) -> None:
        self.page = context.new_page()
        self.link = link
        self.scripts = scripts

    def look(self) -> None:
        if self.scripts:
            axe.nobody_is_left_out(self.page)

    def read(self) -> None:
        self.page.goto(self.link)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Data Engineer at Lumen Grid")
        letter = self.page.locator("main")
        for words in ("We will not be taking your application further.", STRENGTH, MENDED):
            expect(letter).to_contain_text(words)
        self.look()

    def answer(self) -> None:
        """Do everything that the page offers."""
        page = self.page
        page.get_by_role("button", name="Say thanks").click()
        expect(page.get_by_text("You said thanks")).to_be_visible()
        page.get_by_text("Respond to this point").click()
        page.get_by_label("Your response").fill(RESPONSE)
        page.get_by_label("I see this differently").check()
        page.get_by_role("button", name="Send response").click()
        expect(page.get_by_text(RESPONSE)).to_be_visible()
        page.get_by_text("Ask a question").click()
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Send question").click()
        expect(page.get_by_text(QUESTION)).to_be_visible()
        page.locator("summary", has_text="Ask for a call").click()
        page.get_by_label("When would suit you").fill("Mornings, +351 910 000 000")
        page.get_by_role("button", name="Ask for a call").click()
        expect(page.get_by_text("Mornings, +351 910 000 000")).to_be_visible()
        page.get_by_label("Yes, for 12 months").check()
        page.get_by_role("button", name="Save my choice").click()
        expect(page.get_by_text("You are in our talent pool until")).to_be_visible()
        page.get_by_label("Mostly").check()
        page.get_by_role("button", name="Send rating").click()
        expect(page.get_by_text("Your answer is counted without your name")).to_be_visible()
        self.look()


@pytest.fixture(
    params=[
        pytest.param(True, id="with scripts"),
        pytest.param(False, id="without scripts", marks=pytest.mark.once),
    ]
)
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def desk(chrome: Browser, site: str, scripts: bool) -> Iterator[Recruiter]:
    context = chrome.new_context(
        base_url=site, java_script_enabled=scripts, viewport={"width": 1440, "height": 1000}, reduced_motion="reduce"
    )
    yield Recruiter(context.new_page(), scripts=scripts)
    context.close()


@pytest.fixture
def phone(chrome: Browser, scripts: bool) -> Iterator[BrowserContext]:
    context = chrome.new_context(
        java_script_enabled=scripts, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    yield context
    context.close()


def test_the_main_job(
    desk: Recruiter, phone: BrowserContext, firm: Firm, smtp_sink: SmtpSink, deliver: Callable[[], None]
) -> None:
    desk.sign_in()
    desk.sees_who_is_late()
    desk.write()
    desk.mend()
    desk.queue()
    desk.sees_the_hold()
    desk.undo()
    desk.hold_nothing()
    desk.queue()
    deliver()

    (letter,) = smtp_sink.messages
    assert letter["Subject"] == "Your application for Data Engineer at Lumen Grid"
    assert letter["To"].addresses[0].addr_spec == "maya@example.com"
    maya = Maya(phone, link_in(letter), scripts=desk.scripts)
    maya.read()
    maya.answer()
    assert phone.cookies() == []

    desk.sees_the_answers()
    desk.reply()
    deliver()
    assert ANSWER not in smtp_sink.messages[1].get_body(("plain",)).get_content()
    maya.page.goto(maya.link)
    expect(maya.page.get_by_text(ANSWER)).to_be_visible()

    desk.log_call(clock.today("Europe/Lisbon") + dt.timedelta(days=91))


def link_in(message) -> str:
    """The address of the feedback page in a mail."""
    return re.search(r"http://\S+/f/[\w-]+", message.get_body(("plain",)).get_content()).group()
