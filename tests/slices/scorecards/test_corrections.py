"""An interview note is corrected or withdrawn by who typed it, or a lead; what it said before stays with the team."""

import re

import sqlalchemy as sa

from recruiter.accounts.models import Role
from recruiter.audit.models import AuditEntry
from recruiter.db.session import reading
from recruiter.scorecards.models import EarlierNote
from tests.people import person
from tests.slices.imports.files import text
from tests.slices.notices.conftest import maya
from tests.slices.notices.forms import shown_in, value_of
from tests.slices.scorecards.test_scorecards import API, SEEN, body, composer_of, page_of

__all__ = ["maya"]

UNFAIR = "Too old for a young team."
TYPED = {
    "interviewer": "Ines Sousa",
    "moment": "the second call",
    "notes-0-criterion": "Data modelling",
    "notes-0-rating": "4",
    "notes-0-text": SEEN,
    "notes-0-is_shareable": "yes",
}
RIGHT = {"criterion": "SQL", "rating": "3", "text": "You asked for the size of the table.", "effect": ""}


def kept(who, found, **changes):
    """Type a card; return the address of its first note."""
    page = who.browser.post(page_of(found), data=TYPED | changes, follow_redirects=True)
    return re.search(r"/scorecards/notes/[0-9a-f-]{36}", page.text)[0]


def test_a_correction_keeps_what_was_said_before(app, alice, bob, acme, maya):
    note = kept(bob, maya)
    opened = bob.browser.get(note)
    assert [value_of(opened, name) for name in ("criterion", "text", "is_shareable")] == ["Data modelling", SEEN, "yes"]

    same = {"criterion": "Data modelling", "rating": "4", "text": SEEN, "is_shareable": "yes"}
    for said in (same, RIGHT):
        assert bob.browser.post(note, data=said).status_code == 303

    page = text(bob.browser.get(page_of(maya)))
    assert "SQL Internal You asked for the size of the table. 3 Meets: one whole example of their own" in page
    assert (
        f"changed by {bob.member.name}: Data modelling . {SEEN} 4 Above: whole, and checked or adapted. Shareable."
        in page
    )
    assert "From the panel" not in bob.browser.get(composer_of(maya)).text
    (card,) = alice.api.get(API).json["items"]
    assert card["notes"][0]["changed_at"] is not None
    with app.app_context(), reading(acme.id) as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "scorecard.note_corrected")).all()
        assert [SEEN in str(entry.details) for entry in entries] == [False]


def test_two_corrections_at_once_do_not_overwrite_each_other(alice, bob, maya):
    note = kept(bob, maya)
    opened = bob.browser.get(note)
    seen = value_of(opened, "seen") or ""
    assert alice.browser.post(note, data=RIGHT | {"seen": seen}).status_code == 303

    late = bob.browser.post(note, data=RIGHT | {"seen": seen, "text": "Mine"})

    assert (late.status_code, value_of(late, "text")) == (422, "Mine")
    assert "It says now: “You asked for the size of the table.”" in late.text
    again = bob.browser.post(note, data=RIGHT | {"seen": value_of(late, "seen"), "text": "Mine"})
    assert again.status_code == 303


def test_what_is_withdrawn_is_read_by_the_team_and_counts_for_nothing(alice, bob, maya):
    note = kept(bob, maya)
    assert "From the panel: 1 note" in text(bob.browser.get(composer_of(maya)))

    assert bob.browser.post(f"{note}/withdraw").status_code == 303

    page = text(bob.browser.get(page_of(maya)))
    assert f"Data modelling Withdrawn {SEEN}" in page
    assert "Correct or withdraw" not in page
    assert "From the panel" not in bob.browser.get(composer_of(maya)).text
    assert "Interview notes: 1" not in text(alice.browser.get(f"/candidates/{maya.candidate.id}"))
    assert alice.api.get(API).json["items"][0]["notes"][0]["withdrawn_at"] is not None
    assert bob.browser.post(f"{note}/withdraw").status_code == 409
    refused = bob.browser.post(note, data=RIGHT)
    assert (refused.status_code, "This note was withdrawn." in refused.text) == (422, True)


def test_who_typed_it_a_lead_and_an_admin_may(app, acme, alice, bob, charlie, vera, maya):
    note, other = kept(bob, maya), person(app, acme, "Rita Recruiter", Role.RECRUITER)
    lead = person(app, acme, "Lena Lead", Role.LEAD)

    for who, status in ((other, 403), (vera, 403), (charlie, 404), (lead, 303), (alice, 303)):
        seen = value_of(bob.browser.get(note), "seen") or ""
        answer = who.browser.post(note, data=RIGHT | {"text": who.member.name, "seen": seen})
        assert answer.status_code == status, who.member.name
    card = re.search(r"/scorecards/[0-9a-f-]{36}/remove", bob.browser.get(page_of(maya)).text)[0]
    assert "Correct or withdraw" not in other.browser.get(page_of(maya)).text
    assert other.browser.post(card).status_code == 403
    assert bob.browser.post(card).status_code == 303
    with app.app_context(), reading(acme.id) as session:
        assert session.scalars(sa.select(EarlierNote)).all() == []


def test_the_checker_asks_once_about_a_note_and_stops_nobody(alice, bob, maya):
    asked = bob.browser.post(page_of(maya), data=TYPED | {"notes-0-text": UNFAIR})
    assert (asked.status_code, "Consider:" in asked.text, "Keep them as they are" in asked.text) == (422, True, True)
    assert alice.api.get(API).json["items"] == []
    note = kept(bob, maya, shown=shown_in(asked), **{"notes-0-text": UNFAIR})

    asked = bob.browser.post(note, data=RIGHT | {"text": f"{UNFAIR} Truly."})
    assert (asked.status_code, "Keep it as it is" in asked.text) == (422, True)
    keeps = RIGHT | {"text": f"{UNFAIR} Truly.", "shown": shown_in(asked)}
    assert bob.browser.post(note, data=keeps).status_code == 303
    assert bob.browser.post(note, data={"criterion": ""}).status_code == 422
    sent = alice.api.post(API, json=body(maya, notes=[{"criterion": "SQL", "rating": 2, "effect": UNFAIR}]))
    assert sent.status_code == 201
    assert {(found["field"], found["severity"]) for found in sent.json["findings"]} == {("notes.0.effect", "warn")}
    assert re.search(r"PROT-AGE [^0-9]* 2 0", text(alice.browser.get("/settings/checker")))
