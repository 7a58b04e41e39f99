"""Where policy asks for a second reader, somebody else reads a notice and lets it leave; never its writer."""

import re

import pytest
import sqlalchemy as sa

from recruiter.accounts.models import Member, Role
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading, transaction
from tests import people
from tests.slices.notices.forms import form
from tests.slices.notices.test_correction import RIGHT, write

NOTICES = "/api/v1/notices"
WRITTEN = {"kind": "correction", "template": "correction", "outcome_code": "", "coded": "", "reason": RIGHT}


@pytest.fixture
def asked(alice, bob, maya, deliver, change):
    """A correction in Germany that bob wrote; his words wait for somebody else. Returns the draft's address."""
    change(maya.firm, hold_minutes=0)
    change(maya.candidate, country="DE")
    sent = alice.api.post(NOTICES, json=maya.body()).json
    deliver()
    assert write(bob, maya, sent["id"]).location == "/today"
    today = alice.browser.get("/today").text
    assert "asks for a second reader" in today
    return re.search(r"/notices/[0-9a-f-]{36}(?=/read)", today)[0]


def read(person, address):
    page = person.browser.get(f"{address}/read")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    return page, seen[1] if seen else ""


def test_somebody_else_reads_it_and_lets_it_leave(app, alice, bob, maya, asked, deliver, smtp_sink):
    page, seen = read(alice, asked)
    assert RIGHT in page.text
    assert "asks you to read this" in page.text
    assert alice.browser.post(f"{asked}/release", data={"seen": seen}).location == "/today"
    deliver()

    assert RIGHT[:40] in smtp_sink.messages[-1].get_body(("plain",)).get_content()
    notice = alice.api.get(NOTICES).json["items"][0]
    assert (notice["kind"], notice["state"], notice["read_by"]) == ("correction", "sent", alice.member.email)
    assert "Read by" in bob.browser.get(asked).text
    assert "asks for a second reader" not in alice.browser.get("/today").text
    assert actions(app, maya, "notice.reading_asked", "notice.released") == ["notice.reading_asked", "notice.released"]
    again = alice.browser.post(f"{asked}/release", data={"seen": seen})
    assert "is not waiting for a second reader" in alice.browser.get(again.location).text
    assert alice.browser.post(f"{asked}/return", data={"note": "Too late."}).status_code == 303
    assert read(alice, asked)[0].status_code == 302


def test_whoever_asked_cannot_be_the_reader(bob, asked, alice):
    page, seen = read(bob, asked)
    assert "You asked for a second reader" in page.text
    assert (seen, "Let it leave" in page.text) == ("", False)
    assert "asks for a second reader" not in bob.browser.get("/today").text
    assert "It waits for a second reader" in bob.browser.get(asked).text

    _, seen = read(alice, asked)
    assert bob.browser.post(f"{asked}/release", data={"seen": seen}).status_code == 403
    assert bob.browser.post(f"{asked}/return", data={"note": "Mine."}).status_code == 403


def test_it_goes_back_with_what_to_change(alice, bob, asked):
    nothing = alice.browser.post(f"{asked}/return", data={"note": " "})
    assert (nothing.status_code, "Say what to change." in nothing.text) == (422, True)
    alice.browser.post(f"{asked}/return", data={"note": "Name the incident."})

    assert "Name the incident." in bob.browser.get(asked).text
    assert "asks for a second reader" not in alice.browser.get("/today").text


def test_whoever_sent_it_back_is_not_said_to_have_read_what_left(alice, bob, asked):
    alice.browser.post(f"{asked}/return", data={"note": "Say it without these words."})
    plain = {"kind": "correction", "template": "correction", "reason": RIGHT, "coded": "", "outcome_code": ""}
    with_policy = alice.browser.post(
        "/settings/policies/change?place=DE&name=reader",
        data={"value": "not_needed", "reason": "One pair of eyes is enough."},
    )
    assert with_policy.status_code == 303
    assert bob.browser.post(asked, data=form(do="send") | plain).status_code == 303

    (notice, _) = alice.api.get(NOTICES).json["items"]
    assert (notice["state"], notice["read_by"]) == ("held", None)


def test_a_second_click_asks_once(alice, bob, maya, asked):
    sent = alice.api.get(NOTICES).json["items"][-1]
    again = write(bob, maya, sent["id"])

    assert (again.status_code, "It waits for a second reader already." in again.text) == (409, True)
    assert len(alice.api.get(NOTICES, query_string={"state": "draft"}).json["items"]) == 1
    other = write(bob, maya, "", kind="rejection", reason="The role needs more hours.")
    assert "It waits for a second reader already." not in other.text


def test_a_draft_begun_later_hides_none_that_waits(bob, alice, maya, asked):
    sent = alice.api.get(NOTICES).json["items"][-1]
    assert write(bob, maya, sent["id"], button="save").status_code == 303
    again = write(bob, maya, sent["id"])
    assert (again.status_code, "It waits for a second reader already." in again.text) == (409, True)


def test_what_nobody_can_sign_is_not_read_and_says_why(app, acme, alice, maya, asked, change):
    carol = people.person(app, acme, "Carol Reader", Role.RECRUITER)
    change(maya.application, owner_id=None)
    change(alice.member, active=False)
    page = carol.browser.get(f"{asked}/read", follow_redirects=True)
    assert (page.status_code, "no active admin to write for it" in page.text) == (200, True)


def test_what_was_changed_meanwhile_is_read_again(alice, bob, asked):
    _, seen = read(alice, asked)
    assert bob.browser.post(asked, data=form(do="send") | WRITTEN).status_code == 303
    assert "changed this after you opened it" in followed(alice, f"{asked}/release", seen=seen)
    assert "changed this after you opened it" in followed(alice, f"{asked}/release", seen="")

    bob.browser.post(asked, data=form(do="save") | WRITTEN)
    assert "is not waiting" in followed(alice, f"{asked}/release", seen=seen)


def test_where_nobody_else_writes_nobody_is_asked(app, alice, bob, maya, asked, change):
    change(maya.application, owner_id=bob.member.id)
    with app.app_context(), transaction(maya.firm.id) as session:
        session.execute(sa.update(Member).where(Member.id == alice.member.id).values(active=False))
    answer = bob.browser.post(asked, data=form(do="send") | WRITTEN)

    assert (answer.status_code, "Nobody else in your firm writes notices" in answer.text) == (409, True)


def test_the_api_says_that_a_person_has_to_read_it(alice, maya, asked):
    sent = alice.api.get(NOTICES).json["items"][-1]
    body = {"application_id": str(maya.application.id), "kind": "correction", "corrects": sent["id"], "reason": RIGHT}
    answer = alice.api.post(NOTICES, json=body)

    assert (answer.status_code, answer.json["code"]) == (409, "second_reader")
    assert answer.json["composer"].endswith(f"/notices/new?application={maya.application.id}")


def test_the_composer_says_so_before_anything_is_sent(bob, alice, asked):
    alice.browser.post(f"{asked}/return", data={"note": "Once more."})
    page = bob.browser.get(asked)
    assert "Ask a second reader" in page.text
    page = bob.browser.get(bob.browser.post(asked, data=form(do="save") | WRITTEN).location)
    assert "Policy asks for a second reader" in page.text


def followed(person, address, **data):
    return person.browser.get(person.browser.post(address, data=data).location).text


def actions(app, found, *wanted):
    with app.app_context(), reading(found.firm.id) as session:
        query = sa.select(AuditEntry.action).where(AuditEntry.firm_id == found.firm.id, AuditEntry.action.in_(wanted))
        return list(session.scalars(query.order_by(AuditEntry.created_at)))
