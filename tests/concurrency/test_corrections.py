"""Many at once about one correction: it is queued once, asked about once, and read by one who decides."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from recruiter.accounts.models import Role
from tests import mail, people
from tests.concurrency.test_notices import NOTICES, at_once, create, maya, post
from tests.slices.notices.conftest import change
from tests.slices.notices.test_correction import RIGHT, write

__all__ = ["change", "maya", "post"]

MANY = 6


@pytest.fixture
def sent(app, alice, maya, post, change):
    change(maya.firm, hold_minutes=0)
    notice = alice.api.post(NOTICES, json=maya.body()).json
    mail.deliver(app, post)
    return notice


def together(app, *presses):
    """Do each with a browser of its own, all at the same moment; return the answers in the same order."""
    ready = threading.Barrier(len(presses))

    def press(pressed):
        person, act = pressed
        browser = people.browser(app, person.member)
        ready.wait(20)
        return act(browser)

    with ThreadPoolExecutor(len(presses)) as threads:
        return list(threads.map(press, presses))


def test_the_same_correction_is_queued_once(app, alice, maya, sent):
    body = {"application_id": str(maya.application.id), "kind": "correction", "corrects": sent["id"], "reason": RIGHT}
    answers = at_once(app, alice, *[create(body)] * MANY)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (MANY - 1)
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"already_told"}


def test_one_question_and_one_answer_count(app, acme, alice, bob, maya, sent, change):
    change(maya.candidate, country="DE")
    carol = people.person(app, acme, "Carol Reader", Role.RECRUITER)

    class Pressed:
        """Whoever writes the correction, with a browser of this thread."""

        def __init__(self, browser):
            self.browser = browser

    asked = together(app, *[(bob, lambda browser: write(Pressed(browser), maya, sent["id"]))] * MANY)
    assert sorted(answer.status_code for answer in asked) == [303] + [409] * (MANY - 1)
    (draft,) = alice.api.get(NOTICES, query_string={"state": "draft"}).json["items"]

    at = f"/notices/{draft['id']}"
    seen = re.search(r'name="seen" value="([^"]+)"', alice.browser.get(f"{at}/read").text)[1]
    release = [
        (person, lambda browser: browser.post(f"{at}/release", data={"seen": seen})) for person in (alice, carol)
    ]
    back = (carol, lambda browser: browser.post(f"{at}/return", data={"note": "Not yet."}))
    again = (bob, lambda browser: browser.post(f"{at}/discard"))
    answers = together(app, *release * 2, back, again)

    assert {answer.status_code for answer in answers} <= {303, 404, 409}
    shown = alice.api.get(f"{NOTICES}/{draft['id']}")
    if shown.status_code == 200 and shown.json["state"] == "held":
        assert shown.json["read_by"] in {alice.member.email, carol.member.email}
    assert len([each for each in alice.api.get(NOTICES).json["items"] if each["kind"] == "correction"]) <= 1
