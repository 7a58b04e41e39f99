"""Checks what a recruiter wrote, by written rules: the same text and rules always give the same findings."""

from collections.abc import Iterable

from recruiter.checker import catalogue
from recruiter.checker.document import Context, Document, Finding, Severity
from recruiter.checker.sentences import check_field
from recruiter.checker.structure import check_shape

_RULES = catalogue.load("en")

RULES_VERSION = _RULES.version


def check(document: Document, context: Context) -> list[Finding]:
    """Return everything the rules say about one message, must-fix findings first, else in reading order.

    Never raises, whatever the texts hold; takes time that grows with their length.
    """
    found = [
        finding for address, text in document.typed() if text for finding in check_field(_RULES, address, text, context)
    ]
    typed = {(finding.rule, finding.words) for finding in found}
    in_letter = check_field(_RULES, "letter", document.letter, context)
    found += [finding for finding in in_letter if (finding.rule, finding.words) not in typed]
    return _sorted([*found, *check_shape(_RULES, document, context)])


def check_text(text: str, field: str, context: Context) -> list[Finding]:
    """Return what the rules about sentences say about one text.

    ``field`` is its address, such as ``answer``, ``internal`` or ``feedback.gaps.0.text``; it decides which rules
    read it, and comes back in each finding.
    """
    return _sorted(check_field(_RULES, field, text, context))


def check_letter(text: str, context: Context) -> list[Finding]:
    """Return what the rules about the shape of a message say about a whole message that was written by hand."""
    return _sorted(check_shape(_RULES, Document(letter=text), context))


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that stop sending."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK]


_WEIGHT = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.HINT: 2}


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _WEIGHT[finding.severity])
