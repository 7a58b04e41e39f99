"""Today: who waits longer than promised, what can be put away, and what brings it back."""

import datetime as dt
import html
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from recruiter import clock
from recruiter.applications.models import Decision, Stage
from recruiter.audit import queries as audit
from recruiter.audit.service import SYSTEM
from recruiter.contacts import service as contacts
from recruiter.contacts.models import ContactKind, Direction, Outcome
from recruiter.contacts.service import LogContact
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.desk.models import ItemKind
from recruiter.notices.models import Notice, NoticeKind, NoticeState
from recruiter.talent_pool.models import Basis, Membership
from tests import build
from tests.people import browser
from tests.slices.notices.conftest import change

__all__ = ["change"]


@pytest.fixture(autouse=True)
def context(app, time_machine):
    """A Wednesday morning in the middle of a month."""
    time_machine.move_to(dt.datetime(2025, 11, 19, 10, tzinfo=dt.UTC))
    with app.app_context():
        yield


@pytest.fixture
def today(app, alice):
    """The page as Alice sees it when she has just signed in, as text."""

    def read(path="/today", **headers):
        response = browser(app, alice.member).get(path, headers=headers)
        assert response.status_code == 200, response.text
        return response.text

    return read


def waiting(firm, name="Maya Ferreira", days=-2, *, decided=True, **values):
    """Somebody whose promise is so many days from today."""
    verdict = {"decision": Decision.NOT_SELECTED, "decided_at": clock.now(), "outcome_code": "CLO-OTHER"}
    job = values.pop("job", None) or build.job(firm)
    promised = clock.today(firm.time_zone) + dt.timedelta(days=days)
    return build.application(
        firm, build.candidate(firm, name), job, promised_on=promised, **(verdict if decided else {}), **values
    )


def keep(row):
    with transaction(row.firm_id) as session:
        session.add(row)
    return row


def notice(application, state, **values):
    return keep(
        Notice(
            firm_id=application.firm_id,
            application_id=application.id,
            candidate_id=application.candidate_id,
            kind=values.pop("kind", NoticeKind.REJECTION),
            round=1,
            state=state,
            updated_at=clock.now(),
            **values,
        )
    )


def log(application, direction=Direction.INBOUND, **values):
    return contacts.log(
        LogContact(
            firm_id=application.firm_id,
            actor=SYSTEM,
            candidate_id=application.candidate_id,
            kind=ContactKind.MAIL,
            direction=direction,
            outcome=Outcome.SENT,
            happened_at=clock.now(),
            **values,
        )
    )


def main(page):
    return page.partition('id="main"')[2]


def put_away(person, kind, row, **form):
    verb = "snooze" if form else "done"
    return person.browser.post(f"/today/{kind}-{row.id}/{verb}", data=form)


def test_first_use_says_what_to_do_next(acme, today):
    page = today()
    assert "Nobody is waiting" in page
    assert "Your day shows up here once there are people" in page
    assert re.findall(r'href="(/settings/firm|/templates|/imports|/candidates/new|/settings/keys)"', main(page)) == [
        "/settings/firm",
        "/templates",
        "/candidates/new",
        "/imports",
        "/settings/keys",
    ]
    build.candidate(acme)
    page = today()
    assert "Your day shows up here as soon as somebody" in page
    assert "Before the first notice" not in page


def test_first_use_tells_an_admin_what_the_firm_has_yet_to_say(app, acme, alice, bob, vera, change):
    def page(person):
        return main(browser(app, person.member).get("/today").text)

    def hint(person):
        found = re.search(r"Missing: ([^.]+)", page(person))
        return found and found[1]

    assert hint(alice) == "the postal address"
    change(acme, time_zone="UTC")
    assert hint(alice) == "the time zone and the postal address"
    assert hint(bob) is hint(vera) is None
    assert '"/imports"' in page(bob)
    assert '"/imports"' not in page(vera)
    change(acme, postal_address="Rua do Cais 12", time_zone="Europe/Lisbon")
    assert hint(alice) is None


def test_the_day_we_named_is_told_as_one_would_say_it(acme, today):
    waiting(acme, "Maya Ferreira", days=-2)
    waiting(acme, "Tomás Okafor", days=-9)
    page = today()
    assert "We said “by Monday”." in page
    assert "We said “by Monday 10 November”." in page


def test_the_next_promise_is_told_when_nobody_waits(acme, today):
    waiting(acme, days=3)
    assert "for 1 person" in today()


def test_somebody_who_should_have_heard_is_first(acme, today):
    waiting(acme)
    page = today()
    assert "1 person is waiting longer than we promised" in page
    assert "2 days late" in page
    assert "Reached the final interview." in page
    assert "Write notice" in page


def test_three_of_one_job_and_reason_are_one_row_that_opens_them_one_by_one(acme, alice, today):
    job = build.job(acme, "Warehouse Lead")
    people = [waiting(acme, f"Person {number}", days=-number, job=job) for number in (1, 2, 3)]
    page = today()
    assert "3 people are waiting longer than we promised" in page
    assert "3 candidates" in page
    assert "Write to all 3" in page
    listed = f"/candidates?job_id={job.id}&view=overdue"
    assert listed in html.unescape(page)
    assert all(f"Person {number}" in today(listed) for number in (1, 2, 3))

    opened = alice.browser.get(f"/today/next?job_id={job.id}&code=CLO-OTHER")
    assert f"application={people[2].id}" in opened.location
    done = alice.browser.get(f"/today/next?job_id={new_id()}")
    assert done.location == "/today"


def test_who_has_a_notice_on_its_way_does_not_wait(acme, today):
    application = waiting(acme)
    notice(application, NoticeState.HELD, leaves_at=clock.now())
    assert "longer than we promised" not in today()


@pytest.mark.parametrize(
    "values",
    [{"told_at": clock.now()}, {"decision": Decision.HIRED}, {"decision": Decision.WITHDREW}, {"promised_on": None}],
)
def test_who_heard_or_holds_no_promise_does_not_wait(acme, today, values):
    decided = {"decision": Decision.NOT_SELECTED, "decided_at": clock.now()} | values
    promised = {"promised_on": clock.today(acme.time_zone) - dt.timedelta(days=2)} | values
    build.application(acme, build.candidate(acme), build.job(acme), **(decided | promised))
    assert "longer than we promised" not in today()


def test_no_decision_past_the_promise_asks_for_an_update(acme, today):
    application = waiting(acme, decided=False, stage=Stage.SCREENING)
    page = today()
    assert "Decision missing" in page
    assert "Say it takes longer" in page

    notice(application, NoticeState.HELD, kind=NoticeKind.UPDATE, leaves_at=clock.now())
    assert "Decision missing" not in today()


def test_a_notice_that_did_not_leave_is_shown_until_it_is_replaced(acme, today):
    application = waiting(acme, days=5)
    notice(application, NoticeState.FAILED, problem_code="suppressed", problem_detail="The mailbox is gone.")
    assert "The mailbox is gone." in today("/today?split=problems")

    notice(application, NoticeState.WITHDRAWN)
    assert "The mailbox is gone." in today()
    notice(application, NoticeState.DRAFT)
    assert "The mailbox is gone." not in today()


def test_done_hides_and_a_message_brings_back(acme, alice, today):
    application = waiting(acme)
    assert put_away(alice, ItemKind.OVERDUE, application).status_code == 303
    assert "2 days late" not in today()

    log(application, note="Any news?")
    page = today()
    assert "2 days late" in page
    assert "Any news?" in page


@pytest.mark.parametrize(("until", "hours"), [("today", 4), ("tomorrow", 36), ("monday", 6 * 24)])
def test_snooze_hides_until_then(acme, alice, today, time_machine, until, hours):
    application = waiting(acme)
    put_away(alice, ItemKind.OVERDUE, application, until=until)
    assert "2 days late" not in today()
    assert "2 days late" in today("/today?split=snoozed")

    time_machine.shift(dt.timedelta(hours=hours))
    assert "days late" in today()
    assert "Nothing is snoozed." in today("/today?split=snoozed")


def test_what_is_snoozed_is_listed_beside_who_still_waits(acme, alice, today):
    put_away(alice, ItemKind.OVERDUE, waiting(acme, "Maya Ferreira"), until="tomorrow")
    waiting(acme, "Tomás Okafor")

    page = today("/today?split=snoozed")
    assert "1 person is waiting longer than we promised" in page
    assert re.search(r'href="/today\?split=overdue">Overdue <span class="tabs__count num">1<', page)
    assert "Maya Ferreira" in page
    assert "Tomás Okafor" not in page


def test_snooze_and_done_replace_each_other(acme, alice, today):
    application = waiting(acme)
    put_away(alice, ItemKind.OVERDUE, application, until="tomorrow")
    put_away(alice, ItemKind.OVERDUE, application)
    assert "Nothing is snoozed." in today("/today?split=snoozed")


def test_what_was_snoozed_is_brought_back(acme, alice, today):
    application = waiting(acme)
    put_away(alice, ItemKind.OVERDUE, application, until="tomorrow")
    assert f"/today/overdue-{application.id}/back" in today("/today?split=snoozed")
    for _ in range(2):
        assert alice.browser.post(f"/today/overdue-{application.id}/back").status_code == 303
    assert "2 days late" in today()
    with reading(acme.id) as session:
        actions = [entry.action for entry in audit.about_candidate(session, acme.id, application.candidate_id)]
    assert actions == ["item.brought_back", "item.snoozed"]


def test_an_item_that_many_mark_at_once_is_marked_once(app, acme, alice):
    application = waiting(acme)
    ready = threading.Barrier(16)

    def mark(_number):
        member = browser(app, alice.member)
        ready.wait(20)
        return member.post(f"/today/overdue-{application.id}/done").status_code

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(mark, range(16))) == {303}


def test_a_wrong_moment_or_item_is_refused(acme, alice, charlie):
    application = waiting(acme)
    assert put_away(alice, ItemKind.OVERDUE, application, until="someday").status_code == 422
    assert put_away(charlie, ItemKind.OVERDUE, application).status_code == 404
    for item in ("nonsense", f"nonsense-{application.id}", "overdue-7"):
        assert alice.browser.post(f"/today/{item}/done").status_code == 404


def test_a_logged_reply_waits_until_somebody_gets_back(acme, today):
    application = waiting(acme, days=5)
    log(application)
    page = today("/today?split=replies")
    assert "wrote to you" in page
    assert "1 person is waiting for an answer" in page
    log(waiting(acme, "Ana Reis", days=5))
    assert "2 people are waiting for an answer" in today()


def test_a_reminder_that_is_due(acme, alice, today, time_machine):
    application = waiting(acme, days=60)
    tomorrow = clock.today(acme.time_zone) + dt.timedelta(days=1)
    log(application, Direction.OUTBOUND, remind_on=tomorrow, note="Ask how the move went.")
    assert "Reminders" not in today()

    time_machine.shift(dt.timedelta(days=1))
    page = today("/today?split=reminders")
    assert "Ask how the move went." in page
    [reminder] = alice.api.get(f"/api/v1/reminders?candidate_id={application.candidate_id}").json["items"]
    assert f"/reminders/{reminder['id']}/done" in page


def test_consent_that_ends_soon(acme, today):
    candidate = build.candidate(acme)
    day = clock.today(acme.time_zone)
    keep(
        Membership(
            firm_id=acme.id,
            candidate_id=candidate.id,
            basis=Basis.CONSENT,
            purpose="Roles like this one.",
            starts_on=day - dt.timedelta(days=300),
            ends_on=day + dt.timedelta(days=10),
            evidence={"how": "call"},
            leave_token_hash="hash",
        )
    )
    page = today("/today?split=consent")
    assert "leaves the talent pool" in page
    assert "Pool to" in page


def test_the_pane_is_a_fragment_for_htmx_and_shows_the_item_of_the_address(acme, today):
    first, second = waiting(acme), waiting(acme, "Ana Reis", days=-1)
    assert "<html" in today(f"/today?item=overdue-{second.id}")
    pane = today(f"/today?item=overdue-{second.id}", **{"HX-Request": "true"})
    assert "<html" not in pane
    assert "Ana Reis" in pane
    assert "Maya Ferreira" in today(f"/today?item=overdue-{new_id()}", **{"HX-Request": "true"})
    assert first.candidate_id


def test_a_held_notice_stands_above_the_list_with_its_undo(acme, alice, today):
    application = waiting(acme)
    leaves = clock.now() + dt.timedelta(minutes=8)
    held = notice(application, NoticeState.HELD, leaves_at=leaves, created_by_id=alice.member.id)
    page = today()
    assert f"/notices/{held.id}/withdraw" in page
    assert "in 8 minutes" in page


def test_a_notice_that_leaves_after_midnight_says_so(acme, alice, today):
    with time_machine.travel(dt.datetime(2026, 3, 2, 23, 40, tzinfo=dt.UTC), tick=False):
        leaves = clock.now() + dt.timedelta(minutes=30)
        notice(waiting(acme), NoticeState.HELD, leaves_at=leaves, created_by_id=alice.member.id)

        assert "leaves tomorrow 00:10, in 30 minutes" in " ".join(re.sub("<[^>]+>", "", today()).split())


def test_how_many_heard_in_time_this_month(acme, today):
    for in_time in (True, True, True, False):
        waiting(acme, told_at=clock.now(), told_in_time=in_time)
    assert "75%" in today()


def test_the_home_page_leads_to_today(alice):
    assert alice.browser.get("/").location == "/today"
