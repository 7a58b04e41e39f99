"""Which languages there are rules for, and whether a text that should be in another is in one of them all the same."""

from collections.abc import Iterator, Sequence

from recruiter.checker.document import Finding, Severity
from recruiter.checker.reading import Word

WITH_RULES = frozenset({"en"})

# Words that nearly every English text has, and hardly any in a neighbouring language.
_ENGLISH = frozenset(
    {"the", "and", "you", "your", "with", "that", "for", "this", "are", "not", "have", "were", "they", "would", "our"}
    | {"when", "what", "how", "which", "from", "it", "been", "their", "has", "to", "be", "as", "did", "could", "but"}
)
_ENOUGH = 0.15


def is_read(words: Sequence[Word], language: str) -> bool:
    """Say whether the English rules can be used on a text that is said to be in ``language`` (``de``, ``pt-BR``).

    A text of another language is read too where a person wrote English in it.
    """
    if language.partition("-")[0].lower() in WITH_RULES:
        return True
    known = sum(word.form in _ENGLISH for word in words)
    return bool(words) and known / len(words) >= _ENOUGH


def second_reader(words: Sequence[Word], language: str, address: str) -> Iterator[Finding]:
    """Yield what asks for a second reader where a text is in a language without rules."""
    if words and not is_read(words, language):
        yield Finding(
            rule="LANG-READER",
            severity=Severity.WARN,
            field=address,
            start=0,
            end=0,
            words="",
            message="There are no rules for this language yet: only names, links and unfilled fields were checked.",
            suggestion="Ask a second person who reads the language before you send it.",
        )
