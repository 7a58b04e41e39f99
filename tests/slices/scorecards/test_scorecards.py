"""What interviewers write down: kept for the team, offered as far as they say so, and never sent by itself."""

import datetime as dt
import re
import uuid

import sqlalchemy as sa

from recruiter import clock
from recruiter.audit.models import AuditEntry
from recruiter.audit.service import SYSTEM
from recruiter.db.session import reading
from recruiter.privacy import service as privacy
from recruiter.privacy.service import Erase, Reason
from recruiter.scorecards.models import Scorecard, ScorecardNote
from tests.maya import GAP, STRENGTH, case
from tests.slices.imports.files import problems, take_in, text, upload
from tests.slices.notices.conftest import change, deliver, look, maya, post
from tests.slices.notices.forms import form, value_of
from tests.slices.portal.conftest import open_letter

__all__ = ["change", "deliver", "look", "maya", "post"]

API = "/api/v1/scorecards"
SEEN = "You cut the nightly job to 6 minutes."
SECRET = "Zebra"  # in everything that stays with the team
NOTES = [
    {"criterion": "Data modelling", "rating": 5, "text": SEEN, "effect": "We saw the trade.", "shareable": True},
    {"criterion": "Zebra fit", "rating": 2, "text": "Zebra: two of us said no.", "effect": "Zebra panel"},
    {"criterion": "Zebra on-call", "rating": None, "text": "Zebra: not asked.", "shareable": True},
    {"criterion": "Zebra writing", "rating": 3, "text": "", "shareable": True},
]


def body(found, **changes):
    return {
        "application_id": str(found.application.id),
        "interviewer": {"name": "Zebra Zoller", "role": "Zebra lead"},
        "moment": "the exercise",
        "interviewed_on": "2025-11-13",
        "notes": NOTES,
    } | changes


def add(person, found, **changes):
    answer = person.api.post(API, json=body(found, **changes))
    assert answer.status_code in {200, 201}, answer.json
    return answer


def page_of(found):
    return f"/applications/{found.application.id}/scorecards"


def composer_of(found):
    return f"/notices/new?application={found.application.id}"


def test_an_ats_sends_a_card_once(alice, charlie, maya):
    first = add(alice, maya, external_id="card-1")
    again = add(alice, maya, external_id="card-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["interviewer"] == {"name": "Zebra Zoller", "role": "Zebra lead"}
    assert [note["rating"] for note in first.json["notes"]] == [5, 2, None, 3]
    assert [note["shareable"] for note in first.json["notes"]] == [True, False, True, True]
    said = {name: value for name, value in again.json.items() if name != "findings"}
    assert alice.api.get(f"{API}/{first.json['id']}").json == said
    listed = alice.api.get(API, query_string={"application_id": str(maya.application.id)}).json["items"]
    assert listed == alice.api.get(API).json["items"] == [said]
    assert alice.api.get(API, query_string={"application_id": str(uuid.uuid4())}).json["items"] == []
    assert charlie.api.get(f"{API}/{first.json['id']}").status_code == 404


def test_a_card_that_cannot_be_kept_is_refused(app, alice, acme, maya):
    other = case(app, acme, seeded=True)
    add(alice, maya, external_id="card-1")
    tomorrow = (clock.now() + dt.timedelta(days=2)).date().isoformat()
    answers = [
        alice.api.post(API, json=body(other, external_id="card-1")),
        alice.api.post(API, json=body(maya, interviewed_on=tomorrow)),
        alice.api.post(API, json=body(maya, application_id=str(uuid.uuid4()))),
        alice.api.post(API, json=body(maya, notes=[NOTES[0] | {"rating": 6}])),
        alice.api.post(API, json=body(maya, notes=[])),
    ]

    assert [(each.status_code, each.json["code"]) for each in answers] == [
        (409, "taken"),
        (422, "invalid"),
        (404, "not_found"),
        (422, "invalid"),
        (422, "invalid"),
    ]


def test_a_card_is_typed_read_and_removed(app, alice, bob, vera, acme, maya):
    typed = {
        "interviewer": "Ines Sousa",
        "moment": "the second call",
        "interviewed_on": "2025-11-12",
        "notes-1-criterion": "Leading on-call",
        "notes-1-text": "You joined two incidents.",
        "notes-2-criterion": "Data modelling",
        "notes-2-rating": "4",
        "notes-2-text": SEEN,
        "notes-2-is_shareable": "yes",
    }
    kept = bob.browser.post(page_of(maya), data=typed, follow_redirects=True)

    assert "Interview notes kept." in text(kept)
    assert "The second call, 12 November 2025" in text(kept)
    assert "Leading on-call Internal You joined two incidents. No evidence: not asked, or no time" in text(kept)
    assert f"Data modelling Shareable {SEEN} 4 Above: whole, and checked or adapted" in text(kept)
    record = text(alice.browser.get(f"/candidates/{maya.candidate.id}"))
    assert "Interview notes: 1 shareable, 1 internal" in record
    assert "Interview notes kept" in record
    assert "Add interview notes" not in text(vera.browser.get(page_of(maya)))
    address = re.search(r"/scorecards/[0-9a-f-]{36}/remove", kept.text)[0]
    removed = bob.browser.post(address, follow_redirects=True)
    assert "No interview notes yet." in text(removed)
    with app.app_context(), reading(acme.id) as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("scorecard.%")))
        told = [(each.action, each.actor_id, each.details["notes"], each.details["shareable"]) for each in entries]
        assert sorted(told) == [(f"scorecard.{verb}", bob.member.id, 2, 1) for verb in ("added", "removed")]
        assert session.scalars(sa.select(ScorecardNote)).all() == []


def test_what_is_wrong_in_the_form_stands_at_its_field(bob, maya):
    empty = bob.browser.post(page_of(maya), data={})
    tomorrow = (clock.now() + dt.timedelta(days=2)).date().isoformat()
    wrong = {"interviewer": "Ines", "notes-0-rating": "4", "notes-0-text": "Said so"}
    nameless = bob.browser.post(page_of(maya), data=wrong)
    early = bob.browser.post(page_of(maya), data=wrong | {"notes-0-criterion": "x", "interviewed_on": tomorrow})

    assert {each.status_code for each in (empty, nameless, early)} == {422}
    assert "Enter who interviewed." in text(empty)
    assert "Write down at least one thing." in text(empty)
    assert "Say what was looked at." in text(nameless)
    assert value_of(nameless, "notes-0-text") == "Said so"
    assert "This day has not come yet." in text(early)


def test_the_composer_offers_what_may_be_shared_and_uses_what_is_chosen(bob, alice, maya):
    add(alice, maya)
    empty = {"kind": "rejection", "reason": "x"}
    opened = bob.browser.get(composer_of(maya))
    (used,) = set(re.findall(r'value="(use_strength:[^"]+)"', opened.text))
    strength = bob.browser.post(composer_of(maya), data=empty | {"do": used})
    gap = bob.browser.post(composer_of(maya), data=empty | {"do": used.replace("strength", "gap")})
    nobody = bob.browser.post(composer_of(maya), data=empty | {"do": f"use_gap:{uuid.uuid4()}"})

    assert "From the panel: 1 note" in text(opened)
    assert value_of(opened, "points-0-text") is None
    assert value_of(strength, "points-0-kind") == "strength"
    assert [value_of(strength, f"points-0-{name}") for name in ("criterion", "text", "moment", "effect")] == [
        "Data modelling",
        SEEN,
        "the exercise",
        "We saw the trade.",
    ]
    assert "Used" in text(strength).partition("From the panel")[2][:60]
    assert value_of(gap, "points-0-kind") == "gap"
    assert value_of(nobody, "points-0-text") is None
    many = {f"points-{number}-kind": "strength" for number in range(3)}
    full = bob.browser.post(composer_of(maya), data=empty | many | {"do": "check"})
    assert "use_strength:" not in full.text
    assert "use_gap:" in full.text
    assert "From the panel" not in bob.browser.get(f"{composer_of(maya)}&kind=update").text


def test_nothing_internal_reaches_a_candidate_or_the_composer(app, alice, bob, maya, deliver, smtp_sink):
    add(alice, maya)
    composer = bob.browser.get(composer_of(maya))
    used = re.search(r'value="(use_strength:[^"]+)"', composer.text)[1]
    used_up = bob.browser.post(composer_of(maya), data=form(do=used))
    preview = alice.api.post("/api/v1/notices/preview", json=maya.preview())
    strength = STRENGTH | {"text": SEEN}
    reader = open_letter(app, alice, maya, deliver, smtp_sink, feedback={"strengths": [strength], "gaps": [GAP]})
    reader.send("ask", text="What did they say?")
    surfaces = [composer.text, used_up.text, preview.text, reader.page(), reader.page("?print=1"), str(reader.notice)]
    surfaces += [str(mail) for mail in smtp_sink.messages]
    surfaces += [alice.api.get(path).text for path in ("/api/v1/notices", "/api/v1/responses")]

    assert SEEN in reader.page()
    assert [place for place, words in enumerate(surfaces) if SECRET.casefold() in words.casefold()] == []
    assert all("rating" not in name for name in reader.notice)


def test_who_is_erased_leaves_no_card(app, alice, acme, maya):
    other = case(app, acme, seeded=True)
    add(alice, maya)
    add(alice, other)
    with app.app_context():
        privacy.erase(Erase(firm_id=acme.id, actor=SYSTEM, candidate_id=maya.candidate.id, reason=Reason.ASKED))
        with reading(acme.id) as session:
            cards = session.scalars(sa.select(Scorecard)).all()
            notes = session.scalar(sa.select(sa.func.count()).select_from(ScorecardNote))

    assert [card.candidate_id for card in cards] == [other.candidate.id]
    assert notes == len(NOTES)


HEADS = (
    "E-mail,Application id,Job,Job id,Interviewer,Interview,Interview date,Competency,Rating,Observation,Shareable\n"
)
NOTED = ("criterion", "rating", "shareable")


def notes_of(person, found):
    cards = person.api.get(API, query_string={"application_id": str(found.application.id)}).json["items"]
    return [
        (
            card["interviewer"]["name"],
            [(note["criterion"], note["rating"], note["shareable"]) for note in card["notes"]],
        )
        for card in reversed(cards)
    ]


def test_a_file_brings_a_note_a_row(app, alice, maya, change):
    change(maya.application, external_id="a-1")
    change(maya.job, external_id="j-1")
    address = maya.candidate.email
    rows = [
        f"{address},,Data engineer,,Ines Sousa,second call,2025-11-12,SQL,strong_yes,{SEEN},yes",
        f"{address},,,j-1,Ines Sousa,second call,2025-11-12,Writing,no decision,,",
        ",a-1,,,Ines Sousa,second call,2025-11-12,On-call,2,You joined two incidents.,no",
        f"{address},,,,Rui Falcao,,,SQL,,,",
        f"{address},,Welder,,Rui Falcao,,,Welding,3,,",
        ",a-2,,,Rui Falcao,,,Welding,3,,",
    ]
    page = take_in(app, alice, HEADS + "\n".join(rows), "scorecards")

    assert notes_of(alice, maya) == [
        ("Ines Sousa", [("SQL", 5, True), ("Writing", None, False), ("On-call", 2, False)]),
        ("Rui Falcao", [("SQL", None, False)]),
    ]
    assert "We know no application of this person for this job." in page


def test_a_file_says_what_is_wrong_with_which_row(app, alice, maya, monkeypatch):
    monkeypatch.setattr("recruiter.scorecards.service.MOST", 1)
    address = maya.candidate.email
    rows = [
        ",,,,Ines,,,SQL,,,",
        f"{address},,,,Ines,,,SQL,9,,maybe",
        f"{address},,,,,,12.11.2025,SQL,high,,",
        "nobody@example.com,,,,Ines,,,SQL,,,",
        f"{address},,,,Ines,,,SQL,,,",
        f"{address},,,,Ines,,,SQL,,,",
        f"{address},,,,Ines,,,Writing,,,",
    ]
    checked = upload(alice, HEADS + "\n".join(rows), "scorecards")
    found = {(each["row"], each["field"]) for each in problems(app, alice, checked)}

    assert found == {
        (2, "email"),
        (3, "rating"),
        (3, "shareable"),
        (4, "interviewer"),
        (4, "interviewed_on"),
        (4, "rating"),
        (5, "email"),
        (7, "criterion"),
    }
    page = take_in(app, alice, HEADS + "\n".join(rows) + "\n", "scorecards")
    assert "A scorecard has at most 1 notes." in page
    assert notes_of(alice, maya) == [("Ines", [("SQL", None, False)])]
