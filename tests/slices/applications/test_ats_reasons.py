"""Reasons in an ATS's own words: kept for the firm, given a meaning once, and never read by a candidate."""

import re

import pytest
import sqlalchemy as sa

from recruiter.applications import catalogue
from recruiter.applications.models import AtsReason
from recruiter.applications.outcomes import OUTCOMES
from recruiter.audit.models import AuditEntry
from recruiter.audit.service import SYSTEM
from recruiter.db.session import reading
from recruiter.privacy import service as privacy
from recruiter.privacy.service import Erase, Reason
from tests.maya import case
from tests.slices.imports.files import take_in, text
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.notices.forms import value_of
from tests.slices.portal.conftest import open_letter

__all__ = ["change", "deliver", "look", "maya", "post"]

RAW = "Zebra: too green for Bob"
HEADS = "Name,E-mail,Job,Stage,Decision,Rejection reason\n"
PAGE = "/settings/reasons"


def decide(person, found, **why):
    url = f"/api/v1/applications/{found.application.id}/decision"
    answer = person.api.post(url, json={"decision": "not_selected"} | why)
    assert answer.status_code == 200, answer.json
    return answer.json


def read(person, found):
    return person.api.get(f"/api/v1/applications/{found.application.id}").json


def names(person):
    """The fields of the page, by the words that they give a meaning to."""
    page = person.browser.get(PAGE).text
    rows = re.findall(r'<th scope="row">([^<]+?)\s*<.*?<select[^>]* name="(code-[^"]+)"', page, re.DOTALL)
    return {words.replace("&#39;", "'"): name for words, name in rows}


def mean(person, **codes):
    found = names(person)
    return person.browser.post(PAGE, data={found[words]: code for words, code in codes.items()})


def whole(page):
    """Every field of the page as a browser would post it."""
    fields = {name: value_of(page, name) or "" for name in names_of(page)}
    return fields | dict(re.findall(r'name="(seen-[^"]+)" value="([^"]*)"', page.text))


def names_of(page):
    return re.findall(r'<select[^>]* name="(code-[^"]+)"', page.text)


def test_a_reason_without_a_meaning_is_a_task_and_is_applied_once_it_has_one(app, alice, bob, acme, maya):
    answer = decide(alice, maya, ats_reason=RAW)
    later = case(app, acme, seeded=True)

    assert (answer["ats_reason"], answer["outcome_code"]) == (RAW, None)
    assert "1 person came with a reason that has no meaning yet." in text(alice.browser.get("/today"))
    assert "An admin can give it one." in text(bob.browser.get("/today"))
    assert f"“{RAW}”, for you alone" in text(alice.browser.get(f"/applications/{maya.application.id}"))

    saved = mean(alice, **{RAW: "REQ-EXP"})
    answer = decide(alice, later, ats_reason=f" {RAW.upper()}! ")

    assert saved.location == PAGE
    assert "Reasons saved. 1 person has it now." in text(alice.browser.get(PAGE))
    assert read(alice, maya)["outcome_code"] == answer["outcome_code"] == "REQ-EXP"
    assert "no meaning yet" not in text(alice.browser.get("/today"))
    with app.app_context(), reading(acme.id) as session:
        mapped = sa.select(AuditEntry).where(AuditEntry.action.like("%reason%")).order_by(AuditEntry.action)
        told = [(each.action, each.actor_id, each.details["outcome_code"]) for each in session.scalars(mapped)]
    assert told == [(name, alice.member.id, "REQ-EXP") for name in ("application.reason_mapped", "reason.mapped")]


def test_a_file_brings_reasons_and_reads_codes_as_codes(app, alice):
    rows = [
        "Ana Reis,ana@example.com,Clerk,final,rejected,Did not like our tests",
        "Ola Berg,ola@example.com,Clerk,final,rejected,req-exp",
        "Ida Moe,ida@example.com,Clerk,final,rejected,did NOT like our tests!",
        "Uwe Falk,uwe@example.com,Clerk,final,rejected,",
    ]
    take_in(app, alice, HEADS + "\n".join(rows), "applications")
    mean(alice, **{"Did not like our tests": "INT-TASK"})
    take_in(app, alice, HEADS + rows[3] + "Lacking skill(s)/qualification(s)", "applications")

    found = alice.api.get("/api/v1/applications").json["items"]
    codes = {each["ats_reason"]: each["outcome_code"] for each in found}
    assert codes == {"Did not like our tests": "INT-TASK", None: "REQ-EXP", "Lacking skill(s)/qualification(s)": None}
    page = alice.browser.get(PAGE).text
    assert "Usual for Greenhouse." in page
    assert '<option value="REQ-SKILL" selected>' in page
    assert "1 person came with a reason" in text(alice.browser.get("/today"))


@pytest.mark.parametrize(
    ("why", "found"),
    [
        ({"outcome_code": "ATS-OWN"}, ("ATS-OWN", None)),
        ({"outcome_code": "REQ-EXP", "ats_reason": "Too Junior"}, ("Too Junior", "REQ-EXP")),
        ({"ats_reason": " log-loc "}, (None, "LOG-LOC")),
        ({"ats_reason": "?"}, ("?", None)),
    ],
)
def test_words_and_codes_are_told_apart(alice, maya, why, found):
    answer = decide(alice, maya, **why)

    assert (answer["ats_reason"], answer["outcome_code"]) == found


def test_what_is_said_again_replaces_and_what_is_not_stays(alice, maya):
    decide(alice, maya, outcome_code="REQ-EXP", ats_reason="Too Junior")
    kept = decide(alice, maya, decided_by="client")
    chosen = decide(alice, maya, outcome_code="REQ-QUAL")
    other = decide(alice, maya, ats_reason="Overqualified")
    reopened = decide(alice, maya, decision=None)

    assert [(each["ats_reason"], each["outcome_code"]) for each in (kept, chosen, other, reopened)] == [
        ("Too Junior", "REQ-EXP"),
        ("Too Junior", "REQ-QUAL"),
        ("Overqualified", None),
        (None, None),
    ]


def test_another_meaning_leaves_who_was_told_and_what_was_chosen_by_hand(app, alice, acme, maya, change):
    told, by_hand = case(app, acme, seeded=True), case(app, acme, seeded=True)
    for found in (maya, told, by_hand):
        decide(alice, found, ats_reason=RAW)
    decide(alice, by_hand, outcome_code="LOG-PAY")
    mean(alice, **{RAW: "REQ-EXP"})
    change(told.application, told_at=told.application.created_at)
    mean(alice, **{RAW: "REQ-QUAL"})
    codes = [read(alice, found)["outcome_code"] for found in (maya, told, by_hand)]
    mean(alice, **{RAW: ""})

    assert codes == ["REQ-QUAL", "REQ-EXP", "LOG-PAY"]
    assert read(alice, maya)["outcome_code"] is None
    assert "1 of them still has no reason" not in text(alice.browser.get(PAGE))


def test_who_came_while_it_was_given_its_meaning_is_shown_and_gets_it_by_saving(alice, maya, change):
    decide(alice, maya, ats_reason=RAW)
    mean(alice, **{RAW: "REQ-EXP"})
    change(maya.application, outcome_code=None)

    assert "1 of them still has no reason. Save to give it to them." in text(alice.browser.get(PAGE))
    mean(alice, **{RAW: "REQ-EXP"})
    assert read(alice, maya)["outcome_code"] == "REQ-EXP"


def test_what_cannot_be_a_meaning_is_refused(alice, bob, charlie, maya):
    decide(alice, maya, ats_reason=RAW)
    name = names(alice)[RAW]

    assert "Choose one of the reasons in the list." in text(alice.browser.post(PAGE, data={name: "NO-SUCH"}))
    assert "This form is not one of ours." in text(alice.browser.post(PAGE, data={"code-1": "REQ-EXP"}))
    assert charlie.browser.post(PAGE, data={name: "REQ-EXP"}).status_code == 404
    assert bob.browser.get(PAGE).status_code == bob.browser.post(PAGE, data={}).status_code == 403
    assert read(alice, maya)["outcome_code"] is None


def test_of_two_admins_with_the_same_page_open_the_later_undoes_nothing(app, alice, acme, maya):
    other = case(app, acme, seeded=True)
    decide(alice, maya, ats_reason=RAW)
    decide(alice, other, ats_reason="Moved away")
    name, moved = names(alice)[RAW], names(alice)["Moved away"]
    opened = whole(alice.browser.get(PAGE))
    mean(alice, **{RAW: "REQ-EXP"})

    late = alice.browser.post(PAGE, data=opened | {moved: "LOG-LOC"})
    assert late.location == PAGE
    assert [read(alice, found)["outcome_code"] for found in (maya, other)] == ["REQ-EXP", "LOG-LOC"]

    clash = alice.browser.post(PAGE, data=opened | {name: "REQ-QUAL"})
    assert clash.status_code == 422
    assert f"Somebody else said meanwhile what “{RAW}” means. Look at it again." in text(clash)
    assert read(alice, maya)["outcome_code"] == "REQ-EXP"
    assert alice.browser.post(PAGE, data=whole(clash)).location == PAGE
    assert read(alice, maya)["outcome_code"] == "REQ-QUAL"


def test_a_private_meaning_stops_what_waits_to_leave(alice, maya, deliver, smtp_sink):
    decide(alice, maya, ats_reason=RAW)
    notice = alice.api.post("/api/v1/notices", json=maya.body(outcome_code=None)).json
    mean(alice, **{RAW: "CHK-REF"})
    deliver()

    shown = alice.api.get(f"/api/v1/notices/{notice['id']}").json
    assert (shown["state"], shown["problem"]["code"]) == ("failed", "private_reason")
    assert smtp_sink.messages == []


def test_the_words_are_on_nothing_that_a_candidate_sees(app, alice, maya, deliver, smtp_sink):
    """Mapped or not: previews, mails, the page with every answer, its paper version, and the events."""
    decide(alice, maya, ats_reason=RAW)
    body = maya.preview(outcome_code=None, reason=None)
    unmapped = alice.api.post("/api/v1/notices/preview", json=body)
    mean(alice, **{RAW: "REQ-EXP"})
    mapped = alice.api.post("/api/v1/notices/preview", json=body)
    typed = alice.api.post("/api/v1/notices/preview", json=body | {"reason": RAW.lower()})
    reader = open_letter(app, alice, maya, deliver, smtp_sink, outcome_code=None, reason=None)
    reader.send("ask", text="Why, please?")
    pages = [reader.page(), reader.page("?print=1"), reader.client.get("/f/no-such").text]
    composer = alice.browser.get(f"/notices/new?application={maya.application.id}&kind=update")
    mails = [str(mail) for mail in smtp_sink.messages]

    assert "The role needs experience of a task" in pages[0]
    assert [finding["rule"] for finding in typed.json["findings"] if finding["severity"] == "block"] == ["ATS-RAW"]
    assert mails
    surfaces = [unmapped.text, mapped.text, *pages, *mails, composer.text, str(reader.notice)]
    assert [place for place, words in enumerate(surfaces) if "zebra" in words.casefold()] == []


def test_words_that_nobody_came_with_any_more_go_with_who_is_erased(app, alice, acme, maya):
    other = case(app, acme, seeded=True)
    decide(alice, maya, ats_reason=RAW)
    decide(alice, other, ats_reason="Too Junior")
    with app.app_context():
        privacy.erase(Erase(firm_id=acme.id, actor=SYSTEM, candidate_id=maya.candidate.id, reason=Reason.ASKED))
        with reading(acme.id) as session:
            left = session.scalars(sa.select(AtsReason.words)).all()

    assert left == ["Too Junior"]


def test_every_suggestion_is_a_code_of_ours_or_says_why_there_is_none():
    usual = list(catalogue.suggestions().values())

    assert len(usual) > 40
    assert [each for each in usual if (each.code not in OUTCOMES) == (not each.note)] == []
