"""The pages of webhooks in a real browser: accessible in light and dark, whole on a small phone, without a script."""

import re

import pytest

from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.webhooks import service, worker
from recruiter.webhooks.service import Event, EventType
from tests import axe, chromium
from tests.receiver import Receiver

pytestmark = [pytest.mark.browser, pytest.mark.once]

LIST = "/settings/webhooks"
EVERYTHING = [event.value for event in EventType]


@pytest.fixture
def address(app):
    with chromium.serving(app) as address:
        yield address


@pytest.fixture
def paths(app, acme, alice):
    """The pages of a webhook that works, of one that fails, of one that is off, and of a delivery."""
    with Receiver() as receiver, Receiver(statuses=[503] * 9) as failing, Receiver(statuses=[410]) as gone:
        for each in (receiver, failing, gone):
            alice.browser.post(LIST, data={"url": each.url, "events": EVERYTHING})
        found = list(dict.fromkeys(re.findall(rf'href="({LIST}/[-0-9a-f]{{36}})"', alice.browser.get(LIST).text)))
        for kind in EventType:
            event = Event(type=kind, subject_id=new_id(), candidate_id=new_id(), state="sent")
            with app.app_context(), transaction(acme.id) as session:
                service.emit(session, acme.id, event)
        with app.app_context():
            while worker.of(app).reach_out():
                worker.of(app).finish()
        worker.of(app).close()
    one = re.search(rf'href="({LIST}/[^"]+/deliveries/[^"]+)"', alice.browser.get(found[1]).text)[1]
    return [LIST, *found, one, f"{found[0]}/secret", f"{found[0]}/remove"]


def signed_in(context, address, person):
    session = person.browser.get_cookie("recruiter").value
    context.add_cookies([{"name": "recruiter", "value": session, "url": address}])
    axe.come_with_every_page(context)
    return context.new_page()


def test_the_pages_are_open_to_everybody(chrome, address, alice, paths):
    page = signed_in(chrome.new_context(base_url=address, viewport=axe.WIDE, reduced_motion="reduce"), address, alice)
    wrong = []
    page.on("console", lambda message: wrong.append(f"{page.url} {message.text}"))
    for path in paths:
        assert page.goto(path).status == 200
        wrong += axe.faults_on_every_screen(page)
    page.context.close()

    assert wrong == []


def test_adding_testing_and_switching_off_needs_no_script(chrome, address, app, alice):
    with Receiver() as receiver:
        context = chrome.new_context(base_url=address, java_script_enabled=False)
        page = signed_in(context, address, alice)
        page.goto(LIST)
        page.get_by_label("Address", exact=True).fill(receiver.url)
        page.get_by_label("A candidate answered").check()
        page.get_by_role("button", name="Add webhook").click()
        assert page.get_by_label("The secret").input_value().startswith("whsec_")

        page.get_by_role("table").get_by_role("link", name=receiver.url).click()
        page.get_by_role("button", name="Send a test event").click()
        assert page.get_by_text("The test is on its way.").is_visible()
        page.get_by_role("button", name="Switch off").click()
        assert page.get_by_text("It is told nothing until you switch it on.").is_visible()
        context.close()
