"""Reads whom a text greets, and compares that with whom it goes to."""

import re
from collections.abc import Iterator
from functools import lru_cache

from recruiter.checker.findings import Span
from recruiter.checker.passage import Passage
from recruiter.checker.reading import fold
from recruiter.checker.rules import Rule

_PART = re.compile(r"[^\s'\u2019.-]{1,60}")
_MOST_WORDS = 4


def wrong_greeting(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield the name in every greeting that is neither the candidate's preferred nor legal name."""
    context, words = passage.context, passage.lists
    known = {fold(part) for name in context.candidate for part in _PART.findall(name)}
    if not known:
        return
    for match in _opening(words["greeting"], words["title"]).finditer(passage.reading.plain):
        parts = [fold(part) for part in _PART.findall(match[1])]
        is_name = 0 < len(parts) <= _MOST_WORDS and words["no_name"].isdisjoint(parts)
        if is_name and not known.issuperset(set(parts) - words["title"]):
            yield Span(match.start(1), match.end(1), context.candidate[0])


@lru_cache(maxsize=8)
def _opening(greetings: frozenset[str], titles: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of a line that opens with a greeting and a name up to the next pause."""
    hello, title = ("|".join(sorted(map(re.escape, group))) for group in (greetings, titles))
    return re.compile(
        rf"^[^\S\n]{{0,8}}[*_>#-]{{0,3}}[^\S\n]?(?:{hello})[^\S\n]{{1,8}}"
        rf"((?:(?:{title})\.[^\S\n]{{1,3}})?[^,.!?:;()\[\]<>_\n{{}}$\u2013\u2014]{{1,80}}?)[^\S\n]{{0,8}}(?=[,.!?:;()\n\u2013\u2014]|[^\S\n]-|\Z)",
        re.IGNORECASE | re.MULTILINE,
    )
