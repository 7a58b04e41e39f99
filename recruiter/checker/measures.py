"""Measures a text: the length of its sentences and points, what a point lacks, and shouting."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from recruiter.checker.findings import Span
from recruiter.checker.passage import Passage
from recruiter.checker.reading import Word
from recruiter.checker.rules import Rule

_CAPITALS = re.compile(r"\b[A-Z]{2,30}(?:[ ][A-Z]{2,30}){2,20}\b")
_A_WORD = re.compile(r"[A-Z]{4}")
_MARKS = re.compile(r"[!\uff01]{2,20}|\u203c")


def long_sentence(rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield every sentence of more words than the rule allows."""
    for sentence in _sentences(passage):
        if len(sentence) > rule.settings["most"]:
            yield Span(sentence[0].start, sentence[-1].end)


def too_short(rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield a place for the words that a point lacks, if it has fewer than the rule asks for."""
    if passage.is_observation and 0 < len(passage.reading.words) < rule.settings["least"]:
        yield Span(0, 0)


def no_moment(rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield a place for the moment that a point lacks, if it names none in which anything was seen."""
    words = passage.reading.words
    if passage.is_observation and words and not _has_moment(rule, words):
        yield Span(0, 0)


def _has_moment(rule: Rule, words: Sequence[Word]) -> bool:
    """Say whether any moment is named; "your presentation skills" are none."""
    return any(not rule.phrases["skill"].at(words, after) for _, _, after in rule.phrases["moment"].find(words))


def bare_order(rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield a whole text that is nothing but a short order."""
    words = passage.reading.words
    is_short = 0 < len(words) <= rule.settings["most"] and words[-1].sentence == 0
    is_order = is_short and next(rule.phrases["no_order"].find(words), None) is None
    if is_order and any(after == len(words) for _, after in rule.phrases["order"].at(words, 0)):
        yield Span(words[0].start, words[-1].end)


def shouting(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield marks that are doubled, and three words or more in capitals (short forms alone are none)."""
    for match in _MARKS.finditer(passage.reading.plain):
        yield Span(match.start(), match.end())
    for match in _CAPITALS.finditer(passage.reading.plain):
        if _A_WORD.search(match[0]):
            yield Span(match.start(), match.end())


def _sentences(passage: Passage) -> Iterator[Sequence[Word]]:
    for _, words in groupby(passage.reading.words, key=lambda word: word.sentence):
        yield list(words)
