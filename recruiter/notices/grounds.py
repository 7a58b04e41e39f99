"""What a point rests on: whether the interviewers' notes bear it out, and whether one person can have seen it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from recruiter.applications.models import Application
from recruiter.checker.document import Finding, Severity
from recruiter.db.folding import words
from recruiter.feedback.models import Confidence, PointKind
from recruiter.feedback.points import Feedback, Point
from recruiter.scorecards import queries as scorecards
from recruiter.scorecards.queries import RatedNote

# Of the anchors that a rating has: from here on the role's need was met and more, up to there it was not met.
_ABOVE, _BELOW = 4, 2

# Words about what a person is or can do at all, which one moment before one person does not show.
_SWEEPING = re.compile(
    r"\b(always|never|cannot|can(.| no)t|unable to|lack(s|ed)?|no (experience|knowledge|understanding|idea) of|"
    r"(do|does|did)(n.t| not) (know|understand|have))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """Feedback with the evidence that is still there, and what to consider about what its points rest on."""

    feedback: Feedback
    findings: Sequence[Finding] = ()

    def beside(self, found: Sequence[Finding]) -> list[Finding]:
        """Return the findings without those about words that the checker found already."""
        return [each for each in self.findings if not any(_overlap(each, other) for other in found)]


def read(session: Session, application: Application, feedback: Feedback) -> Grounds:
    """Compare the points with the notes of the application's interviewers; no finding says how somebody was rated."""
    if not (feedback.strengths or feedback.gaps):
        return Grounds(feedback)
    notes = scorecards.rated(session, application.firm_id, application.id)
    kept = {str(note.id) for note in notes}
    return Grounds(
        Feedback(_held(feedback.strengths, kept), _held(feedback.gaps, kept)),
        [
            *_findings(PointKind.STRENGTH, feedback.strengths, notes),
            *_findings(PointKind.GAP, feedback.gaps, notes),
        ],
    )


def _overlap(one: Finding, other: Finding) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _held(points: Iterable[Point], kept: set[str]) -> tuple[Point, ...]:
    return tuple(replace(each, evidence=tuple(key for key in each.evidence if key in kept)) for each in points)


def _findings(kind: PointKind, points: Sequence[Point], notes: Sequence[RatedNote]) -> Iterator[Finding]:
    kept = {str(note.id) for note in notes}  # one that was removed, or of somebody else, bears nothing out
    for place, point in enumerate(points):
        address = f"feedback.{kind}s.{place}"
        if not kept.issuperset(point.evidence):
            yield _about(address, "EVD-GONE")
        rule = _against(kind, [note.rating for note in notes if _is_about(note, point)])
        if rule:
            yield _about(address, rule)
        if kind is PointKind.GAP and point.confidence is Confidence.ONE_SOURCE:
            yield from _sweeping(address, point.text)


def _is_about(note: RatedNote, point: Point) -> bool:
    return str(note.id) in point.evidence or words(note.criterion) == words(point.criterion)


def _against(kind: PointKind, ratings: Sequence[int | None]) -> str:
    """Return the rule by which the interviewers' notes speak against a point, or an empty text."""
    given = [rating for rating in ratings if rating is not None]
    if not given:
        return "EVD-NONE" if ratings and kind is PointKind.GAP else ""
    if kind is PointKind.GAP:
        return "EVD-ABOVE" if min(given) >= _ABOVE else ""
    return "EVD-BELOW" if max(given) <= _BELOW else ""


_SAYS = {
    "EVD-GONE": (
        "An interview note that this point rests on is not there any more.",
        "Look at the interview notes again, or write what you saw yourself.",
    ),
    "EVD-NONE": (
        "No interviewer had evidence on this: it was not asked, or there was no time.",
        "That is no reason. Leave the point out, or name another thing that was seen.",
    ),
    "EVD-ABOVE": (
        "The interviewers saw what the role needs here, and more.",
        "Say which part was missing and when, or choose another reason.",
    ),
    "EVD-BELOW": (
        "The interviewers did not see here what the role needs.",
        "Say what was seen at one moment, or choose another strength.",
    ),
}


def _about(address: str, rule: str) -> Finding:
    return Finding(rule, Severity.WARN, f"{address}.criterion", 0, 0, "", *_SAYS[rule])


def _sweeping(address: str, text: str) -> Iterator[Finding]:
    match = _SWEEPING.search(text)
    if match:
        (start, end), said = match.span(), f"“{match[0]}” is more than one person saw at one moment."
        better = "Say what was seen then: “We did not hear an example of it.” Or say that several people saw it."
        yield Finding("EVD-ONE", Severity.HINT, f"{address}.text", start, end, match[0], said, better)
