"""Rules about a whole message: its decision, its order, its points."""

import uuid
from dataclasses import replace

import pytest

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Point

pytestmark = pytest.mark.once

LETTER = (
    "Hello Maya,\n\nWe will not be taking your application further for the Data Engineer role. Thank you for the time"
    " you took on Friday. You can read each point on your page. Reply to this e-mail if you have a question. I read"
    " every reply and answer within two days."
)
MAYA = Context(candidate=("Maya", "Maya Ferreira"))
STRENGTH = Point(criterion="Planning", text="In the task, you asked three questions first.")
GAP = Point(
    criterion="Streaming",
    text="When we asked, both examples were batch jobs.",
    requirement="Streaming",
    suggestion="Try replay.",
)


def found(document: Document, context: Context = MAYA) -> list[tuple[str, str]]:
    return [(finding.rule, finding.field) for finding in checker.check(document, context)]


def test_a_whole_message_has_nothing_to_mend():
    assert found(Document(letter=LETTER, strengths=(STRENGTH,), gaps=(GAP,))) == []


def test_an_empty_document_is_no_message_yet():
    assert found(Document()) == []


def test_a_gap_without_a_strength():
    assert found(Document(letter=LETTER, gaps=(GAP,))) == [("STR-STRENGTH", "feedback.strengths")]


def test_what_a_gap_lacks_is_said_where_it_belongs():
    bare = Point(criterion="Streaming", text="When we asked, both examples were batch jobs.")

    assert found(Document(letter=LETTER, strengths=(STRENGTH,), gaps=(GAP, bare))) == [
        ("STR-SUGGEST", "feedback.gaps.1.suggestion"),
        ("STR-ROLE", "feedback.gaps.1.requirement"),
    ]


def test_more_than_three_gaps():
    assert found(Document(letter=LETTER, strengths=(STRENGTH,), gaps=(GAP,) * 4)) == [("STR-COUNT", "feedback.gaps")]


def test_a_requirement_may_be_named_by_its_id():
    known, unknown = str(uuid.uuid4()), str(uuid.uuid4())
    context = Context(requirements={known: "Streaming"})
    gaps = tuple(replace(GAP, requirement=each) for each in (known, unknown))

    assert found(Document(strengths=(STRENGTH,), gaps=gaps), context) == [("STR-ROLE", "feedback.gaps.1.requirement")]


@pytest.mark.parametrize(
    "decision",
    [
        "We will not be taking your application further.",
        "The client has chosen someone else for the role.",
        "The role has been filled.",
        "Our client has put the Data Engineer role on hold.",
        "We do not have a decision yet on the role.",
        "I will not be putting you forward for this role.",
        "They decided not to invite you to an interview.",
        "We won't be progressing your application.",
        "You have not been selected for the next stage.",
        "We will not be moving forward with you for this role.",
        "You will not be offered the job.",
    ],
)
def test_a_decision_in_the_first_words(decision: str):
    assert "STR-DECISION" not in {rule for rule, _ in found(Document(letter=f"Hello Maya,\n\n{decision}"))}


@pytest.mark.parametrize(
    "letter",
    [
        "Hello Maya,\n\nThank you for your time. It was good to meet you.",
        f"Hello Maya,\n\n{'Thank you for your time. ' * 20}\n\nWe will not be taking your application further.",
    ],
)
def test_no_decision_in_the_first_words(letter: str):
    [finding] = checker.blocking(checker.check(Document(letter=letter), MAYA))

    assert (finding.rule, finding.severity, finding.field) == ("STR-DECISION", "block", "letter")
    assert finding.message == "The decision is not said in the first 60 words."
    assert finding.words.startswith("Hello Maya")


def test_what_was_typed_is_reported_where_it_was_typed_and_only_there():
    document = Document(letter=f"{LETTER} You are too old.", reason="You are too old.", strengths=(STRENGTH,))

    assert found(document) == [("PROT-AGE", "reason")]


def test_what_only_the_letter_says_is_reported_in_the_letter():
    assert found(Document(letter=f"{LETTER} {{{{ x }}}}")) == [("TOK-LIQUID", "letter")]


def test_every_typed_field_is_read_and_fixes_come_first():
    point = Point(*["too old"] * 6)

    findings = checker.check(Document(subject="too old", reason="too old", strengths=(), gaps=(point,)), MAYA)

    fields = [finding.field for finding in findings if finding.rule == "PROT-AGE"]
    assert fields == [
        "subject",
        "reason",
        *(f"feedback.gaps.0.{name}" for name in ("criterion", "moment", "text", "effect", "requirement", "suggestion")),
    ]
    assert [finding.severity.weight for finding in findings] == sorted(finding.severity.weight for finding in findings)
    assert len(checker.blocking(findings)) == 8


def test_a_message_by_hand_with_strengths_before_gaps():
    letter = f"{LETTER}\n\nWhat to build on: a row was missing. Try a check list.\n\nWhat went well: clear steps."

    assert [finding.rule for finding in checker.check_letter(letter, MAYA)] == ["STR-STRENGTH"]


def test_a_moment_in_its_own_field_is_evidence():
    bare = Point(criterion="Streaming", text="No streaming job.", requirement="Streaming", suggestion="Try replay.")
    told = replace(bare, moment="When we asked about streaming")

    def about(point: Point) -> set[str]:
        return {rule for rule, field in found(Document(letter=LETTER, strengths=(STRENGTH,), gaps=(point,))) if field}

    assert about(bare) == {"VAG-NOEV", "VAG-SHORT"}
    assert about(told) == set()


def test_a_country_can_make_a_rule_graver():
    text = "You do not have Canadian experience."

    def severity(country: str) -> str:
        return checker.check_text(text, "body", Context(jurisdiction=country))[0].severity

    assert [severity(country) for country in ("", "CA-QC", "CA-ON")] == ["warn", "warn", "block"]


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("You are too old.", False),
        ("Get well soon.", False),
        ("Your background check failed.", False),
        ("The client wants a man.", False),
        ("Hi {{ name }}", False),
        ("We will blacklist you.", False),
        ("You would not be a culture fit.", True),
        ("You are lazy.", False),
    ],
)
def test_who_may_send_in_spite_of_a_block(text: str, may: bool):
    findings = checker.check_text(text, "body", MAYA)

    assert any(checker.may_be_overridden(finding) for finding in findings) is may
