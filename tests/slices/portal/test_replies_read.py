"""A reply is words to a candidate, as a notice is: policy keeps the same back, and the same are read by another."""

import re

import pytest

from recruiter.accounts.models import Role
from recruiter.audit.models import AuditEntry
from recruiter.feedback.models import FindingChoice
from recruiter.notices.models import Notice
from recruiter.policies.values import PolicyName
from recruiter.portal.models import Answer, ReplyDraft
from tests import people
from tests.slices.notices.forms import shown_in
from tests.slices.notices.test_modes import policy

__all__ = ["policy"]

REASON = "We looked for a named decision maker at each site."
POINT = "In the exercise you did not name who decides."
PLAIN = "Thank you for writing. I cannot go into reasons. That is the same for every application of this kind."


@pytest.fixture
def item(alice, reader):
    reader.send("ask", text="Could you say more about the exercise?")
    [asked] = alice.api.get("/api/v1/responses?kind=question").json["items"]
    return f"response-{asked['id']}"


def by_api(person, item, text):
    return person.api.post(f"/api/v1/responses/{item.partition('-')[2]}/answer", json={"text": text})


def reply(person, item, text, **fields):
    return person.browser.post(f"/today/{item}/reply", data={"text": text} | fields)


def seen_in(page):
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


@pytest.mark.parametrize(
    ("mode", "refused", "passes", "note"),
    [
        ("neutral", (REASON, POINT, "Sie haben im Gespräch keine Zahl genannt."), PLAIN, "Give no reasons."),
        ("verbal_only", (POINT, "Your answers were short."), REASON, "Points are told by call"),
        ("full", (), POINT, ""),
    ],
)
def test_what_policy_keeps_back_is_not_said_in_a_reply_either(
    alice, bob, reader, item, policy, mode, refused, passes, note
):
    policy(PolicyName.FEEDBACK_MODE, mode)
    for text in refused:
        answer = by_api(alice, item, text)
        assert (answer.status_code, answer.json["findings"][0]["rule"]) == (422, "MODE-REASON"), text
        page = reply(alice, item, text, override_reason="I want to.")
        assert (page.status_code, "The client asks for it." in page.text) == (422, True)
        assert "Why it may be sent as it is" not in page.text
    opened = bob.browser.get(f"/today?item={item}").text
    assert (note in opened, "Call script" in opened) == (True, mode == "verbal_only")

    assert by_api(alice, item, passes).status_code == 201
    assert passes in reader.page()


def test_a_lead_answers_for_words_that_would_be_stopped(alice, bob, reader, item, look, acme):
    harsh = "There were stronger candidates, and you were a poor fit for the culture of the team."
    assert "Why it may be sent as it is" not in reply(bob, item, harsh).text
    offered = reply(alice, item, harsh)
    assert (offered.status_code, "Why it may be sent as it is" in offered.text) == (422, True)
    assert reply(bob, item, harsh, override_reason="I want to.").status_code == 422

    answered = {"override_reason": "The person asked for these words.", "shown": shown_in(offered)}
    assert reply(alice, item, harsh, **answered).status_code == 303
    assert harsh in reader.page()
    kept = {each["severity"]: each for each in look(Answer, acme).findings}
    assert (kept["block"]["approver"], kept["block"]["reason"]) == (alice.member.name, answered["override_reason"])
    assert (kept["block"]["choice"], kept["warn"]["choice"]) == ("overridden", "kept")
    counted = {each["rule"] for each in kept.values()}
    assert {look(FindingChoice, acme, FindingChoice.choice == each["choice"]).rule for each in kept.values()} == counted


def test_what_is_to_consider_is_shown_before_a_reply_is_sent(bob, item, reader, look, acme):
    mild = "You seemed nervous. There were stronger candidates."
    first = reply(bob, item, mild)
    assert (first.status_code, "Not sent yet" in first.text, "Send reply, keep 2" in first.text) == (422, True, True)
    assert "Consider:" in first.text
    assert mild not in reader.page()

    shown = shown_in(first)
    key = re.search(r'value="keep:([^"]+)"', first.text)[1]
    kept = reply(bob, item, mild, do=f"keep:{key}", shown=shown)
    assert (kept.status_code, shown_in(kept), "Send reply, keep 1" in kept.text) == (200, shown, True)
    more = reply(bob, item, f"{mild} You are a job hopper.", kept=key, shown=shown)
    assert (more.status_code, "Send reply, keep 2" in more.text) == (422, True)

    assert reply(bob, item, f"Hello. {mild}", kept=key, shown=shown).status_code == 303
    assert mild in reader.page()
    assert [each["choice"] for each in look(Answer, acme).findings] == ["kept", "kept"]


def test_the_check_speaks_up_while_a_reply_is_typed(alice, bob, charlie, item, reader):
    def check(person, text, **fields):
        return person.browser.post(f"/today/{item}/check", data={"text": text} | fields)

    mild = check(bob, "There were stronger candidates.").text
    assert ("<html" in mild, "Consider:" in mild, "Send reply, keep 1" in mild) == (False, True, True)
    harsh = "You were a poor fit for the culture of the team."
    assert "A lead or an admin can send this as it is" in check(bob, harsh).text
    offered = check(alice, harsh).text
    assert ("Fix 1 problem to send" in offered, "Why it may be sent as it is" in offered) == (True, True)
    assert "Why it may be sent as it is" not in check(alice, harsh, override_shown="yes").text
    assert "Fix before sending" not in check(bob, "").text
    assert check(charlie, "Thank you.").status_code == 404
    assert harsh not in reader.page()


def test_a_second_reader_lets_the_person_have_exactly_what_was_read(alice, bob, reader, item, policy, look, acme):
    policy(PolicyName.READER, "second")
    refused = by_api(alice, item, REASON)
    assert (refused.status_code, refused.json["code"]) == (409, "second_reader")
    assert item in refused.json["composer"]
    assert reply(bob, item, REASON).status_code == 303
    assert REASON not in reader.page()
    assert "It waits for a second reader." in bob.browser.get(f"/today?item={item}").text

    first = alice.browser.get(f"/today?item={item}").text
    assert (f"{bob.member.name} asks you to read this reply" in first, REASON in first) == (True, True)
    own = bob.browser.get(f"/today?item={item}").text
    reply(bob, item, f"{REASON} The site plan had three.", seen=seen_in(own))
    assert alice.browser.post(f"/today/{item}/release", data={"seen": seen_in(first)}).status_code == 303
    assert "Somebody changed this" in alice.browser.get("/today").text
    seen = seen_in(alice.browser.get(f"/today?item={item}").text)
    bob.browser.post(f"/today/{item}/release", data={"seen": seen})
    assert REASON not in reader.page()

    alice.browser.post(f"/today/{item}/release", data={"seen": seen})
    assert "The site plan had three." in reader.page()
    answer = look(Answer, acme)
    assert (answer.member_id, answer.read_by_id) == (bob.member.id, alice.member.id)
    assert look(AuditEntry, acme, AuditEntry.action == "response.released").actor_id == alice.member.id
    again = alice.browser.post(f"/today/{item}/release", data={"seen": seen}, follow_redirects=True)
    assert "not waiting for a second reader any more" in again.text


def test_a_second_reader_gives_a_reply_back(alice, bob, item, reader, policy, look, acme):
    policy(PolicyName.READER, "second")
    reply(bob, item, REASON)
    empty = alice.browser.post(f"/today/{item}/return", data={"note": ""})
    assert (empty.status_code, "Say what to change." in empty.text) == (422, True)
    own = bob.browser.post(f"/today/{item}/return", data={"note": "x"}, follow_redirects=True)
    assert "Somebody else has to read it." in own.text
    alice.browser.post(f"/today/{item}/return", data={"note": "Name the site."})

    assert look(ReplyDraft, acme).asked_at is None
    page = bob.browser.get(f"/today?item={item}").text
    assert ("The second reader sent it back: “Name the site.”" in page, REASON in page) == (True, True)
    assert reply(bob, item, f"{REASON} In Porto.", seen=seen_in(page)).status_code == 303
    assert "In Porto." in alice.browser.get(f"/today?item={item}").text


def test_a_side_and_an_override_wait_with_their_reply(app, acme, alice, bob, maya, reader, policy):
    policy(PolicyName.READER, "second")
    lead = people.person(app, acme, "Lena Lead", Role.LEAD)
    reader.send(f"point/{reader.point}", text="I led one.", differs="yes")
    [side] = alice.api.get("/api/v1/responses?kind=point").json["items"]
    item = f"response-{side['id']}"
    harsh = "You were a poor fit for the culture of the team."
    said = {"outcome": "kept", "override_reason": "They asked."}
    assert re.search(r'value="noted"[^>]* checked', lead.browser.get(f"/today?item={item}").text)
    assert reply(lead, item, harsh, **said).status_code == 303

    page = bob.browser.get(f"/today?item={item}").text
    assert ("the point stays as it is" in page, "They asked." in page) == (True, True)
    bob.browser.post(f"/today/{item}/release", data={"seen": seen_in(page)})
    assert harsh in reader.page()
    late = reply(lead, item, "Once more.", outcome="kept")
    assert late.status_code == 303
    assert "answered before" in lead.browser.get("/today").text


def test_a_reply_in_a_language_without_rules_is_read_by_another(alice, item, look, acme, change):
    notice = look(Notice, acme)
    change(notice, data=notice.data | {"language": "de"})

    refused = by_api(alice, item, "Vielen Dank für Ihre Frage. Ich antworte Ihnen bis Freitag.")

    assert (refused.status_code, refused.json["code"]) == (409, "second_reader")
    assert "There are no rules for its language" in refused.text


def test_alone_nobody_can_ask(alice, item, policy):
    policy(PolicyName.READER, "second")
    refused = reply(alice, item, REASON)
    assert (refused.status_code, REASON in refused.text) == (422, True)
    assert "nobody can read this" in refused.text


def test_two_replies_at_a_time_are_both_shown(app, acme, alice, bob, item, reader, policy):
    policy(PolicyName.READER, "second")
    carol = people.person(app, acme, "Carol Reader", Role.RECRUITER)
    reply(bob, item, REASON)
    mine = "Thank you. I will ask the client for an example."
    refused = reply(carol, item, mine)
    assert refused.status_code == 422
    assert all(words in refused.text for words in (REASON, mine))

    page = carol.browser.get(f"/today?item={item}").text
    own = bob.browser.get(f"/today?item={item}").text
    assert "A colleague wrote a reply meanwhile." in reply(carol, item, mine).text
    assert reply(carol, item, mine, seen=seen_in(page)).status_code == 303
    assert "A colleague wrote a reply meanwhile." in reply(bob, item, REASON, seen=seen_in(own)).text
