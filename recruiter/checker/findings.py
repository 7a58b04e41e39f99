"""Turns a rule and a place into the finding that a person reads."""

import re
from dataclasses import dataclass

from recruiter.checker.document import Finding, Part, Severity, part_of
from recruiter.checker.rules import Rule

_PLACE = re.compile(r"\{(\w{1,20})\}")
_NOTED = "This note can be asked for."


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text, in code points; ``candidate`` is for messages that say whom the text goes to."""

    start: int
    end: int
    candidate: str = ""


def make(rule: Rule, severity: Severity, address: str, text: str, span: Span) -> Finding:
    """Return the finding of a rule at a place; in an internal note a block becomes a warning."""
    words = text[span.start : span.end]
    noted = part_of(address) is Part.INTERNAL and severity is Severity.BLOCK
    values = {"words": words, "candidate": span.candidate} | {name: str(n) for name, n in rule.settings.items()}
    message = _filled(rule.message, values)
    return Finding(
        rule=rule.id,
        severity=Severity.WARN if noted else severity,
        field=address,
        start=span.start,
        end=span.end,
        words=words,
        message=f"{message} {_NOTED}" if noted else message,
        suggestion=_filled(rule.suggestion, values),
    )


def _filled(sentence: str, values: dict[str, str]) -> str:
    # In one pass, so that braces in what a person typed are never read as a place.
    return _PLACE.sub(lambda match: values[match[1]], sentence)
