"""Texts in a language without rules, and the firm's own phrases and hints."""

import pytest

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, HousePhrase, Point, Severity

pytestmark = pytest.mark.once

GERMAN = (
    "Guten Tag Maya,\n\nleider geht es in diesem Verfahren nicht weiter. In der Aufgabe haben Sie die Schritte klar"
    " gezeigt. Sie sind uns zu alt. Antworten Sie gern auf diese Nachricht."
)
CONTEXT = Context(candidate=("Maya",), language="de", client=("Lumen Grid",), client_disclosed=False)


def rules(text: str, context: Context = CONTEXT) -> list[str]:
    return [finding.rule for finding in checker.check_text(text, "reason", context)]


def test_a_language_without_rules_asks_for_a_second_reader():
    [finding] = checker.check(Document(letter=GERMAN), CONTEXT)

    assert (finding.rule, finding.severity, finding.field, finding.words) == ("LANG-READER", "warn", "letter", "")
    assert finding.suggestion.startswith("Ask a second person")
    assert not checker.may_be_overridden(finding)


def test_what_needs_no_words_is_found_in_any_language():
    assert set(rules("Hallo {{ name }}, Lumen Grid meldet sich.")) == {"TOK-LIQUID", "CONF-CLIENT", "LANG-READER"}


def test_a_point_without_a_suggestion_lacks_one_in_any_language():
    point = Point(criterion="Planung", text="In der Aufgabe fehlte ein Schritt.")

    found = {finding.rule for finding in checker.check(Document(letter=GERMAN, gaps=(point,)), CONTEXT)}

    assert found == {"STR-STRENGTH", "STR-SUGGEST", "STR-ROLE", "LANG-READER"}


def test_english_is_read_though_another_language_was_meant():
    assert rules("You are too old for this role, and they would not have you.") == ["PROT-AGE"]


@pytest.mark.parametrize("language", ["en", "en-GB", "EN"])
def test_every_english_is_english(language: str):
    assert rules("Zu alt.", Context(language=language)) == []


def test_an_empty_text_needs_no_reader():
    assert rules("") == []


def test_the_phrases_of_a_firm_are_found_like_any_rule():
    own = (HousePhrase("rock star", "Name the skill.", Severity.BLOCK), HousePhrase("ninja", ""))
    text = "They want a Rock-Star, a ninja."

    found = checker.check_text(text, "reason", Context(house=own))
    noted = checker.check_text(text, "internal", Context(house=own))

    assert [(each.rule, each.severity, each.words, each.suggestion) for each in found] == [
        ("FIRM-PHRASE", "block", "Rock-Star", "Name the skill."),
        ("FIRM-PHRASE", "warn", "ninja", ""),
    ]
    assert checker.may_be_overridden(found[0])
    assert {each.severity for each in noted} == {"warn"}


def test_a_phrase_that_is_everywhere_is_said_often_enough():
    found = checker.check_text("ninja " * 50, "reason", Context(house=(HousePhrase("ninja", ""),)))

    assert [each.rule for each in found].count("FIRM-PHRASE") == 20


def test_hints_can_be_turned_off_and_nothing_else():
    muted = Context(muted=frozenset({"TONE-SHOUT", "PROT-AGE", "READ-LEN"}))

    assert rules("Thank you!! You are too old.", muted) == ["PROT-AGE"]
    assert "READ-LEN" not in {each.rule for each in checker.check(Document(letter="Thank you."), muted)}


def test_every_hint_can_be_named():
    assert all(rule.severity is Severity.HINT for rule in checker.hints().values())
    assert checker.rules()["READ-LEN"].gist == "The message has fewer than 40 or more than 250 words."
    assert checker.rules()["PROT-AGE"].gist.startswith("Is about age")


def test_a_name_without_letters_is_nobody():
    odd = Context(people=("???",), client=("...",), client_disclosed=False, other_candidates=("!",))

    assert checker.check_text("Dana thought the plan ... which was short ... had no owner ???", "body", odd) == []
