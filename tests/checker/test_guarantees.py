"""What holds for any text at all: it never raises, it is quick, its places are right, and it says the same again."""

import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Finding, Point

pytestmark = pytest.mark.once

CONTEXT = Context(candidate=("Priya Raman", "Priya"), other_candidates=("Daniel Osei",))
PIECES = [
    *(
        "you are",
        "too",
        "old",
        "your age",
        "under 30",
        "fit in",
        "the team",
        "not",
        "...",
        "\n",
        "\n\n",
        "- ",
        " ",
        "'",
    ),
    *(
        "{{",
        "}}",
        "{%",
        "[",
        "]",
        "<a>",
        "____",
        "`",
        "https://",
        "Hi Daniel,",
        "Dear ",
        "\u200b",
        "\ud800",
        "é",
        "ﬁ",
        "年",
    ),
]
TEXTS = st.text(alphabet=st.characters(exclude_categories=()), max_size=200) | st.lists(
    st.sampled_from(PIECES), max_size=60
).map("".join)

LONG = 100_000
ADVERSARIAL = {
    **{sign: sign for sign in ("a", " ", "\n", "[", "<", "{", "_", "`", "!", "'", "\u200b", "年", "\ud800")},
    "words": "your ",
    "hits": "you are too old ",
    "misses": "the boiler was too old and ",
    "greetings": "Hi Daniel,\n",
    "titles": "dear mr. ",
    "fields": "{{a",
    "placeholders": "[ab",
    "tags": "<a ",
    "links": "http://",
    "code": "`a",
    "accents": "e\u0301 ",
    "gaps": "fit with the ",
    "ages": "over 50 ",
}


def seconds(work: Callable[[], object]) -> float:
    """The time the work takes this thread; what counts coverage would count too, and is left out."""
    tracing = sys.gettrace()
    sys.settrace(None)
    start = time.thread_time()
    work()
    taken = time.thread_time() - start
    sys.settrace(tracing)
    return taken


def places_are_right(text: str, findings: list[Finding]) -> bool:
    return all(
        0 <= finding.start <= finding.end <= len(text) and finding.words == text[finding.start : finding.end]
        for finding in findings
    )


@settings(max_examples=300)
@given(text=TEXTS, field=st.sampled_from(["body", "internal", "feedback.gaps.0.text", "feedback.strengths.1.effect"]))
def test_any_text(text: str, field: str):
    findings = checker.check_text(text, field, CONTEXT)

    assert places_are_right(text, findings)
    assert findings == checker.check_text(text, field, CONTEXT)


@settings(max_examples=100)
@given(letter=TEXTS, typed=TEXTS)
def test_any_document(letter: str, typed: str):
    point = Point(criterion=typed, text=typed, requirement=typed, suggestion=typed)
    document = Document(letter=letter, subject=typed, reason=typed, gaps=(point,))
    texts = dict(document.typed()) | {"letter": letter}

    for finding in checker.check(document, CONTEXT):
        assert places_are_right(texts.get(finding.field, ""), [finding])


@pytest.mark.slow
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_a_hundred_kilobytes_take_less_than_200_milliseconds(name: str):
    text = (ADVERSARIAL[name] * LONG)[:LONG]

    assert any(seconds(lambda: checker.check_text(text, "body", CONTEXT)) < 0.2 for _ in range(5))
