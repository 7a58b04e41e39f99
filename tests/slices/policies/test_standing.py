"""How an application stands under the policies of its place: in the API, and on the person's record."""

import datetime as dt
import html
import re

import pytest

from recruiter.applications.models import Decision, Stage
from recruiter.db.session import transaction
from recruiter.policies.models import PolicyChange
from recruiter.policies.values import PolicyName
from tests import build
from tests.slices.notices.conftest import change, maya

__all__ = ["change", "maya"]

NOW = dt.datetime(2026, 12, 23, 12, tzinfo=dt.UTC)  # a Wednesday, two days before Christmas


@pytest.fixture(autouse=True)
def context(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def applied(firm, *, home=None, stage=Stage.FINAL, decision=Decision.NOT_SELECTED, told_at=None, decided_on=NOW, **job):
    role = build.job(firm, **job)
    verdict = {"decision": decision, "decided_at": decided_on} if decision else {}
    return build.application(firm, build.candidate(firm, country=home), role, stage, told_at=told_at, **verdict)


def patch(person, path, body):
    return person.api.patch(path, json=body, headers={"If-Match": person.api.get(path).headers["ETag"]})


def standing(person, application):
    answer = person.api.get(f"/api/v1/applications/{application.id}/policy")
    assert answer.status_code == 200, answer.text
    return answer.json


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


# stage, decision, until when it is told: working days of Portugal, the firm's country
TELL_BY = [
    (Stage.APPLICATION, Decision.NOT_SELECTED, "2026-12-31"),
    (Stage.SCREENING, Decision.NOT_SELECTED, "2026-12-28"),
    (Stage.SUBMITTED, Decision.NOT_SELECTED, "2026-12-28"),
    (Stage.CLIENT_INTERVIEW, Decision.NOT_SELECTED, "2026-12-24"),
    (Stage.FINAL, Decision.NOT_SELECTED, "2026-12-23"),
    (Stage.OFFER, Decision.NOT_SELECTED, "2026-12-23"),
    (Stage.FINAL, Decision.ROLE_CLOSED, "2026-12-28"),
    (Stage.FINAL, Decision.HIRED, None),
    (Stage.FINAL, None, None),
]


def test_a_decision_is_told_within_working_days_of_the_stage(alice, acme, change):
    change(acme, country="PT")
    for stage, decision, tell_by in TELL_BY:
        assert standing(alice, applied(acme, stage=stage, decision=decision))["tell_by"] == tell_by, (stage, decision)
    day_off = applied(acme, decided_on=NOW + dt.timedelta(days=3))  # a Saturday, the 26th
    assert standing(alice, day_off)["tell_by"] == "2026-12-28"
    told = applied(acme, told_at=NOW)
    assert standing(alice, told)["tell_by"] is None


def test_the_whole_answer(alice, acme):
    found = standing(alice, applied(acme, country="DE", home="NL"))

    assert found.pop("feedback_because").startswith("Germany: General Equal Treatment Act (AGG, 2006)")
    assert found == {
        "place": "DE",
        "feedback_mode": "neutral",
        "second_reader": True,
        "tell_by": "2026-12-23",
        "duty": None,
        "tellings": [],
        "file_until": "2027-01-20",
    }


def test_a_law_shows_its_day_and_the_proof(alice, acme):
    interviewed = NOW - dt.timedelta(days=30)
    application = applied(acme, country="CA", region="CA-ON", advertised=True, decision=None)
    path = f"/api/v1/applications/{application.id}"
    patch(alice, path, {"last_interview_at": interviewed.isoformat()})
    assert standing(alice, application)["duty"] == {
        "place": "CA-ON",
        "began_on": "2026-11-23",
        "ends_on": "2027-01-07",
        "heard": False,
    }
    about = {"candidate_id": str(application.candidate_id), "application_id": str(application.id)}
    call = {"kind": "call", "direction": "outbound", "outcome": "spoke", "told": "delay"}
    logged = alice.api.post("/api/v1/contacts", json=call | about | {"happened_at": "2026-12-22T10:00:00Z"}).json
    found = standing(alice, application)
    assert found["duty"]["heard"]
    assert found["tellings"] == [
        {
            "what": "delay",
            "how": "call",
            "source_id": logged["id"],
            "told_at": "2026-12-22T10:00:00+00:00",
            "undone_at": None,
            "kept_until": "2029-12-22",
        }
    ]
    alice.api.post(f"{path}/decision", json={"decision": "withdrew"})
    assert standing(alice, application)["duty"] is None


def test_the_record_says_until_when(alice, acme):
    application = applied(acme, country="AT")
    page = words(alice.browser.get(f"/candidates/{application.candidate_id}"))

    assert "Decided Wednesday 23 December. Tell them by Wednesday 23 December." in page
    assert "Keep the file until 23 July 2027" in page


@pytest.mark.parametrize("decision", [None, Decision.HIRED])
def test_a_file_in_use_has_no_last_day(alice, acme, decision):
    application = applied(acme, country="AT", decision=decision)

    assert standing(alice, application)["file_until"] is None
    assert "Keep the file until" not in words(alice.browser.get(f"/candidates/{application.candidate_id}"))


def test_who_is_told_that_it_takes_longer_hears_again_in_the_rhythm_of_the_policy(alice, acme):
    application = applied(acme, stage=Stage.SUBMITTED, decision=None)
    path = f"/api/v1/applications/{application.id}"
    about = {"candidate_id": str(application.candidate_id), "application_id": str(application.id)}
    call = {"kind": "call", "direction": "outbound", "outcome": "spoke", "told": "delay"}
    alice.api.post("/api/v1/contacts", json=call | about | {"happened_at": NOW.isoformat()})

    assert alice.api.get(path).json["promised_on"] == "2026-12-30"  # five working days, where the promise has ten


def test_the_pool_is_offered_for_no_longer_than_the_policy_of_their_home(alice, acme, maya, change):
    change(acme, pool_months=24)
    for home, months in (("US", 24), ("NL", 12), (None, 12)):
        change(maya.candidate, country=home)
        page = alice.browser.get(f"/notices/new?application={maya.application.id}").text
        assert f"Invite for {months} months." in page


def test_what_a_law_forbids_by_now_holds_no_more(alice, acme):
    with transaction(acme.id) as session:
        for place, name, value in (
            ("US", PolicyName.FILE, "6 months"),
            ("default", PolicyName.NOTICE_APPLICATION, "2"),
        ):
            row = PolicyChange(firm_id=acme.id, jurisdiction=place, name=name, value=value, reason="Once.")
            row.changed_at = NOW
            session.add(row)
    application = applied(acme, country="US", stage=Stage.APPLICATION)

    assert standing(alice, application)["file_until"] == "2027-12-23"
    assert standing(alice, application)["tell_by"] == "2026-12-25"


# where the person lives, basis, months, the field that a law or authority speaks of
POOL = [
    (None, "legitimate_interest", 36, None),
    ("PT", "legitimate_interest", 36, None),
    ("FR", "consent", 24, None),
    ("FR", "consent", 25, "months"),
    ("FR", "legitimate_interest", 12, "basis"),
    ("NL", "consent", 13, "months"),
]


def test_the_pool_takes_nobody_in_whom_the_authority_of_their_home_keeps_out(alice, acme):
    for home, basis, months, field in POOL:
        person = build.candidate(acme, country=home)
        wanted = {"basis": basis, "purpose": "later roles", "months": months, "evidence": {"how": "a call"}}
        answer = alice.api.post("/api/v1/talent-pool", json={"candidate_id": str(person.id), **wanted})
        assert (answer.status_code, list(answer.json.get("errors", {}))) == ((422, [field]) if field else (201, []))
    page = {"basis": "consent", "purpose": "later roles", "months": "36", "how": "a call", "on": "2026-12-01"}
    answer = alice.browser.post(f"/candidates/{build.candidate(acme, country='NL').id}/pool", data=page)
    assert "12 months is the most: Data protection authority" in words(answer)
