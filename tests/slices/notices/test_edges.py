"""What happens between two steps: a decision reopened while the mail is on its way, a template that broke, doubt."""

import re

import pytest

from recruiter.applications.models import Application
from recruiter.notices.models import FeedbackPage
from recruiter.outbox.models import Message
from recruiter.texts.models import Template, TemplateVersion
from tests import mail
from tests.maya import case
from tests.slices.notices.forms import open_composer, press, value_of
from tests.smtp_sink import SmtpSink

NOTICES = "/api/v1/notices"


class SlowSink(SmtpSink):
    """Something happens while the server takes the mail."""

    def __init__(self, meanwhile):
        super().__init__()
        self.meanwhile = meanwhile

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.meanwhile()
        return await super().handle_DATA(server, session, envelope)


def test_a_decision_reopened_while_the_mail_left_is_a_round_of_its_own(app, settings, alice, maya, look):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]

    def reopen():
        alice.api.post(f"/api/v1/applications/{maya.application.id}/decision", json={"decision": None})

    with SlowSink(reopen) as sink, mail.posting(app, settings, sink.url) as post:
        mail.deliver(app, post)

    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "sent"
    application = look(Application, maya.firm)
    assert (application.round, application.told_at) == (2, None)


def test_the_link_of_a_mail_that_may_have_arrived_stays_open(alice, maya, deliver, smtp_sink, change, look):
    notice = alice.api.post(NOTICES, json=maya.body()).json["id"]
    change(look(Message, maya.firm), doubts=1)
    smtp_sink.faults.recipient.append("550 5.1.1 no such user")

    deliver()

    assert alice.api.get(f"{NOTICES}/{notice}").json["state"] == "failed"
    assert look(FeedbackPage, maya.firm).revoked_at is None


@pytest.fixture
def broken(change, look, maya):
    template = look(Template, maya.firm, Template.slug == "after-final", Template.language == "en")
    version = look(TemplateVersion, maya.firm, TemplateVersion.template_id == template.id)
    change(version, mail_body="Hello\n{{ interview.nothing }}")


def test_a_template_that_cannot_be_filled_is_named(alice, bob, maya, broken):
    answer = alice.api.post(NOTICES, json=maya.body())

    assert answer.status_code == 422
    assert "Line 2" in answer.json["errors"]["template"][0]
    assert open_composer(bob, maya).status_code == 422


def test_findings_of_no_field_stand_by_themselves(bob, maya):
    blank = {f"points-0-{name}": "" for name in ("criterion", "text")}

    page = press(bob, maya, "check", **blank, points_1_effect="We could not see that you led one.")

    assert "nothing before it that went well" in page.text
    assert "1 to consider" in page.text


def test_three_findings_are_open_at_once_what_must_be_fixed_before_the_others(bob, maya):
    typed = {"points-0-text": "You seemed nervous.", "points-1-suggestion": "", "points-1-requirement": ""}
    page = press(bob, maya, "check", **typed, reason="You are too old for a young team, and we will be in touch soon.")

    behind = re.compile(r'<details>\s*<summary class="small">(.*?)</summary>.*?</details>', re.DOTALL)
    in_sight = behind.sub("", page.text)
    assert in_sight.count("data-finding") == 3
    assert [words in in_sight for words in ("“too old”", "“young team”", "“be in touch soon”")] == [True] * 3
    assert behind.findall(page.text) == ["2 findings", "3 findings"]  # with a hint each


def test_only_words_about_a_need_of_the_role_are_rewritten(bob, maya):
    page = press(bob, maya, "check", **{"points-0-text": "You came across as a bit young."})

    assert "Fix before sending:" in page.text
    assert "Replace with" not in page.text


def test_words_with_two_findings_are_marked_once(bob, maya):
    page = press(bob, maya, "check", **{"points-1-text": "You seemed [a bit young] to us."})

    assert page.text.count("[a bit young]</i>") + page.text.count(">a bit young</i>") == 1
    assert "Fix 2 problems to send" in page.text


def test_the_page_asks_only_what_was_offered(bob, maya, client, change):
    change(maya.firm, hold_minutes=0)
    press(bob, maya, "send", offer_pool=None, offer_call=None)

    (notice,) = bob.api.get(NOTICES).json["items"]
    letter = client.get(notice["feedback_url"].removeprefix("http://localhost")).text
    assert "We will not be taking your application further" in letter
    assert "Should we keep you in mind?" not in letter
    assert "Ask for a call" not in letter


def test_a_notice_is_copied_for_its_own_person_alone(app, alice, bob, maya):
    notice = alice.api.post(NOTICES, json=maya.body()).json
    other = case(app, maya.firm, seeded=True)
    assert open_composer(bob, other, copy=notice["id"]).status_code == 404
    bob.browser.post(f"/notices/{notice['id']}/withdraw")
    assert value_of(open_composer(bob, maya, copy=notice["id"]), "reason") == maya.body()["reason"]
