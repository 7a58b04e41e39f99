"""Where no reasons may be given, none leave: not in the mail, not on the page, not through the API."""

import re

import pytest

from recruiter.accounts.models import Role
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.notices.models import Notice
from recruiter.policies import jurisdictions
from recruiter.policies import service as policies
from recruiter.policies.service import ChangePolicy
from recruiter.policies.values import PolicyName
from tests import people
from tests.maya import GAP, STRENGTH, case
from tests.slices.notices.forms import open_composer, press, shown_in

NOTICES = "/api/v1/notices"
REASON = "The person chosen matched two needs of this role more closely."
SAID = (REASON, GAP["text"], GAP["suggestion"], STRENGTH["text"])


def said_in(text):
    return [words for words in SAID if words in " ".join(text.split())]


@pytest.fixture
def in_germany(maya, change):
    change(maya.firm, hold_minutes=0)
    change(maya.candidate, country="DE")
    return maya


def test_neutral_gives_no_reasons_in_preview_mail_page_and_record(alice, in_germany, deliver, smtp_sink, client):
    preview = alice.api.post(f"{NOTICES}/preview", json=preview_of(in_germany)).json
    assert (preview["feedback_mode"], preview["findings"]) == ("neutral", [])
    assert "Germany" in preview["feedback_mode_because"]
    assert [said_in(preview[part]) for part in ("text", "html", "page_html")] == [[], [], []]

    queued = alice.api.post(NOTICES, json=in_germany.body(preview_token=preview["preview_token"]))
    assert queued.status_code == 201
    deliver()
    (mail,) = smtp_sink.messages
    assert said_in(mail.get_body(("plain",)).get_content()) == []
    assert "We will not be taking your application further" in mail.get_body(("plain",)).get_content()

    notice = alice.api.get(f"{NOTICES}/{queued.json['id']}").json
    assert (notice["feedback_mode"], notice["outcome_code"], notice["reason"]) == ("neutral", "CLO-OTHER", "")
    assert notice["feedback"] == {"strengths": [], "gaps": []}
    assert said_in(client.get(notice["feedback_url"].removeprefix("http://localhost")).text) == []


def test_what_is_not_written_is_not_checked_either(alice, in_germany):
    gap = GAP | {"text": "You came across as a bit young for the role."}
    body = preview_of(in_germany) | {"feedback": {"gaps": [gap]}}

    assert alice.api.post(f"{NOTICES}/preview", json=body).json["findings"] == []


def test_the_composer_says_why_nothing_can_be_written(bob, in_germany):
    page = open_composer(bob, in_germany)
    assert "gives no reasons" in page.text
    assert "Germany" in page.text
    assert 'name="reason"' not in page.text
    assert "Add a gap" not in page.text

    looked = press(bob, in_germany, "check", at="/notices/preview", query={"application": in_germany.application.id})
    assert said_in(looked.text) == []
    assert press(bob, in_germany, "send").status_code == 303


def test_a_job_there_counts_as_much_as_a_home_there(alice, maya, change):
    change(maya.job, country="DE")

    assert alice.api.post(f"{NOTICES}/preview", json=preview_of(maya)).json["feedback_mode"] == "neutral"


def test_a_preview_from_before_the_mode_changed_is_stale(alice, maya, change):
    token = alice.api.post(f"{NOTICES}/preview", json=preview_of(maya)).json["preview_token"]
    change(maya.candidate, country="DE")

    answer = alice.api.post(NOTICES, json=maya.body(preview_token=token))
    assert (answer.status_code, answer.json["code"]) == (409, "preview_stale")


def preview_of(found):
    return preview_only(found.body())


def preview_only(body):
    return {name: value for name, value in body.items() if name not in {"hold_minutes", "timing"}}


@pytest.fixture
def policy(app, maya, alice):
    """Let a firm choose another value than the one its place has."""

    def policy(name, value, jurisdiction="default"):
        actor = Actor(ActorKind.MEMBER, alice.member.id)
        place = jurisdictions.every()[jurisdiction]
        wanted = {"jurisdiction": place, "name": name, "value": value, "reason": "The client asks for it."}
        with app.app_context():
            policies.change(ChangePolicy(firm_id=maya.firm.id, actor=actor, **wanted))

    return policy


def test_points_that_may_only_be_told_stay_for_the_call(alice, bob, maya, policy, change, deliver, smtp_sink, client):
    change(maya.firm, hold_minutes=0)
    policy(PolicyName.FEEDBACK_MODE, "verbal_only")
    page = open_composer(bob, maya).text
    assert "Points are told by call, not in writing. Your firm: The client asks for it." in page
    assert "For the call: checked and kept" in page

    notice = alice.api.post(NOTICES, json=maya.body()).json
    deliver()
    assert (notice["feedback_mode"], notice["feedback"]["gaps"][0]["text"]) == ("verbal_only", GAP["text"])
    assert said_in(smtp_sink.messages[0].get_body(("plain",)).get_content()) == [REASON]
    base = notice["feedback_url"].removeprefix("http://localhost")
    assert said_in(client.get(base).text) == [REASON]
    script = bob.browser.get(f"/applications/{maya.application.id}/call").text
    assert said_in(script) == list(SAID)
    assert "Your page has the decision." in script

    blocked = GAP | {"text": "You came across as a bit young for the role."}
    body = preview_of(maya) | {"feedback": {"strengths": [STRENGTH], "gaps": [blocked]}}
    assert alice.api.post(f"{NOTICES}/preview", json=body).json["findings"][0]["rule"] == "PROT-AGE"


def test_a_correction_of_what_was_told_shows_none_of_it(alice, maya, policy, change, deliver, client):
    change(maya.firm, hold_minutes=0)
    policy(PolicyName.FEEDBACK_MODE, "verbal_only")
    sent = alice.api.post(NOTICES, json=maya.body()).json
    deliver()
    correction = {"application_id": str(maya.application.id), "kind": "correction", "corrects": sent["id"]}
    now = {"hold_minutes": 0, "timing": "now", "reason": "I had the wrong date.", "feedback": {"strengths": [STRENGTH]}}
    assert alice.api.post(NOTICES, json=correction | now).json["version"] == 2
    deliver()

    page = client.get(sent["feedback_url"].removeprefix("http://localhost")).text
    assert "I had the wrong date." in page
    assert said_in(page) == [REASON]


def test_a_firm_that_gives_reasons_in_germany_lets_them_be_read(alice, bob, in_germany, policy):
    policy(PolicyName.FEEDBACK_MODE, "full", "DE")
    answer = alice.api.post(NOTICES, json=in_germany.body())
    assert (answer.status_code, answer.json["code"]) == (409, "second_reader")
    plain = in_germany.body(reason=None, feedback={})
    assert alice.api.post(f"{NOTICES}/preview", json=preview_only(plain)).json["feedback_mode"] == "full"

    assert press(bob, in_germany, "send").location == "/today"
    (draft,) = alice.api.get(NOTICES, query_string={"state": "draft"}).json["items"]
    page = alice.browser.get(f"/notices/{draft['id']}/read")
    assert "You told us about joining two incidents." in page.text
    assert alice.api.post(NOTICES, json=plain).status_code == 201


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (PolicyName.FEEDBACK_MODE, "verbal_only", "feedback_mode"),
        (PolicyName.FEEDBACK_MODE, "neutral", "feedback_mode"),
        (PolicyName.READER, "second", "second_reader"),
    ],
)
def test_what_waits_says_no_more_than_policy_allows_when_it_leaves(
    alice, app, acme, maya, policy, change, deliver, smtp_sink, name, value, code
):
    change(maya.firm, hold_minutes=0)
    plain = case(app, acme, seeded=True)
    asked = [alice.api.post(NOTICES, json=body).json for body in (maya.body(), plain.body(reason="", feedback={}))]
    policy(name, value)
    deliver()

    found = [alice.api.get(f"{NOTICES}/{each['id']}").json for each in asked]
    assert [each["state"] for each in found] == ["failed", "sent"]
    assert found[0]["problem"]["code"] == code
    assert len(smtp_sink.raw) == 1


def test_a_reason_in_words_of_ours_stops_where_none_may_be_given_by_now(alice, maya, policy, change, deliver):
    change(maya.firm, hold_minutes=0)
    notice = alice.api.post(NOTICES, json=maya.body(reason=None, feedback={})).json
    policy(PolicyName.FEEDBACK_MODE, "neutral")
    deliver()

    problem = alice.api.get(f"{NOTICES}/{notice['id']}").json["problem"]
    assert (problem["code"], "The client asks for it." in problem["detail"]) == ("feedback_mode", True)


def test_a_call_tells_no_reasons_of_what_waits_once_none_may_be_given(alice, bob, maya, policy):
    script = f"/applications/{maya.application.id}/call"
    alice.api.post(NOTICES, json=maya.body())
    assert said_in(bob.browser.get(script).text) == list(SAID)
    policy(PolicyName.FEEDBACK_MODE, "neutral")

    page = bob.browser.get(script).text
    assert (said_in(page), "I cannot go into reasons." in page) == ([], True)


def test_points_for_the_call_are_read_too(alice, bob, maya, policy):
    policy(PolicyName.FEEDBACK_MODE, "verbal_only")
    policy(PolicyName.READER, "second")
    told = {"points_1_text": "You seemed passive when two incidents came up.", "context_agency_view": "yes"}
    press(bob, maya, "send", **told, shown=shown_in(press(bob, maya, "check", **told)))
    (draft,) = alice.api.get(NOTICES, query_string={"state": "draft"}).json["items"]
    page = alice.browser.get(f"/notices/{draft['id']}/read").text

    assert page.index("Told by call") < page.index("when two incidents came up")
    assert ("What the check says" in page, "This is how we see it." in page) == (True, True)


def test_what_is_sent_as_it_is_is_read_first_and_keeps_who_answers_for_it(app, acme, bob, maya, policy, look, change):
    lena = people.person(app, acme, "Lena Lead", Role.LEAD)
    policy(PolicyName.READER, "second")
    typed = {"reason": "We were looking for a better culture fit.", "override_reason": "Their <own> words."}
    assert press(lena, maya, "send", **typed).status_code == 422
    assert press(lena, maya, "override", **typed).location == "/today"
    draft = look(Notice, maya.firm)
    page = bob.browser.get(f"/notices/{draft.id}/read").text
    assert "would send it as it is:" in page
    assert "Their &lt;own&gt; words." in page

    def released():
        seen = re.search(r'name="seen" value="([^"]+)"', bob.browser.get(f"/notices/{draft.id}/read").text)[1]
        return bob.browser.post(f"/notices/{draft.id}/release", data={"seen": seen})

    change(lena.member, role=Role.RECRUITER)
    assert "Some words must be fixed" in bob.browser.get(released().location, follow_redirects=True).text
    change(lena.member, role=Role.LEAD)
    assert released().location == "/today"
    notice = look(Notice, maya.firm)
    (given,) = [each for each in notice.findings if each.get("choice") == "overridden"]
    assert (given["approver"], given["reason"]) == (lena.member.name, "Their <own> words.")
    assert (notice.state, notice.read_by_id) == ("held", bob.member.id)


def test_a_reason_to_send_as_it_is_ends_with_the_words_it_was_given_for(alice, bob, maya, policy, look):
    policy(PolicyName.READER, "second")
    typed = {"reason": "We were looking for a better culture fit.", "override_reason": "Their words."}
    press(alice, maya, "override", **typed)
    draft = look(Notice, maya.firm)
    at = f"/notices/{draft.id}"
    press(alice, maya, "save", at=at, reason="We were looking for a better culture fit here.")

    assert press(alice, maya, "send", at=at, reason="We want a culture fit.").status_code == 422
    assert look(Notice, maya.firm).data["override_reason"] == ""
