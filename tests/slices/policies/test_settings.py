"""Settings, Policies: what holds, where it comes from, and what a firm or one client of it changed."""

import datetime as dt
import html
import re

import pytest
import sqlalchemy as sa

from recruiter.audit.models import AuditEntry
from recruiter.db.base import new_id
from recruiter.db.session import reading
from recruiter.jobs.models import Client
from recruiter.policies import service
from recruiter.policies.models import PolicyChange
from recruiter.policies.service import Place
from recruiter.policies.values import FeedbackMode, PolicyName
from tests import build

SETTINGS = "/settings/policies"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def context(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


@pytest.fixture
def client_id(acme):
    client = Client(id=new_id(), firm_id=acme.id, name="Lumen Grid", name_folded="lumen grid", updated_at=NOW)
    build.job(acme, client=client)
    return client.id


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def about(place, name, client_id=None):
    return {"place": place, "name": name} | ({"client_id": str(client_id)} if client_id else {})


def change(person, place, name, value, client_id=None, reason="Counsel looked at it."):
    form = {"value": value, "reason": reason}
    return person.browser.post(f"{SETTINGS}/change", query_string=about(place, name, client_id), data=form)


def mode(firm, place, client_id=None):
    with reading(firm.id) as session:
        return service.policy_for(session, firm.id, Place(job=place), client_id).feedback_mode


def rows(firm, table):
    with reading(firm.id) as session:
        return session.scalars(sa.select(table).where(table.firm_id == firm.id)).all()


def test_each_value_stands_with_its_source_and_what_it_means(bob):
    page = words(bob.browser.get(SETTINGS, query_string={"place": "US-CA"}))

    assert "It is not legal advice" in page
    assert "Their file stays for 48 months after the decision, because the law asks for it." in page
    assert "Law: California Code of Regulations, title 2, section 11013: four years, since 1 October 2025." in page
    assert "Set on 22 November 2026 (United States)." in page
    assert "Once it is decided, they hear within 1 working day." in page
    assert "Set on 22 November 2026 (everywhere)." in page
    assert "Read on 22 November 2026." in page
    assert "With the decision they get written strengths and gaps that they open when they want to." in page
    assert "Change" not in page.partition("For candidates")[2]


def test_the_page_opens_at_the_firms_own_country(alice, bob):
    assert "Everywhere else" in words(bob.browser.get(SETTINGS)).partition("Show")[2]
    assert bob.browser.get(SETTINGS, query_string={"place": "XX"}).status_code == 404
    unknown = alice.browser.get(f"{SETTINGS}/change", query_string={"place": "DE", "name": "shoes"})
    assert unknown.status_code == 404
    nowhere = alice.browser.post(f"{SETTINGS}/change", query_string={"place": "XX", "name": "file"})
    assert nowhere.status_code == 404


def test_the_laws_clock_stands_there_and_is_not_open_to_choice(alice):
    page = words(alice.browser.get(SETTINGS, query_string={"place": "CA-ON"}))

    assert "Within 45 days of their last interview they hear whether it is decided, even when it is not." in page
    assert "on day 30 and on day 40" in page
    assert "What was told, when and how is kept for 36 months" in page
    assert "O. Reg. 476/24" in page


def test_an_admin_changes_a_value_and_puts_it_back(alice, acme):
    form = alice.browser.get(f"{SETTINGS}/change", query_string=about("DE", "feedback_mode"))
    assert "No reasons, neither in writing nor by telephone" in words(form)
    assert "Put back" not in form.text

    answer = change(alice, "DE", "feedback_mode", "full")

    assert (answer.status_code, mode(acme, "DE"), mode(acme, "DE-BY"), mode(acme, "AT")) == (
        303,
        FeedbackMode.FULL,
        FeedbackMode.FULL,
        FeedbackMode.FULL,
    )
    page = words(alice.browser.get(answer.location))
    assert "Changed for all clients, Germany, by Alice Adams on 22 November 2026: Counsel looked at it." in page
    assert "Else: no reasons, neither in writing nor by telephone." in page
    change(alice, "DE", "feedback_mode", "verbal_only", reason="Second thoughts.")
    assert mode(acme, "DE") == FeedbackMode.VERBAL_ONLY
    assert len(rows(acme, PolicyChange)) == 1
    again = alice.browser.get(f"{SETTINGS}/change", query_string=about("DE", "feedback_mode"))
    assert "Put back" in again.text

    for _ in range(2):
        alice.browser.post(f"{SETTINGS}/put-back", query_string=about("DE", "feedback_mode"))
    assert mode(acme, "DE") == FeedbackMode.NEUTRAL
    assert rows(acme, PolicyChange) == []
    said = [entry for entry in rows(acme, AuditEntry) if entry.action.startswith("policy.")]
    assert [(entry.action, entry.details["before"], entry.details["now"]) for entry in said] == [
        ("policy.changed", "neutral", "full"),
        ("policy.changed", "full", "verbal_only"),
        ("policy.put_back", "verbal_only", "neutral"),
    ]
    assert {entry.actor_id for entry in said} == {alice.member.id}


def test_the_client_goes_before_the_firm_and_the_nearer_place_before_the_farther(alice, acme, client_id):
    change(alice, "CA", "feedback_mode", "verbal_only")
    assert (mode(acme, "CA-ON"), mode(acme, "CA-ON", client_id), mode(acme, "US")) == (
        FeedbackMode.VERBAL_ONLY,
        FeedbackMode.VERBAL_ONLY,
        FeedbackMode.FULL,
    )
    change(alice, "CA", "feedback_mode", "neutral", client_id)
    assert (mode(acme, "CA-ON"), mode(acme, "CA-ON", client_id)) == (FeedbackMode.VERBAL_ONLY, FeedbackMode.NEUTRAL)
    change(alice, "CA-ON", "feedback_mode", "full")
    assert (mode(acme, "CA-ON", client_id), mode(acme, "CA-QC", client_id)) == (FeedbackMode.FULL, FeedbackMode.NEUTRAL)
    alice.browser.post(f"{SETTINGS}/put-back", query_string=about("CA", "feedback_mode", client_id))
    entries = [entry.details for entry in rows(acme, AuditEntry) if entry.action == "policy.put_back"]
    assert [(said["before"], said["now"]) for said in entries] == [("neutral", "verbal_only")]
    change(alice, "CA", "feedback_mode", "neutral", client_id)
    page = words(alice.browser.get(SETTINGS, query_string={"place": "CA", "client_id": str(client_id)}))
    assert "Changed for Lumen Grid, Canada" in page


REFUSED = [
    ("US", "file", "11 months", "12 months is the least: 29 CFR 1602.14"),
    ("US-CA", "file", "1 year", "48 months is the least: California Code of Regulations"),
    ("GB", "file", "6 months", "12 months is the least: Conduct of Employment Agencies"),
    ("NL", "file", "6 weeks", "4 weeks is the most: Data protection authority"),
    ("FR", "pool", "3 years", "24 months is the most: Guide on recruitment"),
    ("DE", "pool_basis", "legitimate_interest", "This is not open to choice: Regulation (EU) 2016/679"),
    ("default", "notice_final", "1", "The same working day is the most"),
    ("default", "notice_final", "soon", "Enter a whole number of working days"),
    ("FR", "pool", "8 weeks", "Enter a number of months or years"),
    ("default", "file", "a while", "Enter a number of weeks, months or years"),
    ("default", "file", "9999 years", "Enter 100 years at most."),
    ("DE", "feedback_mode", "silence", "Choose one of these."),
]


def test_what_a_law_forbids_is_refused_with_its_name(alice, acme):
    for place, name, value, why in REFUSED:
        answer = change(alice, place, name, value)
        assert answer.status_code == 422, (place, name, value)
        assert why in words(answer), words(answer)
    without = change(alice, "IE", "file", "6 months", reason="")
    assert "Say why, for whoever asks in a year." in words(without)
    assert rows(acme, PolicyChange) == []
    assert change(alice, "US-CA", "file", "5 years").status_code == 303
    assert change(alice, "default", "notice_application", "3").status_code == 303
    assert change(alice, "US", "pool_basis", "legitimate_interest").status_code == 303


def test_only_admins_change_and_only_their_own_firm(alice, bob, charlie, acme, client_id):
    assert change(bob, "DE", "feedback_mode", "full").status_code == 403
    assert change(charlie, "DE", "feedback_mode", "full", client_id).status_code == 404
    assert charlie.browser.post(f"{SETTINGS}/clients/{client_id}", data={"headcount": "5"}).status_code == 404
    change(charlie, "DE", "feedback_mode", "full")
    assert mode(acme, "DE") == FeedbackMode.NEUTRAL


def test_how_many_people_a_client_employs_is_kept_with_its_day(alice, client_id):
    path, query = f"{SETTINGS}/clients/{client_id}", {"place": "CA-ON"}
    assert alice.browser.post(path, query_string=query, data={"headcount": "24"}).status_code == 303
    kept = alice.api.get(f"/api/v1/clients/{client_id}").json
    assert (kept["headcount"], kept["headcount_on"]) == (24, "2026-11-22")
    page = alice.browser.get(SETTINGS, query_string={"place": "CA-ON", "client_id": str(client_id)}).text
    assert 'value="24"' in page
    late = alice.browser.post(path, query_string=query, data={"headcount": "30", "headcount_on": "2026-11-24"})
    assert late.status_code == 422
    assert "This day is still to come." in words(late)
    assert alice.browser.post(path, query_string=query, data={"headcount": "many"}).status_code == 422
    alice.browser.post(path, query_string=query, data={})
    assert alice.api.get(f"/api/v1/clients/{client_id}").json["headcount"] is None


@pytest.mark.parametrize(
    ("job", "person", "kept"),
    [
        ("US", "DE", "12 months"),
        ("DE", "US", "12 months"),
        ("DE", "NL", "4 weeks"),
        ("NL", "US-CA", "48 months"),
        ("FR", None, "3 months"),
        (None, "GB", "12 months"),
    ],
)
def test_a_file_is_kept_for_the_shorter_span_but_no_shorter_than_a_law_wants(job, person, kept):
    assert service.file_kept((), Place(job=job, person=person), None).words == kept


def test_the_reader_and_the_pool_are_read_from_the_same_policy(acme):
    with reading(acme.id) as session:
        policy = service.policy_for(session, acme.id, Place(job="DE"), None)

    assert policy.needs_second_reader
    assert policy.feedback_because.startswith("Germany: General Equal Treatment Act (AGG, 2006), sections 15 and 22")
    assert policy.pool_basis == "consent"
    assert (policy.days(PolicyName.STATUS_SUBMITTED), policy.span(PolicyName.POOL).months) == (5, 12)
