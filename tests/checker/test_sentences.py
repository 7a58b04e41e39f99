"""What the rules find and what they let pass: the labelled sentences, and sentences of our own."""

import pytest

from recruiter.checker import command
from recruiter.checker import service as checker
from recruiter.checker.document import Context
from tests.checker import scoring
from tests.checker.scoring import Row

CONTEXT = command.read_context(scoring.DATA / "context.json")
OWN, RULES = scoring.own(), scoring.RULES
WHOLE = ("STR-", "READ-GRADE", "READ-LEN")

pytestmark = pytest.mark.once


def rules_of(row: Row) -> set[str]:
    if row.rule.startswith(WHOLE):
        return {finding.rule for finding in checker.check_letter(row.text, CONTEXT)}
    return {finding.rule for finding in checker.check_text(row.text, row.field, CONTEXT)}


@pytest.mark.slow
def test_the_labelled_sentences_are_judged_as_people_did():
    found = scoring.score(scoring.DATA / "sentences.csv")

    assert found.exact >= 0.9
    assert found.caught >= 0.97
    assert found.blocked <= 0.01


@pytest.mark.slow
@pytest.mark.parametrize("name", ["unseen", "blind"])
def test_sentences_that_were_written_after_the_rules_are_judged_nearly_as_well(name: str):
    found = scoring.score(scoring.DATA / f"{name}.csv")

    assert found.exact >= 0.9
    assert found.caught >= 0.95
    assert found.blocked <= 0.02


def test_our_own_sentences_reach_every_rule():
    of_fields = {"STR-COUNT", "STR-ROLE", "STR-STRENGTH", "STR-SUGGEST"}

    assert {row.rule for row in OWN} | of_fields == scoring.RULES.keys()
    assert len(OWN) > 2500


@pytest.mark.slow
def test_what_people_write_when_they_mean_well_is_never_blocked():
    clean = (scoring.DATA / "clean.txt").read_text("utf-8").splitlines()

    assert len(clean) >= 270
    assert {text for text in clean if checker.blocking(checker.check_text(text, "body", CONTEXT))} == set()


def test_the_documents_show_what_is_measured():
    page = (scoring.DOCS / "checker.md").read_text("utf-8")

    assert scoring.with_scores(page) == page, "make checker-docs"
    assert (scoring.DOCS / "checker-rules.md").read_text("utf-8") == scoring.rules_page(), "make checker-docs"


@pytest.mark.slow
def test_a_note_is_warned_about_but_never_blocked():
    notes = [row.text for row in OWN if RULES[row.rule].severity == "block" and row.is_found]

    read = [checker.check_text(text, "internal", CONTEXT) for text in notes]
    findings = [each for found in read for each in found if RULES[each.rule].severity == "block"]

    assert findings
    assert {finding.severity for finding in findings} == {"warn"}
    assert all(finding.message.endswith("This note can be asked for.") for finding in findings)


@pytest.mark.parametrize("rule", sorted({row.rule for row in OWN}))
def test_what_a_rule_finds_and_lets_pass(rule: str):
    rows = [row for row in OWN if row.rule == rule]

    assert [row.text for row in rows if (rule in rules_of(row)) is not row.is_found] == []


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
