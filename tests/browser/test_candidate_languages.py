"""The candidate's page in other languages, in a firm's colour and from right to left: nobody is left out."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser

from recruiter.accounts import look
from recruiter.accounts.look import ChangeLook
from recruiter.accounts.models import Firm
from recruiter.audit.service import SYSTEM
from recruiter.db.session import transaction
from recruiter.notices.models import Notice
from tests import axe
from tests.maya import case
from tests.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.slow, pytest.mark.usefixtures("site")]

MOST_REQUESTS = 3
SEEN_BAIT = "[...document.querySelectorAll('[name=website]')].filter(each => each.parentElement.offsetWidth > 1).length"
SIDE = "document.querySelector('.act .i').getBoundingClientRect().x > window.innerWidth / 2"


@pytest.mark.parametrize(
    ("language", "words", "direction"), [("de", "de", "ltr"), ("fr", "fr", "ltr"), ("ar", "en", "rtl")]
)
def test_nobody_is_left_out(
    app: Flask, acme: Firm, alice: Person, chrome: Browser, language: str, words: str, direction: str
) -> None:
    with app.app_context():
        look.change(ChangeLook(firm_id=acme.id, actor=SYSTEM, colour="#aa3322", language="en"))
    queued = alice.api.post("/api/v1/notices", json=case(app, acme).body()).json
    with app.app_context(), transaction(acme.id) as session:
        [notice] = session.scalars(sa.select(Notice))
        notice.data = notice.data | {"language": language, "written_in": language}
    page = chrome.new_page(viewport=axe.WIDE, reduced_motion="reduce")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(queued["feedback_url"], wait_until="networkidle")
    assert len(asked) <= MOST_REQUESTS
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [words, direction]
    assert page.evaluate(SEEN_BAIT) == 0
    assert page.evaluate(SIDE) == (direction == "rtl")
    assert page.evaluate("getComputedStyle(document.querySelector('.btn--main')).backgroundColor") == "rgb(170, 51, 34)"
    assert axe.faults_on_every_screen(page) == []
    page.close()
