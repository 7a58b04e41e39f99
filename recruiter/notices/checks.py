"""Asks the checker about a letter and the words that went into it; pure, so that leaving can ask again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from recruiter.accounts.models import Firm, Member
from recruiter.applications.models import Application
from recruiter.checker import service as checker
from recruiter.checker.document import Context, Document, Finding, Point, Severity
from recruiter.db.folding import words
from recruiter.feedback.links import LeftOut
from recruiter.feedback.modes import Ruling
from recruiter.feedback.points import Feedback
from recruiter.feedback.wording import About

Facts = Mapping[str, Any]

RAW = "ATS-RAW"  # nobody may let an ATS's own words out
UNTOLD = "RULE-UNTOLD"


def findings(facts: Facts, feedback: Feedback, text: str, subject: str, known: Context) -> list[Finding]:
    """Return what the rules say about a letter, must-fix findings first.

    ``feedback`` is as it was typed, so that places count in those texts; ``text`` is the whole letter that the
    person reads, mail and page. ``known`` is what is known today; what the letter itself was frozen with counts more.
    """
    document = Document(
        letter=text,
        subject=subject,
        reason=facts["decision"]["reason_text"],
        strengths=tuple(Point(**point.texts()) for point in feedback.strengths),
        gaps=tuple(Point(**point.texts()) for point in feedback.gaps),
    )
    found = checker.check(document, _context(facts, known))
    # An address that nobody typed is the template's: whoever published it means the firm's own.
    found = [finding for finding in found if not (finding.rule == "CONF-DATA" and finding.field == "letter")]
    return [*_untold(facts, text), *found]


def about(case_firm: Firm, application: Application, facts: Facts, writers: Sequence[Member | None]) -> About:
    """Return what a letter is about, for ``wording.context``."""
    return About(
        firm=case_firm,
        candidate=application.candidate,
        job=application.job,
        writers=writers,
        language=facts["written_in"],
    )


def reader_note(found: Iterable[Finding], ruling: Ruling) -> str:
    """Return why somebody else has to read words before they leave, or an empty text."""
    if ruling.needs_reader:
        return "Policy asks for a second reader."
    unread = any(finding.rule == "LANG-READER" for finding in found)
    return "There are no rules for its language that could check it." if unread else ""


def raw_reason(reason: str, ats_words: str | None) -> list[Finding]:
    """Return a must-fix finding when a reason is nothing but what the ATS calls it: no person wrote that to be read."""
    folded = words(reason)
    if not ats_words or folded != words(ats_words) or not folded:
        return []
    message = "These are the words of your ATS, kept for your firm alone."
    better = "Choose the reason in the list, or say in a sentence what the role needed."
    return [Finding(RAW, Severity.BLOCK, "reason", 0, len(reason), reason, message, better)]


def left_out(found: Iterable[LeftOut]) -> list[Finding]:
    """Return a finding for each thing to read that a letter leaves out."""
    better = "Choose another, or look at its link in Settings, Resources."
    return [
        Finding("RES-LINK", Severity.WARN, f"feedback.gaps.{each.gap}.resources", 0, 0, "", _why_left_out(each), better)
        for each in found
    ]


def blocks(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that must be mended before anything leaves."""
    return [finding for finding in found if finding.severity is Severity.BLOCK]


def is_overridable(found: Iterable[Finding]) -> bool:
    """Say whether there is something that must be mended, and a named approver may send in spite of all of it."""
    stopping = blocks(found)
    return bool(stopping) and all(each.rule != RAW and checker.may_be_overridden(each) for each in stopping)


def _untold(facts: Facts, text: str) -> list[Finding]:
    """Return a must-fix finding for a letter that keeps back that no person made the decision."""
    notice = facts["decision"]["automated_notice"]
    if notice in " ".join(text.split()):
        return []
    message = "A rule made this decision, and the letter does not say so."
    better = "Choose a template with {{ decision.automated_notice }}, or record who decided."
    return [Finding(UNTOLD, Severity.BLOCK, "letter", 0, 0, "", message, better)]


def _why_left_out(each: LeftOut) -> str:
    if not each.title:
        return "What this gap gave to read is no longer in the library, so the letter leaves it out."
    return f"The link of {each.title} does not answer any more, so the letter leaves it out."


def _context(facts: Facts, known: Context) -> Context:
    private = facts["private"]
    return replace(
        known,
        candidate=(facts["candidate"]["first_name"], facts["candidate"]["full_name"]),
        recruiter=facts["recruiter"]["full_name"],
        firm=facts["firm"]["name"],
        job_title=facts["job"]["title"],
        client=(private["client"],) if private["client"] else (),
        client_disclosed=facts["client"]["is_named"],
        people=(facts["recruiter"]["full_name"], *known.people),
        requirements=private["requirements"],
    )
