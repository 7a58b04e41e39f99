"""Works out how hard a text is to read, from the length of its words and sentences."""

import re
from collections.abc import Sequence
from functools import lru_cache

from recruiter.checker.reading import Word

_VOWELS = re.compile(r"[aeiouyàâäáéèêëíîïóôöúùûü]{1,9}")
# A last e is silent, as are the ends of "asked" and "takes"; not in "table", "wanted", "changes".
_SILENT = re.compile(r"(?:(?<![td])ed|(?<![cgszx])(?<!ch)(?<!sh)es|(?<!l)e|(?<=[aeiouy]l)e)$")


def grade(words: Sequence[Word]) -> float:
    """Return the school year (US) that a text of one word or more asks for, by the formula of Flesch and Kincaid."""
    sentences = words[-1].sentence - words[0].sentence + 1
    spoken = sum(syllables(word.form) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """Return how many syllables an English word has, near enough for an average; at least 1."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word[:60]))))
