"""What a point rests on: who saw it, how many did, and the interviewers' notes; all but one word of it stays inside."""

import uuid

from recruiter.feedback.models import FeedbackPoint
from tests.maya import GAP, STRENGTH
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.notices.forms import form, open_composer, value_of
from tests.slices.portal.conftest import open_letter
from tests.slices.scorecards.test_scorecards import add, page_of

__all__ = ["change", "deliver", "look", "maya", "post"]

PREVIEW = "/api/v1/notices/preview"
RATED = {"Data modelling": (1, 2), "Streaming pipelines": (4, 5), "Testing": (None,), "Writing": (2, 4)}


def rate(person, found, ratings=RATED):
    """Keep what interviewers thought, and return the ids of their notes by criterion."""
    for number in range(2):
        given = {criterion: values[number] for criterion, values in ratings.items() if len(values) > number}
        notes = [{"criterion": criterion, "rating": rating, "text": "Zebra."} for criterion, rating in given.items()]
        add(person, found, interviewer={"name": f"Zebra {number}"}, notes=notes)
    cards = person.api.get("/api/v1/scorecards").json["items"]
    return {note["criterion"]: note["id"] for card in cards for note in card["notes"]}


def evidence(shown):
    return [(each["rule"], each["severity"], each["field"]) for each in shown["findings"] if each["rule"][:4] == "EVD-"]


def test_only_that_it_is_the_panels_reaches_a_candidate(app, alice, maya, deliver, smtp_sink, look):
    ids = rate(alice, maya)
    team = {"source": "client_interviewer", "confidence": "several_sources", "evidence": [ids["Data modelling"]]}
    gap = GAP | {"source": "panel_summary"}
    reader = open_letter(app, alice, maya, deliver, smtp_sink, feedback={"strengths": [STRENGTH | team], "gaps": [gap]})
    base = f"/api/v1/notices/{reader.notice['id']}"
    reader.send("ask", text="Who saw it?")
    correction = {"kind": "correction", "corrects": reader.notice["id"], "reason": "It was the third call."}
    moved = [gap | {"moment": "the third call"}]
    alice.api.post(
        "/api/v1/notices", json=maya.body(feedback={"strengths": [STRENGTH | team], "gaps": moved}) | correction
    )
    deliver()

    surfaces = [reader.page(), reader.page("?print=1"), *(str(each) for each in smtp_sink.messages)]
    surfaces += [alice.api.post(PREVIEW, json=maya.preview()).json["page_html"]]
    for inside in (*team["evidence"], "one_source", "several_sources", "client_interviewer", "panel_summary", "Zebra"):
        assert [place for place, words in enumerate(surfaces) if inside in words] == [], inside
    before, after = surfaces[0].split("<article", 1)
    assert (before.count("From the interview panel"), after.count("From the interview panel")) == (1, 2)
    assert "From the interview panel" not in surfaces[-1]
    assert "EVD-" not in "".join(surfaces)

    shown = alice.api.get(base).json["feedback"]
    assert {name: shown["strengths"][0][name] for name in team} == team
    assert (shown["gaps"][0]["source"], shown["gaps"][0]["confidence"]) == ("panel_summary", "one_source")
    row = look(
        FeedbackPoint, maya.firm, FeedbackPoint.notice_id == uuid.UUID(reader.notice["id"]), FeedbackPoint.kind == "gap"
    )
    assert (row.source, row.evidence) == ("panel_summary", [])


def test_what_interviewers_saw_speaks_against_a_point(alice, maya):
    ids = rate(alice, maya)
    points = {
        "strengths": [STRENGTH, STRENGTH | {"criterion": "Testing"}, STRENGTH | {"criterion": "writing"}],
        "gaps": [GAP, GAP | {"criterion": "Testing"}, GAP | {"criterion": "Pace", "evidence": [str(uuid.uuid4())]}],
    }
    assert evidence(alice.api.post(PREVIEW, json=maya.preview(feedback=points)).json) == [
        ("EVD-BELOW", "warn", "feedback.strengths.0.criterion"),
        ("EVD-ABOVE", "warn", "feedback.gaps.0.criterion"),
        ("EVD-NONE", "warn", "feedback.gaps.1.criterion"),
        ("EVD-GONE", "warn", "feedback.gaps.2.criterion"),
    ]
    named = {"gaps": [GAP | {"criterion": "Speed", "evidence": [ids["Testing"]]}]}
    assert [rule for rule, *_ in evidence(alice.api.post(PREVIEW, json=maya.preview(feedback=named)).json)] == [
        "EVD-NONE"
    ]
    queued = alice.api.post("/api/v1/notices", json=maya.body(feedback=points)).json
    assert "evidence" not in queued["feedback"]["gaps"][2]
    told = [each["message"] for each in queued["findings"]]
    assert not any(character.isdigit() for message in told for character in message)


def test_what_one_person_saw_is_said_no_more_strongly_than_that(alice, maya):
    def hints(text, confidence):
        gap = GAP | {"text": text, "confidence": confidence}
        shown = alice.api.post(PREVIEW, json=maya.preview(feedback={"strengths": [STRENGTH], "gaps": [gap]})).json
        return [each["words"] for each in shown["findings"] if each["rule"] == "EVD-ONE"]

    assert hints("The plan lacked a step for late events.", "one_source") == ["lacked"]
    assert hints("The plan lacked a step for late events.", "several_sources") == []
    assert hints("The plan had no knowledge of late events.", "one_source") == []  # the checker found these words
    assert hints("In the second call we did not hear an example.", "one_source") == []


def test_the_composer_keeps_who_saw_it(bob, alice, maya):
    notes = [{"criterion": "Testing", "rating": 2, "text": "You ran the tests once.", "shareable": True}]
    (note,) = add(alice, maya, notes=notes).json["notes"]
    used = bob.browser.post(open_composer(bob, maya).request.full_path, data={"do": f"use_gap:{note['id']}"})
    assert value_of(used, "points-0-source") == "client_interviewer"
    assert value_of(used, "points-0-confidence") == "one_source"
    assert value_of(used, "points-0-evidence") == note["id"]

    typed = {"points-1-source": "panel_summary", "points-1-confidence": "several_sources"}
    rests = {"points-1-evidence": f"{note['id']} nothing", "points-0-source": "nobody"}
    at = open_composer(bob, maya).request.full_path
    saved = bob.browser.post(at, data=form(do="save") | typed | rests, follow_redirects=True)
    assert [value_of(saved, f"points-1-{name}") for name in ("source", "confidence", "evidence")] == [
        "panel_summary",
        "several_sources",
        note["id"],
    ]
    assert (value_of(saved, "points-0-source"), value_of(saved, "points-0-evidence")) == ("recruiter", None)
    assert bob.browser.get(page_of(maya)).status_code == 200
