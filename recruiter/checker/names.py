"""Looks for the names of the case: other candidates, the client, the interviewers and the job."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from recruiter.checker.findings import Span
from recruiter.checker.passage import Passage
from recruiter.checker.phrases import Phrases
from recruiter.checker.reading import Word, fold, read
from recruiter.checker.rules import Rule

_SHORTEST_PART = 3
_WHOLE, _PART = 0, 1
_TITLED = r"(?:[A-Z][\w&/+.#-]{0,30}|&|of|and|for|in)"
_ROLE = re.compile(
    r"\b(?:for|about|in|to|with|on|into|as|fill|filled|closed|regarding|discuss|discussed|offered)[ \n]"
    r"(?:the|our|a|an|this)[ \n]"
    rf"((?:[A-Z][\w&/+.#-]{{0,30}})(?:[ \n]{_TITLED}){{0,5}})[ \n](?:role|position|post|job|vacancy|opening)\b"
    r"(?![ \n](?:you|at|in)[ \n](?:held|had|did|your))"
)
_TITLE_AFTER = re.compile(
    r"\b(?:role|position|post|vacancy)[ \n](?:of|as)[ \n](?:(?:a|an|the|our)[ \n])?"
    r"((?:[A-Z][\w&/+#-]{0,30})(?:[ \n][A-Z][\w&/+#-]{0,30}){0,5})"
)


def named_candidate(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield every name of another candidate for the job, whole or in part."""
    case = passage.context
    own = _forms(*case.candidate, case.recruiter, case.firm, *case.people, *case.client)
    words = passage.reading.words
    for mark, first, after in _phrases(_met(case.other_candidates, words), own).find(words):
        span = _span(passage, first, after)
        if mark == _WHOLE or _is_name(passage, first):
            yield span


def undisclosed_client(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield every name of a client who is not to be named."""
    if passage.context.client_disclosed:
        return
    for _, first, after in _phrases(_without_form(passage), None).find(passage.reading.words):
        span = _span(passage, first, after)
        if after - first > 1 or passage.text[span.start].isupper():
            yield span


def named_view(rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield the name of somebody who took part with what they thought or said."""
    others = tuple(name for name in passage.context.people if name != passage.context.recruiter)
    words = passage.reading.words
    for mark, first, after in _phrases(others, _forms(passage.context.recruiter)).find(words):
        views = rule.phrases["view"].at(words, after)
        if views and (mark == _WHOLE or _is_name(passage, first)):
            yield _span(passage, first, max(end for _, end in views))


def wrong_role(_rule: Rule, passage: Passage) -> Iterator[Span]:
    """Yield every title of a role that is not the job's, nor a part of its title."""
    titles = [_forms(title) for title in (passage.context.job_title, *passage.context.job_title_aliases) if title]
    if not titles:
        return
    for pattern in (_ROLE, _TITLE_AFTER):
        for match in pattern.finditer(passage.reading.plain):
            if not any(title.issuperset(_forms(match[1])) for title in titles):
                yield Span(match.start(1), match.end(1))


def _is_name(passage: Passage, first: int) -> bool:
    """Say whether a part of a name is written like one, and is no word that opens a sentence ("Will you")."""
    words = passage.reading.words
    if words[first].form.removesuffix("'s") in passage.lists["no_lone_name"]:
        return False
    is_first = first == 0 or words[first - 1].sentence != words[first].sentence
    may_be_word = is_first and words[first].form in passage.lists["also_a_word"]
    return passage.text[words[first].start].isupper() and not may_be_word


def _span(passage: Passage, first: int, after: int) -> Span:
    words = passage.reading.words
    return Span(words[first].start, words[after - 1].end)


@lru_cache(maxsize=512)
def _forms(*names: str) -> frozenset[str]:
    return frozenset(fold(word.form) for name in names for word in read(name).words)


def _without_form(passage: Passage) -> tuple[str, ...]:
    """Return the client's names, also without what only says how the company is set up (Ltd, GmbH)."""
    forms = passage.lists["company_form"]
    bare = (
        " ".join(word for word in name.split() if fold(word.strip(".,")) not in forms)
        for name in passage.context.client
    )
    return tuple(dict.fromkeys((*passage.context.client, *bare)))


def _met(names: Iterable[str], words: Iterable[Word]) -> tuple[str, ...]:
    """Return the names of which any word is met: to look for a hundred takes longer than all rules together."""
    met = {word.form for word in words}
    met |= {form.removesuffix("'s") for form in met}
    return tuple(name for name in names if not met.isdisjoint(_words(name)))


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.form for word in read(name).words)


@lru_cache(maxsize=512)
def _phrases(names: tuple[str, ...], own: frozenset[str] | None) -> Phrases:
    """Return what finds the names, whole and (unless ``own`` is ``None``) each part that is not among one's own."""
    phrases = Phrases()
    for name in names:
        forms = _words(name)
        _add(phrases, forms, _WHOLE)
        if own is not None and len(forms) > 1:
            for form in forms:
                if len(form) >= _SHORTEST_PART and fold(form) not in own:
                    _add(phrases, (form,), _PART)
    return phrases


def _add(phrases: Phrases, forms: tuple[str, ...], mark: int) -> None:
    """Add a name, also as the owner of something ("Daniel's test")."""
    phrases.add_words(forms, mark)
    if forms:
        phrases.add_words((*forms[:-1], f"{forms[-1]}'s"), mark)
