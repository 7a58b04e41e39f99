"""Many at once about one correction: it is queued once, asked about once, and read by one who decides."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Role
from recruiter.db.session import reading
from recruiter.feedback.models import FeedbackPoint
from recruiter.notices.models import Notice
from tests import mail, people
from tests.concurrency.test_notices import NOTICES, at_once, create, maya, post
from tests.slices.notices.conftest import change
from tests.slices.notices.forms import form, press
from tests.slices.notices.test_correction import RIGHT, write
from tests.slices.notices.test_second_reader import WRITTEN

__all__ = ["change", "maya", "post"]

pytestmark = pytest.mark.no_cover

MANY = 6


@pytest.fixture
def sent(app, alice, maya, post, change):
    change(maya.firm, hold_minutes=0)
    notice = alice.api.post(NOTICES, json=maya.body()).json
    mail.deliver(app, post)
    return notice


class Pressed:
    """Whoever writes, with a browser of their thread."""

    def __init__(self, browser):
        self.browser = browser


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


def test_a_draft_that_is_saved_while_its_person_is_erased_leaves_nothing(app, acme, alice, bob, maya):
    def save(browser):
        return press(Pressed(browser), maya, "save", points_0_text="Zebra cut the nightly job.")

    def erase(browser):
        return browser.post(f"/candidates/{maya.candidate.id}/erase", data={"reason": "ASKED"})

    answers = together(app, *[(bob, save)] * MANY, (alice, erase))
    assert all(answer.status_code < 500 for answer in answers)
    assert answers[-1].status_code == 303, answers[-1].text
    with app.app_context(), reading(acme.id) as session:
        texts = session.scalars(sa.select(FeedbackPoint.text).where(FeedbackPoint.firm_id == acme.id)).all()
        reasons = session.scalars(sa.select(Notice.reason).where(Notice.firm_id == acme.id)).all()
    assert {*texts, *reasons} <= {""}


def test_reading_and_sending_the_same_draft_wait_for_each_other(app, alice, bob, maya, sent, change):
    change(maya.candidate, country="DE")

    write(bob, maya, sent["id"])
    address = re.search(r"/notices/[0-9a-f-]{36}(?=/read)", alice.browser.get("/today").text)[0]
    seen = re.search(r'name="seen" value="([^"]+)"', alice.browser.get(f"{address}/read").text)[1]

    def release(browser):
        return browser.post(f"{address}/release", data={"seen": seen})

    def send(browser):
        return browser.post(address, data=form(do="send") | WRITTEN)

    answers = together(app, *[(alice, release), (bob, send)] * (MANY // 2))
    assert all(answer.status_code < 500 for answer in answers)
