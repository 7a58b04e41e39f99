"""Runs the rules about the shape of a whole message: its decision, its order, and what each point carries."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from recruiter.checker.document import Context, Document, Finding, Point, Severity
from recruiter.checker.findings import Span, make
from recruiter.checker.grade import grade
from recruiter.checker.languages import is_read
from recruiter.checker.reading import Reading, read
from recruiter.checker.rules import Rule, RuleSet

_NOWHERE = Span(0, 0)
_NUMBERED = re.compile(r"(?m)^[^\S\n]{0,8}(?:\d{1,2}[.)]|[-*\u2022\u2013])[^\S\n]")


@dataclass(frozen=True, slots=True)
class _Message:
    document: Document
    letter: Reading
    context: Context

    @property
    def has_points(self) -> bool:
        """Whether the points came as fields; else the letter's own headings tell where they are."""
        return bool(self.document.strengths or self.document.gaps)


def check_shape(rules: RuleSet, document: Document, context: Context) -> list[Finding]:
    """Return what the document rules say about one message."""
    message = _Message(document, read(document.letter), context)
    return [
        make(
            rule,
            rules.severity(rule.id, context.jurisdiction),
            address,
            document.letter if address == "letter" else "",
            span,
        )
        for rule in rules.rules.values()
        if rule.test in _TESTS and _applies(rule, message)
        for address, span in _TESTS[rule.test](rule, message)
    ]


def _applies(rule: Rule, message: _Message) -> bool:
    """Say whether a rule reads this language, for this firm; fields that are there or not are so in any language."""
    is_muted = rule.severity is Severity.HINT and rule.id in message.context.muted
    return not is_muted and (rule.any_language or is_read(message.letter.words, message.context.language))


def _decision_early(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    words = message.letter.words
    within = rule.settings["within"]
    if words and next(rule.phrases["decision"].find(words[:within]), None) is None:
        yield "letter", Span(words[0].start, words[min(len(words), within) - 1].end)


def _strength_first(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    if message.has_points:
        if not message.document.strengths:
            yield "feedback.strengths", _NOWHERE
        return
    gap = _first(rule, "gap", message.letter)
    strength = _first(rule, "strength", message.letter)
    if gap and (strength is None or strength.start > gap.start):
        yield "letter", gap


def _few_gaps(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    most = rule.settings["most"]
    if message.has_points:
        if len(message.document.gaps) > most:
            yield "feedback.gaps", _NOWHERE
        return
    part = _gap_part(rule, message.letter)
    if part and len(list(_NUMBERED.finditer(message.letter.plain, part.start, part.end))) > most:
        yield "letter", part


def _suggestion_given(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    for index, gap in enumerate(message.document.gaps):
        if not gap.suggestion.strip():
            yield f"feedback.gaps.{index}.suggestion", _NOWHERE
    part = None if message.has_points else _gap_part(rule, message.letter)
    if part:
        words = [word for word in message.letter.words if part.start <= word.start < part.end]
        if next(rule.phrases["suggestion"].find(words), None) is None:
            yield "letter", part


def _requirement_tied(_rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    for index, gap in enumerate(message.document.gaps):
        if not _is_tied(gap, message.context):
            yield f"feedback.gaps.{index}.requirement", _NOWHERE


def _is_tied(gap: Point, context: Context) -> bool:
    """Say whether a gap names a need of the role: in words, or by the id of a requirement of this job."""
    requirement = gap.requirement.strip()
    try:
        return str(UUID(requirement)) in context.requirements
    except ValueError:
        return bool(requirement)


def _reply_open(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    words = message.letter.words
    if words and next(rule.phrases["next"].find(words), None) is None:
        yield "letter", Span(words[-1].start, words[-1].end)


def _choice_open(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    ticked = _first(rule, "ticked", message.letter)
    kept = _first(rule, "kept", message.letter)
    has_choice = next(rule.phrases["choice"].find(message.letter.words), None) is not None
    if ticked or (kept and not has_choice):
        yield "letter", ticked or kept or _NOWHERE


def _easy_to_read(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    words = message.letter.words
    if len(words) >= rule.settings["least"] and grade(words) > rule.settings["most"]:
        yield "letter", Span(words[0].start, words[-1].end)


def _right_length(rule: Rule, message: _Message) -> Iterator[tuple[str, Span]]:
    words = message.letter.words
    if words and not rule.settings["least"] <= len(words) <= rule.settings["most"]:
        yield "letter", Span(words[0].start, words[-1].end)


def _first(rule: Rule, name: str, reading: Reading) -> Span | None:
    found = next(rule.phrases[name].find(reading.words), None)
    return Span(reading.words[found[1]].start, reading.words[found[2] - 1].end) if found else None


def _gap_part(rule: Rule, reading: Reading) -> Span | None:
    """Return the part of a letter from its heading for gaps to the strengths after it, or to its end."""
    gap, strength = _first(rule, "gap", reading), _first(rule, "strength", reading)
    if gap is None:
        return None
    return Span(gap.start, strength.start if strength and strength.start > gap.start else len(reading.plain))


_TESTS: dict[str, Callable[[Rule, _Message], Iterator[tuple[str, Span]]]] = {
    "decision_early": _decision_early,
    "strength_first": _strength_first,
    "few_gaps": _few_gaps,
    "suggestion_given": _suggestion_given,
    "requirement_tied": _requirement_tied,
    "reply_open": _reply_open,
    "choice_open": _choice_open,
    "easy_to_read": _easy_to_read,
    "right_length": _right_length,
}
