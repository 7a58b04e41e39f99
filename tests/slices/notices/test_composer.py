"""The composer at /notices/new: a full form, every button a post, nothing that needs a script."""

import dataclasses
import datetime as dt
import html
import re

import pytest
import time_machine

from recruiter.notices.models import Notice
from tests.maya import case
from tests.people import browser
from tests.slices.notices.forms import form, open_composer, press, value_of

NOTICES = "/api/v1/notices"


def test_it_opens_prefilled_from_the_decision(bob, alice, maya):
    decision = {"decision": "not_selected", "outcome_code": "REQ-SKILL"}
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json=decision)

    page = open_composer(bob, maya)

    assert page.status_code == 200
    assert "Notice to Maya Ferreira" in page.text
    assert "Data Engineer, Lumen Grid. Reached the final interview, 13 Nov" in page.text
    assert value_of(page, "outcome_code") == "REQ-SKILL"
    assert value_of(page, "reason") == "The role needs a skill that we needed more evidence of."
    assert "Not selected" in page.text


def open_on(app, person, found, moment):
    """Open the composer as if it were that moment, with a session of that day."""
    with time_machine.travel(moment, tick=False):
        there = dataclasses.replace(person, browser=browser(app, person.member))
        return open_composer(there, found).text


def test_the_time_is_said_on_the_clock_where_the_person_lives(app, bob, maya, change):
    change(maya.firm, hold_minutes=0)
    text = open_on(app, bob, maya, dt.datetime(2025, 11, 20, 19, tzinfo=dt.UTC))

    assert "Tomorrow 08:30, Lisbon" in text
    assert "At once" in text


def test_a_late_promise_is_shown(bob, app, acme, alice):
    late = case(app, acme, promised_on=dt.date(2025, 11, 18))
    assert "2 days late" in open_on(app, bob, late, dt.datetime(2025, 11, 20, 10, tzinfo=dt.UTC))


@pytest.mark.parametrize("mode", ["email", "page", "text", "nonsense"])
def test_check_shows_what_would_leave_and_keeps_what_was_typed(bob, maya, mode):
    page = press(bob, maya, "check", preview=mode)

    assert page.status_code == 200
    assert "Hello Maya," in page.text
    assert value_of(page, "points-1-text") == "You told us about joining two incidents."
    assert "style=" not in page.text
    assert "Queue notice" in page.text


def test_points_are_added_moved_and_removed_by_buttons(bob, maya):
    added = press(bob, maya, "add:gap")
    assert 'name="points-2-kind" value="gap"' in added.text

    second = {"points-2-kind": "gap", "points-2-criterion": "Streaming", "points-2-text": "Batch jobs only."}
    moved = press(bob, maya, "up:2", **second)
    assert value_of(moved, "points-1-criterion") == "Streaming"
    down = press(bob, maya, "down:1", **second)
    assert value_of(down, "points-1-criterion") == "Streaming"
    removed = press(bob, maya, "remove:1", **second)
    assert value_of(removed, "points-1-criterion") == "Streaming"
    assert "points-2" not in removed.text
    assert 'value="strength"' in press(bob, maya, "add:strength").text


@pytest.mark.parametrize("button", ["up:9", "remove:x", "add:praise", "dance", "replace:nothing"])
def test_a_button_that_means_nothing_changes_nothing(bob, maya, button):
    page = press(bob, maya, button)

    assert page.status_code == 200
    assert value_of(page, "points-1-criterion") == "Leading on-call"


def test_no_more_than_three_of_a_kind(bob, maya):
    more = {
        f"points-{index}-{name}": "gap" if name == "kind" else f"{name} {index}"
        for index in range(2, 5)
        for name in ("kind", "criterion", "text")
    }

    page = press(bob, maya, "check", **more)

    assert page.text.count('-kind" value="gap"') == 3


def test_a_finding_stands_under_its_field_and_one_click_replaces_the_sentence(bob, maya):
    words = "You told us about two incidents. You came across as a bit young to lead on-call."
    page = press(bob, maya, "check", **{"points-1-text": words})

    assert "Fix before sending:" in page.text
    assert "“a bit young” is about age." in page.text.replace("</b>", "").replace("&#34;", '"')
    assert "Fix 1 problem to send" in page.text
    button = re.search(r'value="(replace:[^"]+)"', page.text)[1]

    fixed = press(bob, maya, button, **{"points-1-text": words})

    text = value_of(fixed, "points-1-text").replace("&#34;", '"')
    assert text.startswith("You told us about two incidents. The role asks for this: Leads on-call. We did not")
    assert "young" not in text
    assert "Queue notice" in fixed.text


def test_a_placeholder_that_was_left_in_is_never_replaced_by_other_words(bob, maya):
    page = press(bob, maya, "check", **{"points-1-text": "You told us about {{ incidents }} and [number] alerts."})

    assert "Fix 2 problems to send" in page.text
    assert "replace:TOK" not in page.text


def test_what_is_to_be_considered_can_be_kept_and_stays_kept(bob, maya):
    page = press(bob, maya, "check", **{"points-1-suggestion": ""})
    button = re.search(r'value="(keep:STR-SUGGEST[^"]+)"', page.text)[1]

    kept = press(bob, maya, button, **{"points-1-suggestion": ""})

    assert "nothing to try next" in page.text
    assert "nothing to try next" not in kept.text
    again = press(bob, maya, "check", kept=button.removeprefix("keep:"), **{"points-1-suggestion": ""})
    assert "nothing to try next" not in again.text


def test_must_fix_cannot_be_kept(bob, maya):
    fields = {"points-1-text": "You came across as a bit young."}
    page = press(bob, maya, "check", **fields)
    key = re.search(r'value="replace:([^"]+)"', page.text)[1]

    assert "Fix before sending:" in press(bob, maya, f"keep:{key}", **fields).text


def test_choosing_a_reason_fills_in_its_sentence_unless_somebody_wrote_one(bob, maya):
    chosen = press(bob, maya, "check", coded="", reason="", outcome_code="REQ-EXP")
    assert value_of(chosen, "reason").startswith("The role needs experience")
    assert value_of(chosen, "coded") == "REQ-EXP"

    other = press(bob, maya, "check", coded="REQ-EXP", reason=value_of(chosen, "reason"), outcome_code="CLO-OTHER")
    assert value_of(other, "reason").startswith("The person chosen")

    own = press(bob, maya, "check", coded="REQ-EXP", reason="My own words.", outcome_code="CLO-OTHER")
    assert value_of(own, "reason") == "My own words."


def test_the_live_preview_answers_paper_and_findings_and_keeps_nothing(bob, maya):
    answer = bob.browser.post(
        "/notices/preview",
        query_string={"application": str(maya.application.id)},
        data=form(coded="", reason="", **{"points-1-text": "You seemed a bit young."}),
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'hx-swap-oob="true"' in answer.text
    assert "Fix before sending:" in answer.text
    assert 'id="reason-field" hx-swap-oob' in answer.text
    assert bob.api.get(NOTICES).json["items"] == []


def test_the_way_back_leads_to_where_the_composer_was_opened(bob, maya):
    record = f"/candidates/{maya.candidate.id}"
    [opened] = re.findall(r'href="(/notices/new[^"]+)"', bob.browser.get(record).text)

    def back(page):
        return re.search(r'<header class="top">.*?href="([^"]+)"', page.text, re.DOTALL)[1]

    assert back(bob.browser.get(html.unescape(opened))) == record
    assert back(open_composer(bob, maya)) == "/today"

    saved = press(bob, maya, "save", query={"from": "record"})
    assert back(bob.browser.get(saved.location)) == record
    [draft] = re.findall(r'href="(/notices/[^"]+)"[^>]*>Open the draft', bob.browser.get(record).text)
    assert back(bob.browser.get(draft)) == record
    assert press(bob, maya, "send", at=saved.location.partition("?")[0], query={"from": "record"}).location == record


def test_queueing_goes_back_to_today_and_the_notice_is_held(bob, maya):
    answer = press(bob, maya, "send")

    assert (answer.status_code, answer.location) == (303, "/today"), answer.text
    (item,) = bob.api.get(NOTICES).json["items"]
    assert (item["state"], item["timing"]) == ("held", "now")
    assert item["feedback"]["gaps"][0]["requirement"] == "Leads on-call"


def test_what_the_person_is_offered_is_what_was_ticked(bob, maya, look):
    press(bob, maya, "send", offer_pool="", offer_rating="yes")

    assert look(Notice, maya.firm).data["offers"] == ["pool", "call", "rating"]


def test_must_fix_findings_stop_the_queueing_and_keep_the_text(bob, maya):
    answer = press(bob, maya, "send", **{"points-1-text": "You came across as a bit young."})

    assert answer.status_code == 422
    assert "Fix 1 problem to send" in answer.text
    assert value_of(answer, "points-1-text") == "You came across as a bit young."
    assert bob.api.get(NOTICES).json["items"] == []


def test_missing_fields_are_named_at_the_field_and_in_the_summary(bob, maya):
    fields = {"points-1-text": "", "points-0-criterion": "", "reason": "x" * 1001}
    answer = press(bob, maya, "send", **fields)

    assert answer.status_code == 422
    assert "Error: Notice to Maya Ferreira" in answer.text
    for target in ("#points-1-text", "#points-0-criterion", "#reason"):
        assert f'href="{target}"' in answer.text


def test_a_second_notice_is_refused_in_words_and_the_text_is_kept(bob, alice, maya):
    alice.api.post(NOTICES, json=maya.body(hold_minutes=10))

    answer = press(bob, maya, "send")

    assert answer.status_code == 409
    assert "has a notice about this already" in answer.text
    assert value_of(answer, "points-1-criterion") == "Leading on-call"


def test_opening_the_composer_again_shows_the_notice_that_is_there(bob, alice, maya):
    notice = alice.api.post(NOTICES, json=maya.body(hold_minutes=10)).json["id"]

    assert open_composer(bob, maya).location == f"/notices/{notice}"


def test_the_next_person_of_a_queue_opens(bob, maya, app, acme):
    other = case(app, acme, seeded=True)
    queue = f"{maya.application.id},{other.application.id},nonsense"

    page = open_composer(bob, maya, queue=queue)
    assert "1 of 2" in page.text
    answer = press(bob, maya, "send", query={"queue": queue})
    assert answer.location.startswith(f"/notices/new?application={other.application.id}&queue=")
    second = open_composer(bob, other, queue=queue)
    assert "2 of 2" in second.text
    assert press(bob, other, "send", query={"queue": queue}).location == "/today"


def test_an_update_asks_for_a_date_and_carries_no_points(bob, maya):
    page = open_composer(bob, maya, kind="update")
    assert value_of(page, "kind") == "update"
    assert "Add a gap" not in page.text
    assert value_of(page, "promised_on")

    fields = {"kind": "update", "template": "no-decision-yet", "outcome_code": ""}
    wrong = press(bob, maya, "send", promised_on="2020-01-01", **fields)
    assert wrong.status_code == 422
    assert "Choose a day after today." in wrong.text
    assert "not a valid date" in press(bob, maya, "send", promised_on="soon", **fields).text.lower()
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    assert press(bob, maya, "send", promised_on=tomorrow.isoformat(), **fields).status_code == 303


def test_a_closed_role_is_told_as_such(bob, alice, maya):
    decision = {"decision": "role_closed", "outcome_code": "ROLE-FILLED"}
    alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json=decision)

    page = open_composer(bob, maya)

    assert value_of(page, "kind") == "role_closed"
    assert "The Data Engineer role has been filled." in page.text


def test_nobody_opens_the_composer_of_another_firm_or_without_a_person(charlie, bob, vera, maya):
    assert open_composer(charlie, maya).status_code == 404
    assert bob.browser.get("/notices/new").status_code == 404
    assert open_composer(vera, maya).status_code == 403
    assert press(vera, maya, "send").status_code == 403


def test_where_nobody_would_sign_it_says_so_and_what_to_do(alice, bob, maya, change):
    change(maya.application, owner_id=None)
    change(alice.member, active=False)
    for answer in (open_composer(bob, maya), press(bob, maya, "send")):
        assert answer.status_code == 409
        assert "The application has no owner, and the firm has no active admin to write for it." in answer.text
        assert f'href="/applications/{maya.application.id}"' in answer.text
        assert "Choose an owner" in answer.text

    change(maya.application, owner_id=bob.member.id)
    assert open_composer(bob, maya).status_code == 200


def test_a_draft_is_shown_to_who_writes_alone(bob, vera, maya):
    draft = press(bob, maya, "save").location

    assert vera.browser.get(draft).status_code == 403
    assert "Open the draft" in bob.browser.get(f"/candidates/{maya.candidate.id}").text
    assert "Open the draft" not in vera.browser.get(f"/candidates/{maya.candidate.id}").text
