"""Runs the rules that read one field: phrases with their guards, patterns over characters, and named tests."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from recruiter.checker.anchors import is_said_of_person
from recruiter.checker.document import Context, Finding, part_of
from recruiter.checker.findings import Span, make
from recruiter.checker.greeting import wrong_greeting
from recruiter.checker.reading import Reading, Word, fold, read
from recruiter.checker.rules import Rule, RuleSet, When

_MOST_PER_RULE = 20
_ENOUGH_HITS = 60
_LONGEST_GUARD = 6

_TESTS = {"greeting": wrong_greeting}


def check_field(rules: RuleSet, address: str, text: str, context: Context) -> list[Finding]:
    """Return what the sentence rules say about one text, in the order of the text."""
    reading, part = read(text), part_of(address)
    spans: dict[str, list[Span]] = {}
    for rule, span in _found(rules, reading, context):
        if part in rule.fields:
            spans.setdefault(rule.id, []).append(span)
    found = [
        make(rules.rules[rule], address, text, span) for rule in spans for span in _apart(spans[rule])[:_MOST_PER_RULE]
    ]
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule))


def _found(rules: RuleSet, reading: Reading, context: Context) -> Iterator[tuple[Rule, Span]]:
    yield from _said(rules, reading, context)
    for rule in rules.rules.values():
        for mark in rule.marks:
            yield from (
                (rule, Span(match.start(), match.end())) for match in islice(mark.finditer(reading.plain), _ENOUGH_HITS)
            )
        if rule.test in _TESTS:
            yield from ((rule, span) for span in _TESTS[rule.test](reading, context, rules.words))


def _said(rules: RuleSet, reading: Reading, context: Context) -> Iterator[tuple[Rule, Span]]:
    words = reading.words
    names = frozenset(fold(part) for name in (*context.candidate, *context.other_candidates) for part in name.split())
    hits = list(rules.tree.find(words))
    masked = {
        (rules.targets[mark].rule.id, index)
        for mark, first, after in hits
        if rules.targets[mark].when is None
        for index in range(first, after)
    }
    counts: Counter[str] = Counter()
    for mark, first, after in hits:
        rule, when = rules.targets[mark].rule, rules.targets[mark].when
        is_masked = when is None or any((rule.id, index) in masked for index in range(first, after))
        if when is None or is_masked or counts[rule.id] >= _ENOUGH_HITS:
            continue
        if _stands_free(when, words, first, after) and (
            when.said_of != "person" or is_said_of_person(words, first, rules.words, names)
        ):
            counts[rule.id] += 1
            yield rule, Span(words[first].start, words[after - 1].end)


def _stands_free(when: When, words: Sequence[Word], first: int, after: int) -> bool:
    if when.not_after and when.not_after.at(words, after):
        return False
    starts = range(max(0, first - _LONGEST_GUARD), first) if when.not_before else ()
    return not any(end == first for start in starts for _, end in when.not_before.at(words, start))


def _apart(spans: list[Span]) -> list[Span]:
    """Keep the first of spans that overlap, and of those that begin together the longest: one slip, one finding."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
