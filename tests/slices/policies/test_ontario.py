"""The day by which a law wants whoever was interviewed to hear whether it is decided: Ontario's 45 days."""

import datetime as dt
import html
import re

import pytest
import sqlalchemy as sa

from recruiter.applications.models import Decision, News, Telling, Way
from recruiter.db.session import reading, transaction
from recruiter.desk.models import ItemKind
from recruiter.inbox.hearers import Return
from recruiter.jobs.models import Client
from recruiter.notices.stream import NoticeStream
from recruiter.outbox.models import Message
from tests import build
from tests.people import browser
from tests.slices.notices.conftest import change, deliver, look, maya, post

__all__ = ["change", "deliver", "look", "maya", "post"]

TORONTO = "America/Toronto"
INTERVIEW = dt.datetime(2026, 9, 22, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-4)))  # a Tuesday, 03:30 in UTC
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def context(app, acme, change, time_machine):
    """A firm in Toronto, at noon there."""
    time_machine.move_to(INTERVIEW)
    change(acme, time_zone=TORONTO, country="CA")
    with app.app_context():
        yield


@pytest.fixture
def at(time_machine):
    """Move to noon in Toronto, so many days after the interview; the clocks go back on the way, on 1 November."""

    def move(days):
        day = INTERVIEW.date() + days * DAY
        hours = 5 if day >= dt.date(2026, 11, 1) else 4
        time_machine.move_to(dt.datetime(day.year, day.month, day.day, 12 + hours, tzinfo=dt.UTC))

    return move


@pytest.fixture
def signed_in(app, alice):
    """Alice's browser, as one that has just signed in."""
    return lambda: browser(app, alice.member)


@pytest.fixture
def by_law(signed_in):
    """The rows of the part of Today that a law writes, as text."""

    def read():
        page = signed_in().get("/today?split=duties").text
        part = page.partition('id="group-duties"')[2].partition("</section>")[0]
        rows = re.findall(r"<li.*?</li>", part, re.DOTALL)
        return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]

    return read


def interviewed(firm, name="Noor Haddad", *, region="CA-ON", advertised=True, people=25, on=INTERVIEW, **values):
    """Somebody who was interviewed for a job in Ontario, and whose promise is far off."""
    client = Client(firm_id=firm.id, name=f"Client of {name}", name_folded=f"client of {name}".casefold())
    client.updated_at, client.headcount, client.headcount_on = INTERVIEW, people, INTERVIEW.date()
    if people is None:
        client.headcount_on = None
    where = {"region": region, "country": region and region[:2], "advertised": advertised, "client": client}
    job = build.job(firm, f"Job of {name}", **where)
    facts = {"last_interview_at": on, "promised_on": dt.date(2027, 6, 1)} | values
    return build.application(firm, build.candidate(firm, name), job, **facts)


def tellings(firm):
    with reading(firm.id) as session:
        found = session.scalars(sa.select(Telling).where(Telling.firm_id == firm.id).order_by(Telling.created_at))
        return [(each.round, each.what, each.how, each.undone_at is None) for each in found]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (29, ""),
        (30, "day 30 of 45"),
        (39, "day 39 of 45"),
        (40, "day 40 of 45"),
        (45, "day 45 of 45"),
        (46, "1 day past it"),
    ],
)
def test_the_day_is_counted_in_local_dates_over_the_change_of_the_clocks(acme, by_law, at, days, words):
    interviewed(acme)
    at(days)

    rows = by_law()

    assert bool(rows) == bool(words)
    if words:
        assert words in rows[0]
        assert "By Friday 6 November, decided or not. The law of Ontario, Canada." in rows[0]


@pytest.mark.parametrize(("hour", "shown"), [(4, False), (5, True)])
def test_an_alarm_comes_at_midnight_where_the_firm_is(acme, by_law, time_machine, hour, shown):
    interviewed(acme, on=dt.datetime(2026, 10, 3, 12, tzinfo=dt.UTC))
    time_machine.move_to(dt.datetime(2026, 11, 2, hour, 0, 1, tzinfo=dt.UTC))  # the 30th day begins at 05:00 in UTC

    assert bool(by_law()) == shown


def test_only_those_whom_the_law_means_are_shown(acme, by_law, at):
    ended = {"decided_at": INTERVIEW}
    interviewed(acme, "In Scope")
    interviewed(acme, "Unknown Size", people=None)
    interviewed(acme, "Decided Untold", decision=Decision.NOT_SELECTED, **ended)
    interviewed(acme, "Small Client", people=24)
    interviewed(acme, "Not Advertised", advertised=False)
    interviewed(acme, "Elsewhere", region="CA-BC")
    interviewed(acme, "Not Interviewed", on=None)
    interviewed(acme, "Hired", decision=Decision.HIRED, **ended)
    interviewed(acme, "Withdrew", decision=Decision.WITHDREW, **ended)
    interviewed(acme, "Interviewed Again", on=INTERVIEW + 5 * DAY)
    own = build.job(acme, "Own job", region="CA-ON", country="CA", advertised=True)
    build.application(acme, build.candidate(acme, "No Client"), own, last_interview_at=INTERVIEW)
    at(31)

    rows = by_law()

    named = ("In Scope", "Unknown Size", "Decided Untold", "No Client")
    assert len(rows) == 4
    assert all(any(name in row for row in rows) for name in named)
    assert "Write notice" in next(row for row in rows if "Decided" in row)
    assert "Say it takes longer" in next(row for row in rows if "In Scope" in row)


def test_the_second_alarm_comes_whatever_was_done_with_the_first(acme, signed_in, by_law, at):
    application = interviewed(acme)
    at(30)
    assert "1 person has to hear by a day that a law sets" in signed_in().get("/today").text
    signed_in().post(f"/today/{ItemKind.DUTY}-{application.id}/done")
    assert by_law() == []
    at(39)
    assert by_law() == []
    at(40)
    assert "day 40 of 45" in by_law()[0]


@pytest.mark.parametrize(
    ("told", "outcome", "counts"),
    [("decision", "spoke", True), ("delay", "spoke", True), (None, "spoke", False), (None, "no_answer", False)],
)
def test_a_call_in_the_log_counts_when_the_person_was_told(acme, alice, signed_in, by_law, at, told, outcome, counts):
    application = interviewed(acme)
    at(31)
    call = {"kind": "call", "direction": "outbound", "outcome": outcome, "happened_at": "2026-10-20T15:00:00Z"}
    about = {"candidate_id": str(application.candidate_id), "application_id": str(application.id)}
    answer = alice.api.post("/api/v1/contacts", json=call | about | ({"told": told} if told else {}))
    assert answer.status_code == 201, answer.text

    assert (by_law() == []) == counts
    assert tellings(acme) == ([(1, News(told), Way.CALL, True)] if counts else [])
    page = signed_in().get(f"/candidates/{application.candidate_id}").text
    words = {"decision": "told the decision in a call", "delay": "told that it takes longer in a call"}.get(told, "")
    if counts:
        assert f"20 October 2026: {words}." in page
        assert "The proof is kept until 20 October 2029." in page
    assert ("by 6 November 2026 they have to hear" in page) != counts


def test_what_was_told_before_the_last_interview_is_old_news(acme, alice, by_law, at):
    application = interviewed(acme)
    at(31)
    told = {"kind": "call", "direction": "outbound", "outcome": "spoke", "told": "delay"}
    about = {"candidate_id": str(application.candidate_id), "application_id": str(application.id)}
    alice.api.post("/api/v1/contacts", json=told | about | {"happened_at": "2026-09-21T15:00:00Z"})

    assert len(by_law()) == 1


def test_a_reopened_decision_counts_from_its_reopening_when_the_person_had_heard(acme, alice, signed_in, by_law, at):
    application = interviewed(acme)
    decision = f"/api/v1/applications/{application.id}/decision"
    at(20)
    alice.api.post(decision, json={"decision": "not_selected"})
    call = {"kind": "call", "direction": "outbound", "outcome": "spoke", "told": "decision"}
    about = {"candidate_id": str(application.candidate_id), "application_id": str(application.id)}
    alice.api.post("/api/v1/contacts", json=call | about | {"happened_at": "2026-10-12T15:00:00Z"})
    at(50)
    assert by_law() == []
    alice.api.post(decision, json={"decision": None})
    assert by_law() == []
    assert "by 26 December 2026 they have to hear" in signed_in().get(f"/candidates/{application.candidate_id}").text
    at(80)
    assert "day 30 of 45" in by_law()[0]


def test_a_reopened_decision_that_nobody_heard_counts_from_the_interview(acme, alice, by_law, at):
    application = interviewed(acme)
    decision = f"/api/v1/applications/{application.id}/decision"
    alice.api.post(decision, json={"decision": "not_selected"})
    at(20)
    alice.api.post(decision, json={"decision": None})
    at(41)

    assert "day 41 of 45" in by_law()[0]


@pytest.fixture
def ontario(maya, change):
    """Maya's job, as one in Ontario; she was interviewed a month ago."""
    change(maya.job, region="CA-ON", country="CA", advertised=True)
    change(maya.application, last_interview_at=INTERVIEW, promised_on=dt.date(2027, 6, 1))
    return maya


@pytest.mark.parametrize(
    ("body", "proof"),
    [
        ({}, News.DECISION),
        ({"kind": "role_closed", "outcome_code": "ROLE-CANCEL", "reason": None}, News.DECISION),
        ({"kind": "update", "outcome_code": None, "reason": None}, News.DELAY),
    ],
)
def test_a_notice_stops_the_clock_when_it_left_and_starts_it_again_when_it_comes_back(
    acme, alice, signed_in, ontario, by_law, at, deliver, body, proof
):
    at(31)
    assert len(by_law()) == 1
    wanted = ontario.body(**body)
    if body:
        wanted.pop("feedback")
    answer = alice.api.post("/api/v1/notices", json={key: value for key, value in wanted.items() if value is not None})
    assert answer.status_code == 201, answer.text
    assert by_law() == []  # under way
    assert tellings(acme) == []
    deliver()
    assert tellings(acme) == [(1, proof, Way.NOTICE, True)]
    assert by_law() == []

    come_back(acme, answer.json["id"])
    assert tellings(acme) == [(1, proof, Way.NOTICE, False)]
    assert len(by_law()) == 1
    page = signed_in().get(f"/candidates/{ontario.candidate.id}").text
    assert "by a notice, which came back." in page


def come_back(firm, notice_id):
    """Tell the notice's stream that its mail came back, as the inbox does."""
    with transaction(firm.id) as session:
        message = session.scalars(sa.select(Message).where(Message.firm_id == firm.id)).one()
        NoticeStream().came_back(session, message, Return("bounced", "The address does not exist."))
