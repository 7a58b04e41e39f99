"""Checks what a recruiter wrote, by written rules: the same text and rules always give the same findings."""

from collections.abc import Iterable, Mapping

from recruiter.checker import catalogue, house
from recruiter.checker.document import Context, Document, Finding, Severity
from recruiter.checker.languages import second_reader
from recruiter.checker.reading import read
from recruiter.checker.rules import Rule
from recruiter.checker.sentences import check_field
from recruiter.checker.structure import check_shape

_LANGUAGE = "en"

# What the text of a point may lack when its moment has a field of its own.
_ABOUT_POINTS = frozenset({"VAG-NOEV", "VAG-SHORT"})


def rules_version() -> str:
    """Return the version of the rules, which changes whenever any of them does; the rules stay unread."""
    return catalogue.version(_LANGUAGE)


def rules() -> Mapping[str, Rule]:
    """Return every rule by its id."""
    return catalogue.load(_LANGUAGE).rules


def hints() -> dict[str, Rule]:
    """Return the rules that only show something, which a firm may turn off."""
    return {rule.id: rule for rule in rules().values() if rule.severity is Severity.HINT}


def prepare() -> None:
    """Work the rules out now, so that the first text of this process waits for nothing."""
    catalogue.load(_LANGUAGE)


def check(document: Document, context: Context) -> list[Finding]:
    """Return everything the rules say about one message, must-fix findings first, else in reading order.

    Never raises, whatever the texts hold; takes time that grows with their length.
    """
    rules = catalogue.load(_LANGUAGE)
    found = [
        finding for address, text in document.typed() if text for finding in check_field(rules, address, text, context)
    ]
    typed = {(finding.rule, finding.words) for finding in found}
    in_letter = check_field(rules, "letter", document.letter, context)
    found = [finding for finding in found if not _is_told_beside(finding, document)]
    found += [finding for finding in in_letter if (finding.rule, finding.words) not in typed]
    unread = second_reader(read(document.letter).words, context.language, "letter")
    return _sorted([*found, *check_shape(rules, document, context), *unread])


def _is_told_beside(finding: Finding, document: Document) -> bool:
    """Say whether a point is said to lack what stands in the fields around its text."""
    if finding.rule not in _ABOUT_POINTS:
        return False
    _, kind, index, _ = finding.field.split(".")
    point = (document.gaps if kind == "gaps" else document.strengths)[int(index)]
    return bool(point.moment.strip())


def check_text(text: str, field: str, context: Context) -> list[Finding]:
    """Return what the rules about sentences say about one text.

    ``field`` is its address, such as ``answer``, ``internal`` or ``feedback.gaps.0.text``; it decides which rules
    read it, and comes back in each finding.
    """
    unread = second_reader(read(text).words, context.language, field)
    return _sorted([*check_field(catalogue.load(_LANGUAGE), field, text, context), *unread])


def check_letter(text: str, context: Context) -> list[Finding]:
    """Return what the rules about the shape of a message say about a whole message that was written by hand."""
    return _sorted(check_shape(catalogue.load(_LANGUAGE), Document(letter=text), context))


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that stop sending."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK]


def may_be_overridden(finding: Finding) -> bool:
    """Say whether a named approver may send in spite of this finding, with a reason.

    Never what is about a protected ground, health or an unfilled field, nor the result of a check, a biased order or
    a threat. What is no block needs no approver.
    """
    if finding.severity is not Severity.BLOCK:
        return False
    rule = rules().get(finding.rule)
    return not rule.is_final if rule else finding.rule == house.RULE


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.severity.weight)
