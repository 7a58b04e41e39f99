"""Many at once on one list: notes of one interview come together on one card, and a full library stays full."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from recruiter.applications import queries as applications
from recruiter.audit.service import SYSTEM
from recruiter.db.session import reading, transaction
from recruiter.resources import service as library
from recruiter.resources.models import Resource
from recruiter.scorecards import service as scorecards
from recruiter.scorecards.models import Scorecard, ScorecardNote
from recruiter.scorecards.service import Card, Note
from tests.concurrency.test_corrections import together
from tests.concurrency.test_notices import maya
from tests.slices.resources.test_library import GUIDE, PAGE

__all__ = ["maya"]

pytestmark = pytest.mark.no_cover

MANY = 6


def test_rows_of_two_files_about_one_interview_make_one_card(app, acme, maya):
    ready = threading.Barrier(MANY)

    def take(number):
        with app.app_context():
            ready.wait(20)
            with transaction(acme.id) as session:
                application = applications.get_application(session, acme.id, maya.application.id)
                card = Card(interviewer="Ines Sousa", moment="second call", notes=(Note(criterion=f"Thing {number}"),))
                scorecards.take_note(session, application, SYSTEM, card)

    with ThreadPoolExecutor(MANY) as threads:
        list(threads.map(take, range(MANY)))

    with app.app_context(), reading(acme.id) as session:
        cards = session.scalars(sa.select(Scorecard).where(Scorecard.firm_id == acme.id)).all()
        positions = session.scalars(sa.select(ScorecardNote.position).order_by(ScorecardNote.position)).all()
    assert len(cards) == 1
    assert positions == list(range(MANY))


def test_the_last_place_of_the_library_is_given_once(app, acme, alice, monkeypatch):
    monkeypatch.setattr(library, "MOST", 1)

    def add(number):
        url = f"https://www.guides.example.org/{number}"
        return alice, lambda browser: browser.post(PAGE, data=GUIDE | {"url": url})

    together(app, *map(add, range(MANY)))

    with app.app_context(), reading(acme.id) as session:
        found = session.scalars(sa.select(Resource.id).where(Resource.firm_id == acme.id)).all()
    assert len(found) == 1
