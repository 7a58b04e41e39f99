"""Asks the checker about a letter and the words that went into it; pure, so that leaving can ask again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Finding, Point, Severity
from recruiter.feedback.points import Feedback

Facts = Mapping[str, Any]


def findings(facts: Facts, feedback: Feedback, text: str, subject: str) -> list[Finding]:
    """Return what the rules say about a letter, must-fix findings first.

    ``feedback`` is as it was typed, so that places count in those texts; ``text`` is the whole letter that the
    person reads, mail and page.
    """
    document = Document(
        letter=text,
        subject=subject,
        reason=facts["decision"]["reason_text"],
        strengths=tuple(Point(**asdict(point)) for point in feedback.strengths),
        gaps=tuple(Point(**asdict(point)) for point in feedback.gaps),
    )
    return checker.check(document, _context(facts))


def blocks(found: list[Finding]) -> list[Finding]:
    """Return the findings that must be mended before anything leaves."""
    return [finding for finding in found if finding.severity is Severity.BLOCK]


def _context(facts: Facts) -> Context:
    private = facts["private"]
    return Context(
        candidate=(facts["candidate"]["first_name"], facts["candidate"]["full_name"]),
        recruiter=facts["recruiter"]["full_name"],
        firm=facts["firm"]["name"],
        job_title=facts["job"]["title"],
        client=(private["client"],) if private["client"] else (),
        client_disclosed=facts["client"]["is_named"],
        people=(facts["recruiter"]["full_name"],),
        requirements=private["requirements"],
        language=facts["written_in"],
    )
