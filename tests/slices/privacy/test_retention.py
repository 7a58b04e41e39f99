"""What is kept no longer than the policies say: a list of a month ahead, and nothing erased that was not in it."""

import datetime as dt
import html
import re
import uuid

import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Role
from recruiter.applications.models import Application, Decision, News, Telling, Way
from recruiter.audit.models import ActorKind, AuditEntry
from recruiter.candidates.models import Candidate
from recruiter.db.session import reading, transaction
from recruiter.imports.models import ImportRun
from recruiter.notices.models import Notice, NoticeState
from recruiter.outbox.models import Message, MessageState
from recruiter.privacy import retention
from recruiter.scorecards.models import Scorecard, ScorecardNote
from recruiter.talent_pool.models import Membership
from tests import build
from tests.people import browser, person
from tests.slices.privacy.test_requests import note

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
PAGE = "/settings/retention"
NOTICE = 14


@pytest.fixture(autouse=True)
def start(app, time_machine):
    time_machine.move_to(NOW, tick=False)
    with app.app_context():
        yield


@pytest.fixture
def day(time_machine):
    """Go to a day after the first and do one round of the work; returns how much was erased."""

    def day(number):
        time_machine.move_to(NOW + dt.timedelta(days=number), tick=False)
        return retention.sweep()

    return day


@pytest.fixture
def due(acme):
    """Somebody who applied in the Netherlands, where a file is kept for four weeks, and heard on 20 October."""
    return ended(acme, "Daan Due", "NL", NOW - dt.timedelta(days=34))


def ended(firm, name, country, decided_at, decision=Decision.NOT_SELECTED, **place):
    """Somebody about whom it was decided then; more applications when the name is a person."""
    someone = name if isinstance(name, Candidate) else build.candidate(firm, name, created_at=decided_at)
    job = build.job(firm, country=country, **place)
    return build.application(firm, someone, job, decision=decision, decided_at=decision and decided_at).candidate_id


def member(firm, candidate_id):
    row = Membership(firm_id=firm.id, candidate_id=candidate_id, basis="consent", purpose="roles", evidence={})
    row.starts_on, row.ends_on = NOW.date(), NOW.date() + dt.timedelta(days=365)
    row.leave_token_hash = str(candidate_id)
    keep(row)
    return row


def keep(*rows):
    with transaction(rows[0].firm_id) as session:
        session.add_all(rows)


def application_of(firm, candidate_id):
    with reading(firm.id) as session:
        query = sa.select(Application.id).where(Application.candidate_id == candidate_id)
        return str(session.scalars(query).one())


def count(table, firm):
    with reading(firm.id) as session:
        return session.scalar(sa.select(sa.func.count()).where(table.firm_id == firm.id))


def switch(who, days=NOTICE, **changes):
    return browser(who.browser.application, who.member).post(PAGE, data={"is_on": "yes", "notice_days": days} | changes)


def policy(who, place, value):
    """Change how long a file is kept there."""
    address = f"/settings/policies/change?place={place}&name=file"
    return browser(who.browser.application, who.member).post(address, data={"value": value, "reason": "We decided so."})


def listed(who):
    """The lines of the list: person, what, kept until, erased on."""
    page = browser(who.browser.application, who.member).get(PAGE).text
    lines = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return [tuple(html.unescape(cell) for cell in cells(line)) for line in lines]


def cells(line):
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", line, re.DOTALL)]


def present(firm):
    with reading(firm.id) as session:
        query = sa.select(Candidate.name).where(Candidate.firm_id == firm.id, Candidate.erased_at.is_(None))
        return set(session.scalars(query))


def test_the_list_names_who_goes_in_the_next_thirty_days_and_nobody_else(acme, alice, due, day, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    autumn = NOW - dt.timedelta(days=34)
    ended(acme, "Sanne Soon", "NL", NOW - dt.timedelta(days=10))
    ended(acme, "Lara Later", "DE", autumn)
    both = build.candidate(acme, "Bo Both")
    ended(acme, both, "NL", autumn)
    ended(acme, both, "US", autumn)
    for name, decision in (("Omar Open", None), ("Hana Hired", Decision.HIRED)):
        stays = build.candidate(acme, name)
        ended(acme, stays, "NL", autumn)
        ended(acme, stays, "NL", autumn, decision)
    member(acme, ended(acme, "Piet Pool", "NL", autumn))
    build.candidate(acme, "Nils Never", country="NL", created_at=autumn)
    left = member(acme, build.candidate(acme, "Lea Left", country="NL", created_at=autumn).id)
    with transaction(acme.id) as session:
        session.execute(sa.update(Membership).where(Membership.id == left.id).values(left_at=NOW))
    assert "The list is made once a day" in alice.browser.get(PAGE).text

    assert day(0) == 0

    assert sorted(listed(alice)) == [
        ("Daan Due", "Everything", "17 November 2026", "Switched off"),
        ("Lea Left", "Everything", "21 December 2026", "Switched off"),
        ("Nils Never", "Everything", "17 November 2026", "Switched off"),
        ("Sanne Soon", "Everything", "11 December 2026", "Switched off"),
    ]
    assert day(60) == 0
    assert {"Daan Due", "Sanne Soon"} <= present(acme)


def test_nobody_is_erased_who_was_not_in_the_list_for_as_long_as_the_firm_says(acme, alice, due, day):
    ended(acme, "Sanne Soon", "NL", NOW - dt.timedelta(days=10))
    ended(acme, "Lara Later", "DE", NOW - dt.timedelta(days=34))
    day(0)
    answer = switch(alice)
    assert answer.status_code == 303
    assert listed(alice) == [
        ("Daan Due", "Everything", "17 November 2026", "7 December 2026"),
        ("Sanne Soon", "Everything", "11 December 2026", "12 December 2026"),
    ]

    found = {number: day(number) for number in (13, 14, 18, 19, 20)}
    assert found == {13: 0, 14: 1, 18: 0, 19: 1, 20: 0}
    assert present(acme) == {"Lara Later"}
    with reading(acme.id) as session:
        stub = session.get(Candidate, due)
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.candidate_id == due)).all()
    assert stub.erased_reason == "Kept as long as it was needed"
    assert [(entry.actor_kind, entry.action, entry.details) for entry in entries] == [
        (ActorKind.SYSTEM, "candidate.erased", {})
    ]
    assert listed(alice) == []


def test_a_shorter_time_begins_with_the_notice(acme, alice, day):
    later = ended(acme, "Lara Later", "DE", NOW - dt.timedelta(days=100))
    switch(alice, days=7)
    day(20)
    assert listed(alice) == []
    assert policy(alice, "DE", "4 weeks").status_code == 303

    assert {number: day(number) for number in (21, 27, 28)} == {21: 0, 27: 0, 28: 1}
    with reading(acme.id) as session:
        assert session.get(Candidate, later).erased_at is not None


def hold(app, acme, alice, due):
    alice.browser.post(f"/candidates/{due}/hold", data={"reason": "Claim 7"})


def applies(app, acme, alice, due):
    with reading(acme.id) as session:
        someone = session.get(Candidate, due)
    build.application(acme, someone, build.job(acme))


def joins(app, acme, alice, due):
    member(acme, due)


def asks(app, acme, alice, due):
    with reading(acme.id) as session:
        address = session.get(Candidate, due).email
    note(alice, address)


def mail_is_leaving(app, acme, alice, due):
    row = Message(firm_id=acme.id, candidate_id=due, stream="notice", subject_id=due, dedupe_key="one")
    row.recipient, row.sender, row.state, row.due_at = "a@example.com", "b@example.com", MessageState.DOUBTFUL, NOW
    row.first_due_at, row.message_id, row.sender_name, row.recipient_name = NOW, "<1@example.com>", "", ""
    keep(row)


def file_is_going_in(app, acme, alice, due, state="waiting", at=NOW):
    row = ImportRun(firm_id=acme.id, kind="candidates", filename="people.csv", sha256="0", state=state)
    row.created_at = at
    keep(row)


def file_was_looked_at(app, acme, alice, due):
    file_is_going_in(app, acme, alice, due, "checked", NOW + dt.timedelta(days=13, hours=20))


def switched_off(app, acme, alice, due):
    switch(alice, is_on="")


@pytest.mark.parametrize(
    "happens",
    [hold, applies, joins, asks, mail_is_leaving, file_is_going_in, file_was_looked_at, switched_off],
    ids=lambda one: one.__name__,
)
def test_what_comes_up_meanwhile_keeps_them(app, acme, alice, due, day, happens, time_machine):
    day(0)
    switch(alice)
    time_machine.move_to(NOW + dt.timedelta(days=13, hours=20), tick=False)
    again = type(alice)(alice.firm, alice.member, browser(app, alice.member), alice.api, alice.key)
    happens(app, acme, again, due)

    assert day(14) == 0
    assert "Daan Due" in present(acme)


def test_what_is_kept_longer_since_this_morning_is_kept(acme, alice, day):
    """The list is of the morning; each erasure looks again at what holds now."""
    anna = ended(acme, "Anna Alt", "AT", NOW - dt.timedelta(days=300))
    day(0)
    switch(alice)
    mail_is_leaving(None, acme, alice, anna)
    assert day(14) == 0
    with transaction(acme.id) as session:
        session.execute(sa.update(Message).values(state=MessageState.CANCELLED))
    assert policy(alice, "AT", "12 months").status_code == 303

    assert day(14) == 0
    assert present(acme) == {"Anna Alt"}
    assert (day(15), listed(alice)) == (0, [])


def test_a_legal_hold_stands_above_policies_and_members(app, acme, alice, bob, due, day):
    day(0)
    switch(alice)
    address = f"/candidates/{due}/hold"
    assert "Put Daan Due under a legal hold?" in alice.browser.get(address).text
    empty = alice.browser.post(address)
    assert (empty.status_code, "Say why." in empty.text) == (422, True)
    alice.browser.post(address, data={"reason": "Claim 7 at the labour court"})

    record = alice.browser.get(f"/candidates/{due}").text
    assert "Claim 7 at the labour court" in record
    assert "Put under a legal hold" in record
    assert "Keep the file until" not in record
    refused = alice.browser.post(f"/candidates/{due}/erase", data={"reason": "ASKED"})
    assert (refused.status_code, "They are under a legal hold. Lift it first." in refused.text) == (422, True)
    card = {
        "application_id": application_of(acme, due),
        "interviewer": {"name": "Zoe"},
        "notes": [{"criterion": "SQL"}],
    }
    card_id = alice.api.post("/api/v1/scorecards", json=card).json["id"]
    kept = alice.browser.post(f"/scorecards/{card_id}/remove", follow_redirects=True)
    assert "They are under a legal hold. Lift it first." in kept.text
    assert alice.api.get(f"/api/v1/scorecards/{card_id}").status_code == 200
    assert 'Daan Due</bdi></a> <span class="soft">Claim 7' in alice.browser.get(PAGE).text
    assert listed(alice) == []
    assert day(40) == 0

    admin = browser(app, alice.member)
    assert "Lift the legal hold for Daan Due?" in admin.get(address).text
    assert admin.post(f"{address}/lift").status_code == 303
    assert "The legal hold was lifted" in admin.get(f"/candidates/{due}").text
    assert {number: day(number) for number in (41, 54, 55)} == {41: 0, 54: 0, 55: 1}  # the notice begins anew
    assert browser(app, alice.member).get(address).status_code == 409


def test_of_who_stays_the_notes_and_drafts_of_what_ended_go(acme, alice, due, day):
    application_id = application_of(acme, due)
    about = {"application_id": uuid.UUID(application_id), "candidate_id": due, "kind": "rejection", "round": 1}
    member(acme, due)
    for state in (NoticeState.DRAFT, NoticeState.WITHDRAWN):
        row = Notice(firm_id=acme.id, **about)
        row.state, row.updated_at = state, NOW
        keep(row)
    notes = [{"criterion": "SQL", "rating": 2, "text": "Two of three."}]
    card = {"application_id": application_id, "interviewer": {"name": "Zoe"}, "notes": notes}
    assert alice.api.post("/api/v1/scorecards", json=card).status_code == 201
    day(0)
    switch(alice)
    assert [line[:3] for line in listed(alice)] == [
        ("Daan Due", "Interview notes and drafts for Data Engineer", "17 November 2026")
    ]

    assert {number: day(number) for number in (13, 14, 15)} == {13: 0, 14: 1, 15: 0}
    assert (count(Scorecard, acme), count(ScorecardNote, acme), count(Notice, acme)) == (0, 0, 1)
    assert "Daan Due" in present(acme)
    record = browser(alice.browser.application, alice.member).get(f"/candidates/{due}").text
    assert "Interview notes and drafts of an application erased" in record


def test_the_proof_of_ontario_outlasts_the_person_for_three_years(app, acme, alice, due, day):
    torontonian = ended(acme, "Tara Told", "CA", NOW, region="CA-ON")
    for someone in (torontonian, due):
        with reading(acme.id) as session:
            about = session.scalars(sa.select(Application.id).where(Application.candidate_id == someone)).one()
        row = Telling(firm_id=acme.id, application_id=about, candidate_id=someone, source_id=about, round=1)
        row.what, row.how, row.told_at = News.DECISION, Way.CALL, NOW
        keep(row)
        alice.browser.post(f"/candidates/{someone}/erase", data={"reason": "ASKED"})

    left = {}
    for number in (0, 365, 3 * 365 + 1, 3 * 365 + 2):  # the three years have a 29 February
        day(number)
        left[number] = count(Telling, acme)
    assert left == {0: 1, 365: 1, 3 * 365 + 1: 1, 3 * 365 + 2: 0}


def test_what_cannot_be_used_is_said_and_who_may_not_sees_nothing(app, acme, alice, bob, charlie, due, day):
    for days in ("6", "31", "soon", ""):
        answer = switch(alice, days=days)
        assert (answer.status_code, answer.text.count("Enter 7 to 30 days.")) == (422, 2), days
    day(0)
    assert switch(bob).status_code == 403
    assert bob.browser.get(PAGE).status_code == 403
    assert "Daan" not in charlie.browser.get(PAGE).text
    petra = person(app, acme, "Petra Pohl", Role.PRIVACY)
    assert petra.browser.post(f"/candidates/{due}/hold", data={"reason": "x"}).status_code == 403
    assert bob.browser.post(f"/candidates/{due}/hold", data={"reason": "x"}).status_code == 403
    assert charlie.browser.post(f"/candidates/{due}/hold", data={"reason": "x"}).status_code == 404
    assert charlie.browser.post(f"/candidates/{due}/hold/lift").status_code == 404
