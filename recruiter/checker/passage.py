"""One text on its way through the rules, with what is known about the case."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from recruiter.checker.anchors import deeds
from recruiter.checker.document import Context
from recruiter.checker.reading import Reading, fold

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Passage:
    """A text, as it was typed and as it was read, the field it stands in, the case, and the named lists of words."""

    text: str
    reading: Reading
    address: str
    context: Context
    lists: Mapping[str, frozenset[str]]

    @cached_property
    def names(self) -> frozenset[str]:
        """The parts of the names of all candidates, folded."""
        known = (*self.context.candidate, *self.context.other_candidates)
        return frozenset(fold(part) for name in known for part in name.split())

    @cached_property
    def has_digits(self) -> bool:
        """Whether any digit stands in the text."""
        return _DIGIT.search(self.text) is not None

    @cached_property
    def folded(self) -> str:
        """The text as the rules see it, in small letters."""
        return self.reading.plain.lower()

    @cached_property
    def deeds(self) -> frozenset[int]:
        """The sentences that tell what the candidate did at work."""
        return deeds(self.reading.words, self.lists)

    @property
    def is_observation(self) -> bool:
        """Whether this is the text of a point, and none of the fields around it."""
        return self.address.endswith(".text")

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.reading.words]

    def sentence_at(self, start: int) -> int:
        """Return the number of the sentence that the code point ``start`` belongs to."""
        return self.reading.words[max(0, bisect_right(self._starts, start) - 1)].sentence
