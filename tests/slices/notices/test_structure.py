"""What a preview asks to be considered about the points together: how many, how long, in which language."""

import pytest
import sqlalchemy as sa

from recruiter.db.session import transaction
from recruiter.texts.models import Template
from tests.maya import GAP, STRENGTH

GERMAN = "In der dritten Frage nannten Sie zwei der fünf Schritte."
LONG = "You named two of the five steps in the second call, and we asked you once more for the other three. " * 5
OTHERS = [
    GAP | {"criterion": "SQL", "text": "In the task you joined two of the four tables."},
    GAP | {"criterion": "Writing", "text": "In the memo you left out the date of the change."},
]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"gaps": [GAP, OTHERS[0]]}, []),
        ({"gaps": [GAP, *OTHERS]}, [("SHP-MORE", "feedback.gaps")]),
        ({"gaps": [GAP | {"text": LONG}]}, [("SHP-LONG", "feedback.gaps.0.text")]),
        ({"gaps": [GAP | {"text": GERMAN}]}, [("SHP-LANG", "feedback.gaps.0.text")]),
        ({"gaps": [GAP | {"effect": ""}]}, [("SHP-EFFECT", "feedback.gaps.0.effect")]),
    ],
)
def test_what_the_points_are_together(alice, maya, changes, found):
    asked = maya.preview(feedback={"strengths": [STRENGTH], "gaps": [GAP]} | changes)
    shown = alice.api.post("/api/v1/notices/preview", json=asked).json

    assert [(each["rule"], each["field"]) for each in shown["findings"] if each["rule"].startswith("SHP")] == found


def test_the_language_is_that_of_the_letter_around_it(alice, maya, change):
    change(maya.candidate, language="de")
    german = {"strengths": [STRENGTH | {"text": "Sie haben die Summen in der Aufgabe zweimal geprüft."}], "gaps": []}

    def found(**changes):
        shown = alice.api.post("/api/v1/notices/preview", json=maya.preview(**changes)).json
        return [each["field"] for each in shown["findings"] if each["rule"] == "SHP-LANG"]

    assert found(feedback=german, reason="The role needs more of what you did in the second call.") == ["reason"]
    assert found(feedback=german, reason="Die Stelle verlangt mehr davon.") == []


def test_a_language_whose_words_are_not_known_is_taken_for_no_other(app, acme, alice, maya, change):
    with app.app_context(), transaction(acme.id) as session:
        session.execute(sa.update(Template).where(Template.language == "de").values(language="nl"))
    change(maya.candidate, language="nl")
    dutch = {
        "strengths": [],
        "gaps": [GAP | {"text": "We zagen dat je in die test twee tabellen hebt, en dat is kort."}],
    }

    asked = maya.preview(feedback=dutch, reason="De functie is wat we vragen, of meer: die ervaring is van belang.")
    shown = alice.api.post("/api/v1/notices/preview", json=asked).json

    assert [each["field"] for each in shown["findings"] if each["rule"] == "SHP-LANG"] == []
