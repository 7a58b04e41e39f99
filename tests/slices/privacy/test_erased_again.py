"""What comes in about a person after they were erased is not kept: it would never be erased again."""

import pytest
import sqlalchemy as sa

from recruiter.applications.models import AtsReason
from recruiter.audit.service import SYSTEM
from recruiter.db.session import reading
from recruiter.notices.models import Notice
from recruiter.privacy import service as privacy
from recruiter.privacy.service import Erase, Reason
from recruiter.scorecards.models import Scorecard
from tests.maya import case
from tests.slices.notices.forms import press


@pytest.fixture
def erased(app, acme, alice):
    found = case(app, acme)
    with app.app_context():
        privacy.erase(Erase(firm_id=acme.id, actor=SYSTEM, candidate_id=found.candidate.id, reason=Reason.ASKED))
    return found


def test_nothing_new_is_kept_of_who_was_erased(app, acme, alice, bob, erased):
    application = f"/applications/{erased.application.id}"
    note = {"criterion": "Writing", "rating": 3, "text": "Maya wrote it."}
    card = {"application_id": str(erased.application.id), "interviewer": {"name": "Ira"}, "notes": [note]}
    decided = {"decision": "role_closed", "ats_reason": "Maya Chen is too far away"}
    typed = bob.browser.post(f"{application}/scorecards", data={"interviewer": "Ira", "notes-0-criterion": "Writing"})
    answers = (
        alice.api.post("/api/v1/scorecards", json=card),
        alice.api.post(f"/api/v1{application}/decision", json=decided),
        press(bob, erased, "save"),
    )

    assert [answer.status_code for answer in answers] == [409, 200, 409]
    assert (answers[0].json["code"], answers[1].json["ats_reason"]) == ("erased", None)
    assert (typed.status_code, "erased" in typed.text) == (422, True)
    with app.app_context(), reading(acme.id) as session:
        for table in (Scorecard, AtsReason, Notice):
            assert session.scalar(sa.select(sa.func.count()).where(table.firm_id == acme.id)) == 0
