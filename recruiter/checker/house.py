"""Finds the phrases that a firm added for itself."""

from collections.abc import Iterator
from functools import lru_cache

from recruiter.checker.document import Finding, HousePhrase, Part, Severity, part_of
from recruiter.checker.passage import Passage
from recruiter.checker.phrases import Phrases
from recruiter.checker.reading import read

RULE = "FIRM-PHRASE"
_MOST = 20


def findings(passage: Passage) -> Iterator[Finding]:
    """Yield every place where one of the firm's own phrases stands; in an internal note a block is a warning."""
    own, words = passage.context.house, passage.reading.words
    is_noted = part_of(passage.address) is Part.INTERNAL
    for count, (mark, first, after) in enumerate(_phrases(own).find(words) if own else ()):
        if count == _MOST:
            return
        start, end = words[first].start, words[after - 1].end
        quoted, severity = passage.text[start:end], own[mark].severity
        yield Finding(
            rule=RULE,
            severity=Severity.WARN if is_noted and severity is Severity.BLOCK else severity,
            field=passage.address,
            start=start,
            end=end,
            words=quoted,
            message=f"“{quoted}” is a phrase that your firm does not send.",
            suggestion=own[mark].advice,
        )


@lru_cache(maxsize=64)
def _phrases(own: tuple[HousePhrase, ...]) -> Phrases:
    phrases = Phrases()
    for mark, phrase in enumerate(own):
        phrases.add_words([word.form for word in read(phrase.words).words], mark)
    return phrases
