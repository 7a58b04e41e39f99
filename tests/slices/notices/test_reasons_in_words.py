"""The sentence that a letter gets from a code stands in the letter's own language, or not at all."""

import pytest
import sqlalchemy as sa

from recruiter.db.session import transaction
from recruiter.texts.models import Template
from tests.slices.notices.forms import press, value_of

CODES = [
    ("en", "The role needs experience of a task that we did not hear an example of."),
    ("de-CH", "Die Stelle verlangt Erfahrung mit einer Aufgabe, für die wir kein Beispiel gehört haben."),
    ("fr", "Le poste demande l\u2019expérience d\u2019une tâche dont nous n\u2019avons pas entendu d\u2019exemple."),
]


@pytest.mark.parametrize(("language", "sentence"), CODES)
def test_a_code_is_told_in_the_letter_s_language(bob, maya, change, language, sentence):
    change(maya.candidate, language=language)

    chosen = press(bob, maya, "check", coded="", reason="", outcome_code="REQ-EXP")
    assert value_of(chosen, "reason") == sentence
    other = press(bob, maya, "check", coded="REQ-EXP", reason=sentence, outcome_code="CLO-NEAR")
    assert value_of(other, "reason") == ""

    asked = {"outcome_code": "REQ-EXP", "reason": None, "feedback": {}}
    sent = bob.api.post("/api/v1/notices", json=maya.body(**asked))
    assert (sent.status_code, sent.json["reason"]) == (201, sentence)


def test_a_delay_is_told_in_the_letter_s_language(bob, maya, change):
    change(maya.candidate, language="fr")

    shown = bob.api.post("/api/v1/notices/preview", json=_asked(maya, kind="update"))
    assert "Nous attendons encore une décision." in shown.json["text"]


def test_a_language_without_words_gets_no_sentence_of_ours(app, acme, bob, maya, change):
    with app.app_context(), transaction(acme.id) as session:
        for template in session.scalars(sa.select(Template).where(Template.language == "fr")):
            template.language = "pt"
    change(maya.candidate, language="pt")

    chosen = press(bob, maya, "check", coded="", reason="", outcome_code="REQ-EXP")
    assert value_of(chosen, "reason") == ""


def _asked(maya, **changes):
    body = maya.body(**{"outcome_code": None, "reason": None, "feedback": {}} | changes)
    return {name: value for name, value in body.items() if name not in {"hold_minutes", "timing"}}
