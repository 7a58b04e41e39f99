"""Sending in spite of the checker: who may, what is kept with the notice, and what is counted."""

import pytest

from recruiter.accounts.models import Role
from recruiter.audit.models import AuditEntry
from recruiter.feedback.models import FindingChoice
from recruiter.notices.models import Notice
from tests import build, people
from tests.slices.notices.forms import press, shown_in, value_of

CULTURE = "We were looking for a better culture fit."
WHY = "The client's own words, agreed with them on the phone."


@pytest.fixture
def lena(app, acme):
    return people.person(app, acme, "Lena Lead", Role.LEAD)


def override(person, maya, **fields):
    return press(person, maya, "override", **{"reason": CULTURE, "override_reason": WHY} | fields)


def test_a_lead_sends_as_it_is_with_a_reason(lena, maya, look, app):
    asked = press(lena, maya, "send", reason=CULTURE)
    sent = override(lena, maya)

    assert asked.status_code == 422
    assert "Queue as it is" in asked.text
    assert sent.status_code == 303
    notice = look(Notice, maya.firm)
    [given] = [each for each in notice.findings if each["rule"] == "PROX-CULT"]
    assert given["choice"] == "overridden"
    assert (given["approver"], given["role"], given["reason"]) == ("Lena Lead", "lead", WHY)
    assert notice.rules_version
    entry = look(AuditEntry, maya.firm, AuditEntry.action == "notice.queued")
    assert entry.details["overridden"] == ["PROX-CULT"]
    assert look(FindingChoice, maya.firm, FindingChoice.rule == "PROX-CULT").choice == "overridden"
    shown = lena.browser.get(f"/notices/{notice.id}").text
    assert "Approved by Lena Lead (lead)" in shown


def test_the_reason_is_asked_for_as_soon_as_it_is_needed_and_never_typed_away(lena, maya):
    def look(**fields):
        query = {"application": str(maya.application.id)}
        return press(lena, maya, "", at="/notices/preview", query=query, **fields)

    comes = look(reason=CULTURE)
    stays = look(reason=CULTURE, override_shown="yes")
    goes = look(override_shown="yes")

    assert 'name="override_reason"' in comes.text
    assert "override-part" not in stays.text
    assert "override-part" in goes.text
    assert "override_reason" not in goes.text


def test_a_reason_is_asked_for(lena, maya):
    refused = override(lena, maya, override_reason=" ")

    assert refused.status_code == 422
    assert "Say why this may be sent as it is." in refused.text
    assert value_of(refused, "reason") == CULTURE


@pytest.mark.parametrize(("why", "words"), [("So\0 be it.", "control characters"), ("x" * 401, "400")])
def test_a_reason_is_words_that_can_be_kept(lena, maya, why, words):
    refused = override(lena, maya, override_reason=why)

    assert refused.status_code == 422
    assert words in refused.text


def test_a_recruiter_is_told_who_may(bob, maya):
    assert bob.member.role is Role.RECRUITER
    refused = override(bob, maya)

    assert refused.status_code == 422
    assert "A lead or an admin can send this as it is" in refused.text
    assert "Queue as it is" not in refused.text


@pytest.mark.parametrize("reason", ["You are too old for this.", f"{CULTURE} You are too old for this."])
def test_nobody_sends_in_spite_of_a_final_rule(lena, maya, reason):
    refused = override(lena, maya, reason=reason)

    assert refused.status_code == 422
    assert "Queue as it is" not in refused.text


def test_a_key_of_the_api_is_no_approver(alice, maya):
    refused = alice.api.post("/api/v1/notices", json=maya.body(reason=CULTURE))

    assert (refused.status_code, refused.json["code"]) == (422, "findings")


def test_what_was_approved_leaves_though_the_rules_changed(lena, maya, look, change, deliver):
    change(maya.firm, hold_minutes=0)
    override(lena, maya)
    notice = look(Notice, maya.firm)
    change(notice, rules_version="older")

    deliver()

    assert look(Notice, maya.firm).state == "sent"


def test_sending_keeps_what_was_to_be_considered(bob, maya, look):
    arrogant = {"points-1-text": "You came across as arrogant when we asked about joining two incidents!!"}
    asked = press(bob, maya, "send", **arrogant)
    assert (asked.status_code, "Not sent yet" in asked.text) == (422, True)
    assert "Queue notice, keep " in asked.text
    shown = shown_in(asked)

    assert press(bob, maya, "send", **arrogant, shown=shown[1:]).status_code == 422
    assert press(bob, maya, "send", **arrogant, shown=shown).status_code == 303
    kept = {each["rule"]: each.get("choice") for each in look(Notice, maya.firm).findings}
    assert kept["PERS-TRAIT"] == "kept"
    assert kept["TONE-SHOUT"] is None
    assert set(kept.values()) == {"kept", None}
    assert look(FindingChoice, maya.firm, FindingChoice.rule == "PERS-TRAIT").choice == "kept"


def test_nobody_chose_what_a_key_sent(alice, maya, look):
    alice.api.post("/api/v1/notices", json=maya.body(reason="You came across as arrogant in the second call."))

    found = {each["rule"]: each.get("choice") for each in look(Notice, maya.firm).findings}

    assert found["PERS-TRAIT"] is None
    assert set(found.values()) == {None}


def test_an_address_of_somebody_else_is_not_typed(bob, maya):
    typed = press(bob, maya, "check", reason="Write to helen@elsewhere.example about it.")

    assert "helen@elsewhere.example" in typed.text
    assert "1 to fix" in typed.text


def test_another_candidate_for_the_job_is_not_named(bob, maya, app):
    with app.app_context():
        rival = build.candidate(maya.firm, "Daniel Osei", "daniel@osei.example")
        build.application(maya.firm, rival, maya.job)

    page = press(bob, maya, "check", reason="Daniel had run more incidents.")

    assert "“Daniel”" in page.text
    assert "Fix 1 problem to send" in page.text


def test_a_letter_in_a_language_without_rules_asks_for_a_second_reader(bob, maya, change):
    change(maya.candidate, language="de")

    page = press(bob, maya, "check", template="", reason="You are too old for this role, and they would not have you.")

    assert "Ask a second person who reads the language" in page.text
    assert "is about age" in page.text


def test_a_country_can_make_a_finding_graver(bob, maya, change):
    reason = {"reason": "The role needs Canadian experience."}
    assert "to fix" not in press(bob, maya, "check", **reason).text

    change(maya.job, country="CA", region="CA-ON")

    assert "1 to fix" in press(bob, maya, "check", **reason).text
