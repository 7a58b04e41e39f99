"""The page of one notice: drafts go on in the composer, the rest shows what goes or went and what can be done."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from recruiter.candidates.models import CandidateEmail
from recruiter.db.session import transaction
from recruiter.notices.models import FeedbackPage, Notice
from recruiter.outbox import suppressions
from recruiter.outbox.suppressions import Suppress
from tests.slices.notices.forms import form, open_composer, press, value_of

NOTICES = "/api/v1/notices"


def save(person, found, **fields):
    answer = press(person, found, "save", **fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_draft_keeps_everything_however_unfinished(bob, alice, maya):
    fields = {"points-1-text": "", "points-1-criterion": "", "timing": "humane", "kept": "STR-SUGGEST-x"}
    address = save(bob, maya, **fields)

    page = alice.browser.get(address)

    assert "Draft saved" in page.text
    assert value_of(page, "points-0-criterion") == "Data modelling"
    assert value_of(page, "points-1-requirement") == "Leads on-call"
    assert value_of(page, "kept") == "STR-SUGGEST-x"
    assert value_of(page, "timing") == "humane"
    assert value_of(page, "template") == "not-selected"
    assert open_composer(bob, maya).location == address
    (item,) = bob.api.get(NOTICES).json["items"]
    assert (item["state"], item["leaves_at"]) == ("draft", None)


def test_a_draft_of_another_kind_does_not_stand_in_the_way(bob, maya):
    save(bob, maya)

    assert open_composer(bob, maya, kind="update").status_code == 200


def test_a_draft_becomes_the_notice_of_whoever_queues_it(alice, bob, maya, look):
    address = save(bob, maya)

    answer = press(alice, maya, "send", at=address)

    assert answer.location == "/today"
    assert look(Notice, maya.firm).created_by_id == alice.member.id
    (item,) = bob.api.get(NOTICES).json["items"]
    assert (f"/notices/{item['id']}", item["state"]) == (address, "held")


def test_an_update_keeps_its_date_in_the_draft(bob, maya):
    day = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=4)).isoformat()
    address = save(bob, maya, kind="update", template="no-decision-yet", promised_on=day)

    assert value_of(bob.browser.get(address), "promised_on") == day


def test_somebody_elses_change_is_said_and_saving_again_keeps_ours(bob, alice, maya):
    address = save(bob, maya)
    seen = value_of(bob.browser.get(address), "seen")
    assert press(alice, maya, "save", at=address, seen=seen, reason="Alice wrote this.").status_code == 303

    answer = press(bob, maya, "save", at=address, seen=seen, reason="Bob wrote this.")

    assert answer.status_code == 409
    assert "Somebody changed this draft" in answer.text
    assert value_of(answer, "reason") == "Bob wrote this."
    assert press(bob, maya, "save", at=address, seen=value_of(answer, "seen"), reason="Bob.").status_code == 303
    assert value_of(alice.browser.get(address), "reason") == "Bob."


def test_a_draft_is_thrown_away(bob, maya):
    address = save(bob, maya)

    assert bob.browser.post(f"{address}/discard", data=form()).location == "/today"
    assert bob.browser.get(address).status_code == 404


def test_what_was_queued_is_not_written_in_or_thrown_away(bob, maya):
    address = save(bob, maya)
    press(bob, maya, "send", at=address)

    assert press(bob, maya, "save", at=address).location == address
    assert "was queued already" in bob.browser.get(address).text
    assert bob.browser.post(f"{address}/discard").status_code == 409


def queue(person, found, **changes):
    return person.api.post(NOTICES, json=found.body(hold_minutes=10, **changes)).json["id"]


@pytest.mark.parametrize(
    ("mode", "words"), [("page", "Streaming pipelines"), ("email", "Open your page"), ("text", "/f/")]
)
def test_a_held_notice_shows_the_text_that_goes(bob, alice, maya, mode, words):
    page = bob.browser.get(f"/notices/{queue(alice, maya)}", query_string={"preview": mode})

    assert page.status_code == 200
    assert "Waiting to leave" in page.text
    assert words in page.text
    assert re.search(r"/f/[\w-]{43}", page.text) is None


def test_undo_returns_to_the_composer_with_everything_intact(bob, maya):
    press(bob, maya, "send", offer_call="yes", **{"points-0-moment": "the exercise"})
    notice = bob.api.get(NOTICES).json["items"][0]["id"]

    answer = bob.browser.post(f"/notices/{notice}/withdraw")

    assert answer.status_code == 303
    page = bob.browser.get(answer.location)
    for field, value in form().items():
        assert value_of(page, field) == value or field.startswith("offer")
    assert value_of(page, "points-0-moment") == "the exercise"
    assert 'name="offer_pool" value="yes" checked' in page.text
    assert 'name="offer_rating" value="yes" checked' not in page.text
    assert "Taken back. Nothing was sent." in page.text
    assert press(bob, maya, "send").status_code == 303


def test_undo_that_comes_too_late_says_so(bob, alice, maya, deliver):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()

    answer = bob.browser.post(f"/notices/{notice}/withdraw")

    assert answer.location == f"/notices/{notice}"
    assert "can no longer be taken back" in bob.browser.get(answer.location).text


def test_a_sent_notice_shows_delivery_and_can_be_renewed(bob, alice, maya, deliver, smtp_sink, look):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()
    before = look(FeedbackPage, maya.firm)
    page = bob.browser.get(f"/notices/{notice}")
    assert "The mail server took it." in page.text

    bob.browser.post(f"/notices/{notice}/link")
    deliver()

    after = look(FeedbackPage, maya.firm)
    assert (after.version, after.token_hash != before.token_hash) == (2, True)
    first, second = (mail.get_body(("plain",)).get_content() for mail in smtp_sink.messages)
    links = [re.search(r"/f/([\w-]{43})", text)[1] for text in (first, second)]
    assert links[0] != links[1]
    assert alice.api.get(f"{NOTICES}/{notice}").json["feedback_url"].endswith(links[1])
    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "sent"


def test_a_link_that_was_renewed_once_more_before_it_left_is_not_sent(bob, alice, maya, deliver, smtp_sink):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()
    for _ in range(2):
        bob.browser.post(f"/notices/{notice}/link")

    deliver()

    assert len(smtp_sink.raw) == 2


def test_a_revoked_link_is_gone_from_api_and_page(bob, alice, maya, deliver):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()

    assert "Revoke the link" in bob.browser.get(f"/notices/{notice}").text
    bob.browser.post(f"/notices/{notice}/revoke")

    assert "Revoke the link" not in bob.browser.get(f"/notices/{notice}").text
    assert "feedback_url" not in alice.api.get(f"{NOTICES}/{notice}").json


def test_only_what_was_sent_has_a_link_to_renew_or_revoke(bob, alice, maya):
    notice = queue(alice, maya)

    assert (
        "Only the link of a notice that was sent"
        in bob.browser.get(bob.browser.post(f"/notices/{notice}/link").location).text
    )
    assert bob.browser.post(f"/notices/{notice}/revoke").status_code == 409


def test_a_link_is_not_renewed_against_the_persons_wish(app, bob, alice, maya, deliver):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()
    with app.app_context(), transaction(maya.firm.id) as session:
        suppressions.suppress(session, maya.firm.id, Suppress(address=maya.candidate.email, reason="asked"))

    answer = bob.browser.post(f"/notices/{notice}/link")

    assert "must not be written to" in bob.browser.get(answer.location).text


def test_a_failed_notice_says_why_and_can_be_written_again(bob, alice, maya, deliver, smtp_sink):
    smtp_sink.faults.recipient.append("552 5.6.0 no")
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    deliver()

    page = bob.browser.get(f"/notices/{notice}")

    assert "Why it did not leave" in page.text
    assert f'href="/candidates/{maya.candidate.id}/edit"' in page.text
    again = bob.browser.get(re.search(r'href="([^"]*copy=[^"]*)"', page.text)[1].replace("&amp;", "&"))
    assert value_of(again, "points-1-criterion") == "Streaming pipelines"


def test_without_an_address_the_composer_stops_and_offers_another_way(app, bob, maya):
    with app.app_context(), transaction(maya.firm.id) as session:
        session.execute(sa.delete(CandidateEmail).where(CandidateEmail.firm_id == maya.firm.id))

    page = open_composer(bob, maya)

    assert page.status_code == 409
    assert "Add an address" in page.text
    assert "Log a call instead" in page.text


def test_a_wish_not_to_be_written_to_is_shown_with_its_day_and_words(app, bob, maya):
    with app.app_context(), transaction(maya.firm.id) as session:
        command = Suppress(address=maya.candidate.email, reason="Please do not write to me again.")
        day = suppressions.suppress(session, maya.firm.id, command).created_at

    page = open_composer(bob, maya)

    assert page.status_code == 409
    assert f"Since {day.day} {day:%B %Y}" in page.text
    assert "Please do not write to me again." in page.text


def test_nobody_is_written_to_who_was_hired_or_erased(bob, alice, maya, change):
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": "hired"})
    assert "This person was hired for the role." in open_composer(bob, maya).text

    change(maya.candidate, name=None, erased_at=maya.candidate.created_at, erased_reason="asked")
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": "not_selected"})
    assert open_composer(bob, maya).status_code == 409


def test_another_firm_finds_no_notice(charlie, alice, maya):
    notice = queue(alice, maya)

    for answer in (
        charlie.browser.get(f"/notices/{notice}"),
        charlie.browser.post(f"/notices/{notice}"),
        charlie.browser.post(f"/notices/{notice}/withdraw"),
        charlie.browser.post(f"/notices/{notice}/discard"),
        charlie.browser.post(f"/notices/{notice}/link"),
        charlie.browser.post(f"/notices/{notice}/revoke"),
    ):
        assert answer.status_code == 404


def test_a_viewer_reads_and_does_nothing(vera, alice, maya, look):
    notice = queue(alice, maya)

    page = vera.browser.get(f"/notices/{notice}")

    assert page.status_code == 200
    assert maya.candidate.email not in page.text
    assert vera.browser.post(f"/notices/{notice}/withdraw").status_code == 403
    assert look(Notice, maya.firm).state == "held"
