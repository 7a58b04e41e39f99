"""Runs the rules that read one field: phrases with their guards, patterns over characters, and named tests."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from recruiter.checker import house, languages
from recruiter.checker.anchors import is_said_of_person
from recruiter.checker.document import Context, Finding, Severity, part_of
from recruiter.checker.findings import Span, make
from recruiter.checker.greeting import wrong_greeting
from recruiter.checker.measures import bare_order, long_sentence, no_moment, shouting, too_short
from recruiter.checker.mechanics import foreign_data, impossible_date, weak_link
from recruiter.checker.names import named_candidate, named_view, undisclosed_client, wrong_role
from recruiter.checker.passage import Passage
from recruiter.checker.phrases import Phrases
from recruiter.checker.reading import Word, read
from recruiter.checker.rules import Category, Firing, Rule, RuleSet, When

_MOST_PER_RULE = 20
_ENOUGH_HITS = 60
_LONGEST_GUARD = 6

_TESTS: dict[str, Callable[[Rule, Passage], Iterator[Span]]] = {
    test.__name__: test
    for test in (
        bare_order,
        foreign_data,
        impossible_date,
        long_sentence,
        named_candidate,
        named_view,
        no_moment,
        shouting,
        too_short,
        undisclosed_client,
        weak_link,
        wrong_greeting,
        wrong_role,
    )
}


def check_field(rules: RuleSet, address: str, text: str, context: Context) -> list[Finding]:
    """Return what the sentence rules and the firm's own phrases say about one text, in the order of the text."""
    passage = Passage(text, read(text), address, context, rules.words)
    is_read = languages.is_read(passage.reading.words, context.language)
    spans: dict[str, list[Span]] = {}
    for rule, span in _found(rules, passage):
        if _applies(rule, passage, is_read=is_read):
            spans.setdefault(rule.id, []).append(span)
    found = [
        make(rules.rules[rule], rules.severity(rule, context.jurisdiction), passage.address, text, span)
        for rule in spans
        for span in _enough(rules.rules[rule], passage, _apart(spans[rule]))[:_MOST_PER_RULE]
    ]
    found += house.findings(passage)
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule))


def _applies(rule: Rule, passage: Passage, *, is_read: bool) -> bool:
    """Say whether a rule reads this field, in this language, and for this firm: hints alone can be turned off."""
    is_muted = rule.severity is Severity.HINT and rule.id in passage.context.muted
    return part_of(passage.address) in rule.fields and not is_muted and (is_read or rule.any_language)


def _found(rules: RuleSet, passage: Passage) -> Iterator[tuple[Rule, Span]]:
    yield from _said(rules, passage)
    for rule in rules.besides:
        for mark in rule.marks if rule.marks and any(sign in passage.folded for sign in rule.signs) else ():
            yield from (
                (rule, Span(match.start(), match.end()))
                for match in islice(mark.finditer(passage.reading.plain), _ENOUGH_HITS)
            )
        if rule.test in _TESTS:
            yield from ((rule, span) for span in islice(_TESTS[rule.test](rule, passage), _ENOUGH_HITS))


class _Hit(NamedTuple):
    rule: Rule
    when: When
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands in a text besides the phrases that fire: masked words, and where each guard stood last."""

    masked: set[tuple[Rule | Category, int]] = field(default_factory=set)
    guards: dict[tuple[str, int], int] = field(default_factory=dict)


def _said(rules: RuleSet, passage: Passage) -> Iterator[tuple[Rule, Span]]:
    words = passage.reading.words
    hits, seen = _sorted_out(rules, words)
    counts: Counter[str] = Counter()
    for hit in hits:
        if counts[hit.rule.id] < _ENOUGH_HITS and _stands(hit, words, seen, passage):
            counts[hit.rule.id] += 1
            yield hit.rule, Span(words[hit.first].start, words[hit.after - 1].end)


def _sorted_out(rules: RuleSet, words: Sequence[Word]) -> tuple[list[_Hit], _Seen]:
    hits: list[_Hit] = []
    seen = _Seen()
    for mark, first, after in rules.tree.find(words):
        target = rules.targets[mark]
        if isinstance(target, str):
            seen.guards[target, words[first].sentence] = first
        elif isinstance(target, Firing):
            hits.append(_Hit(target.rule, target.when, first, after))
        else:
            seen.masked.update((target, index) for index in range(first, after))
    return hits, seen


def _stands(hit: _Hit, words: Sequence[Word], seen: _Seen, passage: Passage) -> bool:
    """Say whether nothing around a phrase makes it harmless."""
    return (
        _is_unmasked(hit, seen)
        and _fits_sentence(hit, words[hit.first].sentence, seen)
        and _fits_between(hit.when, words, hit.first, hit.after)
        and not (hit.when.unless_deed and words[hit.first].sentence in passage.deeds)
        and (hit.when.said_of != "person" or is_said_of_person(words, hit.first, passage.lists, passage.names))
    )


def _is_unmasked(hit: _Hit, seen: _Seen) -> bool:
    return not any(
        (hit.rule, index) in seen.masked or (hit.rule.category, index) in seen.masked
        for index in range(hit.first, hit.after)
    )


def _fits_sentence(hit: _Hit, sentence: int, seen: _Seen) -> bool:
    guards, when = seen.guards, hit.when
    if any((guard, sentence) in guards for guard in (*when.unless, *hit.rule.category.unless)):
        return False
    if when.near and not any((guard, sentence) in guards for guard in when.near):
        return False
    return not when.then or any(guards.get((guard, sentence), -1) >= hit.after for guard in when.then)


def _fits_between(when: When, words: Sequence[Word], first: int, after: int) -> bool:
    if when.not_after and when.not_after.at(words, after):
        return False
    if when.only_after and not when.only_after.at(words, after) and not _is_end(words, after):
        return False
    if when.only_before and not _ends_at(when.only_before, words, first):
        return False
    return not (when.not_before and _ends_at(when.not_before, words, first))


def _is_end(words: Sequence[Word], after: int) -> bool:
    return after == len(words) or words[after].after_pause or words[after].sentence != words[after - 1].sentence


def _ends_at(phrases: Phrases, words: Sequence[Word], first: int) -> bool:
    starts = range(max(0, first - _LONGEST_GUARD), first)
    return any(end == first for start in starts for _, end in phrases.at(words, start))


def _enough(rule: Rule, passage: Passage, spans: list[Span]) -> list[Span]:
    """Keep, of a rule that needs several places, the place in each sentence or text that is one too many."""
    if rule.least == 1:
        return spans
    counts: Counter[int] = Counter()
    kept = []
    for span in spans:
        sentence = passage.sentence_at(span.start) if rule.per == "sentence" else 0
        counts[sentence] += 1
        if counts[sentence] == rule.least:
            kept.append(span)
    return kept


def _apart(spans: list[Span]) -> list[Span]:
    """Keep the first of spans that overlap, and of those that begin together the longest: one slip, one finding."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
