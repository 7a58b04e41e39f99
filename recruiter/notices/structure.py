"""What to consider about what was typed as a whole: how many gaps, how long a point, and in which language."""

import re
from collections.abc import Iterator

from recruiter.checker.document import Finding, Severity
from recruiter.feedback.points import Feedback

_LONGEST = 400  # characters of what was seen

# Words that most sentences of a language have, and hardly any in the others of these.
_TOLD_BY = {
    "en": {"the", "and", "you", "your", "with", "that", "this", "were", "have", "would", "what", "which", "from", "of"}
    | {"been", "their", "is", "to", "we"},
    "de": {"der", "die", "das", "und", "sie", "ihr", "ihre", "ihren", "nicht", "mit", "für", "wir", "haben", "eine"}
    | {"einen", "ist", "auf", "von", "den", "dem", "bei", "zu", "im", "uns"},
    "fr": {"le", "la", "les", "des", "une", "vous", "votre", "vos", "nous", "avec", "pour", "pas", "dans", "est", "que"}
    | {"qui", "sur", "du", "et", "au", "avez", "ont"},
}
_NAMES = {"en": "English", "de": "German", "fr": "French"}
_ENOUGH = 3


def findings(feedback: Feedback, reason: str, language: str) -> Iterator[Finding]:
    """Yield what to consider; ``language`` is that of the letter (BCP 47 tag)."""
    if feedback.strengths and len(feedback.gaps) > len(feedback.strengths) + 1:
        said = "There are many more gaps than strengths."
        yield _finding("SHP-MORE", "feedback.gaps", said, "Keep the gaps that counted, or add a strength.")
    for place, gap in enumerate(feedback.gaps):
        if not gap.effect.strip():
            said, better = "The person cannot tell why this counted.", "Say what it meant for the role."
            yield _finding("SHP-EFFECT", f"feedback.gaps.{place}.effect", said, better, Severity.HINT)
    for address, text in _typed(feedback, reason):
        if len(text) > _LONGEST and address != "reason":
            said = f"This is {len(text)} characters long; after {_LONGEST} people lose the thread."
            yield _finding("SHP-LONG", address, said, "Say what was seen at one moment.")
        other = _other_language(text, language.partition("-")[0])
        if other:
            said = f"This reads as {_NAMES[other]}, and the letter around it is in another language."
            yield _finding("SHP-LANG", address, said, "Write it in that one, or choose a template in this.")


def _typed(feedback: Feedback, reason: str) -> Iterator[tuple[str, str]]:
    yield "reason", reason
    for kind, points in (("strengths", feedback.strengths), ("gaps", feedback.gaps)):
        yield from ((f"feedback.{kind}.{place}.text", point.text) for place, point in enumerate(points))


def _other_language(text: str, language: str) -> str | None:
    """Return the language that a text is in where it is plainly not the one it should be in, else None.

    Of a language whose words are not known here nothing is said: Dutch has “die” and “is”, Spanish “la” and “que”.
    """
    if language not in _TOLD_BY:
        return None
    words = re.findall(r"\w+", text.lower())
    counts = {name: sum(word in told for word in words) for name, told in _TOLD_BY.items()}
    best = max(counts, key=lambda name: counts[name])
    is_other = best != language and counts[best] >= _ENOUGH and not counts[language]
    return best if is_other else None


def _finding(rule: str, address: str, message: str, suggestion: str, severity: Severity = Severity.WARN) -> Finding:
    return Finding(rule, severity, address, 0, 0, "", message, suggestion)
