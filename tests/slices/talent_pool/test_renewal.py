"""Who leaves the pool soon is asked once whether they stay; silence is a no, and a yes begins a new time."""

import datetime as dt
import re

import pytest

from recruiter.accounts.models import Firm
from recruiter.outbox.models import Message
from recruiter.talent_pool.models import InvitationState, Membership
from recruiter.texts.models import Template, TextKind
from tests.people import browser
from tests.slices.imports.files import text

MONDAY = dt.datetime(2025, 11, 17, 10, tzinfo=dt.UTC)
LAST = dt.date(2025, 11, 28)


@pytest.fixture(autouse=True)
def working_hours(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def maya(pool):
    """Somebody in the pool until Friday of next week: their id, and that of their membership."""
    found = pool.member("Maya Ferreira", time_zone="Europe/Lisbon", country="NL")
    pool.last_day(found[1], LAST)
    return found


def ask(who, membership_id):
    return who.browser.post(f"/pool/{membership_id}/renew")


def told(who, answer):
    return text(who.browser.get(answer.location))


def test_today_leads_to_the_question_and_it_leaves_with_its_ways_out(alice, bob, pool, maya, deliver, working_hours):
    with_months = str(alice.firm.id)
    pool.change(Firm, with_months, pool_months=24)
    today = bob.browser.get("/today").text
    address = re.search(r'href="(/pool/[^"]+/renew)"[^>]*>\s*Ask to stay', today)[1]
    shown = text(bob.browser.get(address))
    assert "Ask Maya Ferreira to stay" in shown
    assert "without a yes they leave the pool after 28 November 2025." in shown
    assert "Would you like to stay for 12 more months?" in shown  # the most where they live
    assert "the-link-is-in-the-mail" in shown

    assert ask(bob, maya[1]).location == "/today"
    assert "Take back" in text(bob.browser.get("/outbox"))
    assert deliver() == []
    working_hours.move_to(MONDAY + dt.timedelta(hours=1), tick=False)
    (mail,) = deliver()

    assert mail["Subject"] == "Do you still want to hear from us?"
    link = re.search(r"/p/[\w-]{43}", mail.get_body(("plain",)).get_content())[0]
    assert link in mail["List-Unsubscribe"]
    again = browser(bob.browser.application, bob.member)
    assert "They were asked whether they stay." in text(again.get("/today"))
    record = text(again.get(f"/candidates/{maya[0]}"))
    assert "Asked whether they stay in the talent pool" in record
    assert "The question about the talent pool was sent" in record
    (listed,) = alice.api.get("/api/v1/invitations").json["items"]
    assert (listed["job_id"], listed["state"]) == (None, "sent")
    assert alice.browser.application.test_client().post(link).status_code == 200
    assert alice.api.get("/api/v1/talent-pool").json["items"] == []


def test_everybody_is_asked_once_and_it_is_no_invitation_to_a_role(alice, bob, pool, maya, deliver):
    ask(bob, maya[1])

    assert "This person was asked already." in told(alice, ask(alice, maya[1]))
    job = pool.job("Kafka")
    invited = alice.api.post(f"/api/v1/talent-pool/{maya[1]}/invitations", json={"job_id": str(job.id)})
    assert invited.status_code == 201
    assert [invitation.job_id is None for invitation in pool.invitations()] == [True, False]


def test_a_question_that_was_taken_back_can_be_asked_again(bob, pool, maya):
    ask(bob, maya[1])
    (question,) = pool.invitations()
    assert bob.browser.post(f"/pool/invitations/{question.id}/withdraw").status_code == 303

    assert ask(bob, maya[1]).location == "/today"
    assert [each.state for each in pool.invitations()] == [InvitationState.WITHDRAWN, InvitationState.HELD]


def test_who_says_yes_before_is_asked_nothing(bob, pool, maya, deliver, working_hours):
    ask(bob, maya[1])
    pool.join(maya[0])
    working_hours.move_to(MONDAY + dt.timedelta(hours=1), tick=False)

    assert deliver() == []
    assert [each.state for each in pool.invitations()] == [InvitationState.WITHDRAWN]
    assert [message.state.value for message in pool.rows(Message)] == ["cancelled"]
    assert len(pool.rows(Membership)) == 2


def test_who_cannot_be_asked(app, alice, charlie, vera, pool, maya):
    assert ask(charlie, maya[1]).status_code == 404
    assert ask(vera, maya[1]).status_code == vera.browser.get(f"/pool/{maya[1]}/renew").status_code == 403
    stopped = pool.member("Stopped Person")
    pool.suppress(stopped[0])
    assert "There is no address that may be written to." in told(alice, ask(alice, stopped[1]))
    gone = pool.member("Gone Person")
    alice.browser.post(f"/pool/{gone[1]}/leave")
    assert "This person is not in the talent pool any more." in told(alice, ask(alice, gone[1]))
    for template in pool.rows(Template, Template.kind == TextKind.POOL_RENEWAL):
        pool.change(Template, str(template.id), archived_at=MONDAY)
    refused = alice.browser.get(f"/pool/{maya[1]}/renew")
    assert "There is no published template for a renewal." in told(alice, refused)
