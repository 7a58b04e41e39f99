"""What the rules find and what they let pass: the labelled sentences, and sentences of our own."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from recruiter.checker import catalogue, command
from recruiter.checker import service as checker
from recruiter.checker.document import Context

DATA = Path(__file__).parent / "data"
CONTEXT = command.read_context(DATA / "context.json")
RULES = frozenset(catalogue.load("en").rules)
OWN = tomllib.loads((DATA / "own.toml").read_text())

pytestmark = pytest.mark.once


def rules_of(rule: str, text: str) -> set[str]:
    read = checker.check_letter(text, CONTEXT) if rule.startswith("STR-") else checker.check_text(text, "body", CONTEXT)
    return {finding.rule for finding in read}


def labelled() -> list[tuple[int, str, frozenset[str], str]]:
    with (DATA / "sentences.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        (number, row["text"], frozenset(filter(None, row["expected_rule_ids"].split(";"))) & RULES, row["note"])
        for number, row in enumerate(rows, start=1)
    ]


def test_labelled_sentences_get_exactly_their_rules():
    found = {
        row["row"]: frozenset(finding["rule"] for finding in row["findings"])
        for row in command.check_file(DATA / "sentences.csv", DATA / "context.json")
    }

    wrong = [(text, expected, found[number]) for number, text, expected, _ in labelled() if found[number] != expected]

    assert wrong == []


def test_a_note_is_warned_about_but_never_blocked():
    notes = [text for _, text, expected, note in labelled() if expected and re.match(r"\[internal\]", note)]

    findings = [finding for text in notes for finding in checker.check_text(text, "internal", CONTEXT)]

    assert findings
    assert {finding.severity for finding in findings} == {"warn"}
    assert all(finding.message.endswith("This note can be asked for.") for finding in findings)


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, own in OWN.items() for text in own["found"]])
def test_found(rule: str, text: str):
    assert rule in rules_of(rule, text)


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, own in OWN.items() for text in own["fine"]])
def test_fine(rule: str, text: str):
    assert rule not in rules_of(rule, text)


def test_a_finding_quotes_the_words_where_they_stand():
    [finding] = checker.check_text("Danke 🙂. You were\u00a0“a bit young” for this.", "reason", CONTEXT)

    assert (finding.rule, finding.severity, finding.field) == ("PROT-AGE", "block", "reason")
    assert (finding.start, finding.end, finding.words) == (19, 30, "a bit young")
    assert finding.message == "“a bit young” is about age. Age is never a reason or a compliment, in any tone."
    assert finding.suggestion == "Say which experience the role needs and what you heard instead."


@pytest.mark.parametrize(
    "text",
    [
        "You are too o\u00adld.",
        "You are \uff54\uff4f\uff4f\u3000\uff4f\uff4c\uff44.",
        "You are TOO\u200b OLD.",
        "You are too-old.",
    ],
)
def test_hidden_signs_and_wide_letters_change_nothing(text: str):
    assert [finding.rule for finding in checker.check_text(text, "body", Context())] == ["PROT-AGE"]


def test_one_slip_is_one_finding_and_two_slips_are_two():
    assert [f.words for f in checker.check_text("You are a bit too old for this.", "body", CONTEXT)] == [
        "a bit too old"
    ]
    assert len(checker.check_text("You are too old. You would not be a culture fit. Your age!", "body", CONTEXT)) == 3


def test_without_a_candidate_a_greeting_cannot_be_wrong():
    assert checker.check_text("Hi Daniel,", "body", Context()) == []


def test_a_greeting_says_whom_it_should_greet():
    [finding] = checker.check_text("Hi Daniel,", "body", Context(candidate=("{words}",)))

    assert finding.message == "The greeting says “Daniel”, but this goes to {words}."
    assert finding.suggestion == "Greet {words} by name, and check that the rest is about the same person."
