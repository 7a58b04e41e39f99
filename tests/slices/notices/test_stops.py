"""Just before a notice leaves it is checked again; what changed meanwhile stops it, and a person sees why."""

import datetime as dt

import pytest

from recruiter.applications.models import Decision, Stage
from recruiter.candidates.models import CandidateEmail
from recruiter.db.session import transaction
from recruiter.notices.models import FeedbackPage, Notice
from recruiter.outbox import suppressions
from recruiter.outbox.suppressions import Suppress
from recruiter.texts.models import TemplateVersion

NOTICES = "/api/v1/notices"
NOW = dt.datetime(2025, 11, 20, 10, tzinfo=dt.UTC)


def decide(person, case, decision):
    answer = person.api.post(f"/api/v1/applications/{case.application.id}/decision", json={"decision": decision})
    assert answer.status_code == 200, answer.json


class World:
    """What can change between queueing a notice and its leaving."""

    def __init__(self, app, person, case, change, look):
        self.app, self.person, self.case, self.change, self.look = app, person, case, change, look

    def is_hired(self):
        decide(self.person, self.case, "hired")

    def withdrew(self):
        decide(self.person, self.case, "withdrew")

    def role_closed(self):
        decide(self.person, self.case, "role_closed")

    def reopened(self):
        decide(self.person, self.case, None)

    def has_an_offer(self):
        self.change(self.case.application, decision=None, decided_at=None, decided_by=None, stage=Stage.OFFER)

    def erased(self):
        self.change(self.case.candidate, name=None, erased_at=NOW, erased_reason="asked")

    def lost_the_address(self):
        self.change(self.look(CandidateEmail, self.case.firm), address="other@example.com")

    def suppressed(self):
        with self.app.app_context(), transaction(self.case.firm.id) as session:
            command = Suppress(address=self.case.candidate.email, reason="Please do not write to me again.")
            suppressions.suppress(session, self.case.firm.id, command)

    def page_revoked(self):
        self.change(self.look(FeedbackPage, self.case.firm), revoked_at=NOW)

    def rule_is_new(self):
        """Stands in for rules that became stricter: the frozen reason says what they refuse."""
        notice = self.look(Notice, self.case.firm)
        data = notice.data | {"decision": notice.data["decision"] | {"reason_text": "You are too young for this."}}
        self.change(notice, data=data, rules_version="older")

    def phrase_is_new(self):
        words = {"words": "matched two needs", "severity": "block"}
        assert self.person.browser.post("/settings/checker/phrases", data=words).status_code == 303

    def template_and_rules_are_new(self):
        self.change(self.look(Notice, self.case.firm), rules_version="older")
        self.template_is_unusable()

    def template_is_unusable(self):
        notice = self.look(Notice, self.case.firm)
        version = self.look(TemplateVersion, self.case.firm, TemplateVersion.id == notice.template_version_id)
        self.change(version, mail_body="{{ nobody.knows }}")


STOPS = [
    ("is_hired", "hired", "was hired"),
    ("withdrew", "withdrew", "left the process"),
    ("role_closed", "role_closed", "role closed"),
    ("reopened", "reopened", "was reopened"),
    ("has_an_offer", "offered", "has an offer"),
    ("erased", "erased", "was erased"),
    ("lost_the_address", "no_address", "Add an address or log a call instead"),
    ("suppressed", "suppressed", "Please do not write to me again."),
    ("page_revoked", "page_revoked", "was revoked"),
    ("rule_is_new", "must_fix", "is about age"),
    ("phrase_is_new", "must_fix", "matched two needs"),
    ("template_is_unusable", "unsendable", "template"),
    ("template_and_rules_are_new", "unusable", "template"),
]


@pytest.fixture
def world(app, alice, maya, change, look):
    return World(app, alice, maya, change, look)


@pytest.mark.parametrize("stop", STOPS, ids=[row[0] for row in STOPS])
def test_what_changed_meanwhile_stops_the_notice(world, alice, maya, deliver, smtp_sink, stop):
    what, code, words = stop
    notice = alice.api.post(NOTICES, json=maya.body()).json
    getattr(world, what)()

    deliver()

    assert smtp_sink.raw == []
    shown = alice.api.get(f"{NOTICES}/{notice['id']}").json
    assert (shown["state"], shown["problem"]["code"]) == ("failed", code)
    assert words in shown["problem"]["detail"]
    assert shown["sent_at"] is None


@pytest.mark.parametrize("decision", [Decision.NOT_SELECTED, Decision.ROLE_CLOSED, Decision.HIRED])
def test_an_update_stops_once_there_is_a_decision(alice, maya, deliver, smtp_sink, decision):
    body = maya.body(kind="update", reason="The client asked for one more week.")
    notice = alice.api.post(NOTICES, json=body).json
    decide(alice, maya, decision.value)

    deliver()

    assert smtp_sink.raw == []
    assert alice.api.get(f"{NOTICES}/{notice['id']}").json["problem"]["code"] == decision.value


def test_newer_rules_that_find_nothing_stop_nothing(alice, maya, deliver, smtp_sink, change, look):
    alice.api.post(NOTICES, json=maya.body())
    change(look(Notice, maya.firm), rules_version="older")

    deliver()

    assert len(smtp_sink.raw) == 1


def test_a_stopped_notice_makes_room_for_another(alice, maya, deliver, smtp_sink, change, look):
    alice.api.post(NOTICES, json=maya.body())
    change(look(FeedbackPage, maya.firm), revoked_at=NOW)
    deliver()

    assert alice.api.post(NOTICES, json=maya.body()).status_code == 201
    deliver()

    assert len(smtp_sink.raw) == 1
