"""Feedback points as they are written: values without a row, and the way from and to the rows of one notice."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.db.base import find_id
from recruiter.feedback.models import Confidence, FeedbackPoint, PointKind, PointSource

MOST = 3
MOST_EVIDENCE = 10  # notes of one point
FIELDS = ("criterion", "moment", "text", "effect", "requirement", "suggestion", "aim")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was seen. ``requirement`` is free text, or the id of one of the job's requirements.

    ``aim`` is a question to the person about a gap: what they were aiming for.
    ``resources`` are ids of the firm's library that a gap names, ``links`` what the letter keeps of them.
    ``evidence`` are ids of the interviewers' notes that it rests on.
    """

    criterion: str
    text: str
    moment: str = ""
    effect: str = ""
    requirement: str = ""
    suggestion: str = ""
    aim: str = ""
    resources: tuple[str, ...] = ()
    links: tuple[Mapping[str, Any], ...] = ()
    source: PointSource = PointSource.RECRUITER
    confidence: Confidence = Confidence.ONE_SOURCE
    evidence: tuple[str, ...] = ()

    @property
    def from_panel(self) -> bool:
        """Whether it is somebody's of the interview panel, which is all that its reader is told of who saw it."""
        return self.source is not PointSource.RECRUITER

    @property
    def need(self) -> str:
        """What the role needs, in words that the heading has not said."""
        return "" if self.requirement.casefold() == self.criterion.casefold() else self.requirement

    def texts(self) -> dict[str, str]:
        """Return what was written, by field."""
        return {name: getattr(self, name) for name in FIELDS}

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; a question, resources, links and evidence only where there are some."""
        team = {"source": self.source.value, "confidence": self.confidence.value}
        return self._said() | team | ({"evidence": list(self.evidence)} if self.evidence else {})

    def as_read(self) -> dict[str, Any]:
        """Return plain values without what stays with the firm."""
        return self._said() | ({"from_panel": True} if self.from_panel else {})

    def _said(self) -> dict[str, Any]:
        lists = {"resources": list(self.resources), "links": [dict(link) for link in self.links]}
        texts = {name: text for name, text in self.texts().items() if text or name != "aim"}
        return texts | {name: values for name, values in lists.items() if values}


@dataclass(frozen=True, slots=True)
class Feedback:
    """What goes with a notice: at most three strengths and three gaps, in the order in which they are read."""

    strengths: tuple[Point, ...] = ()
    gaps: tuple[Point, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as they are signed and as the firm is answered."""
        return {
            "strengths": [point.as_dict() for point in self.strengths],
            "gaps": [point.as_dict() for point in self.gaps],
        }

    def as_read(self) -> dict[str, Any]:
        """Return plain values, as they are frozen in a letter: without what stays with the firm."""
        return {
            "strengths": [point.as_read() for point in self.strengths],
            "gaps": [point.as_read() for point in self.gaps],
        }

    @classmethod
    def from_read(cls, values: Mapping[str, Any]) -> "Feedback":
        """Read what ``as_read`` gave; a list that is missing is empty."""
        return cls(
            strengths=tuple(_point(each) for each in values.get("strengths", ())),
            gaps=tuple(_point(each) for each in values.get("gaps", ())),
        )


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a job asks for, by id, for telling a reference from free text."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def text_of(self, requirement: str) -> str:
        """Return the words the candidate reads: the requirement's for its id, nothing for an unknown id."""
        key = find_id(requirement)
        return requirement if key is None else self.texts.get(str(key), "")

    def spelled_out(self, feedback: Feedback) -> Feedback:
        """Return the feedback with each reference to a requirement replaced by its words."""
        return Feedback(
            strengths=tuple(self._spelled(point) for point in feedback.strengths),
            gaps=tuple(self._spelled(point) for point in feedback.gaps),
        )

    def _spelled(self, point: Point) -> Point:
        return changed(point, requirement=self.text_of(point.requirement))


def replace(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID, feedback: Feedback) -> list[FeedbackPoint]:
    """Make these the points of a notice and return their rows, in reading order; earlier rows of it go."""
    session.execute(
        sa.delete(FeedbackPoint).where(FeedbackPoint.firm_id == firm_id, FeedbackPoint.notice_id == notice_id)
    )
    return add(session, firm_id, notice_id, feedback)


def add(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID, feedback: Feedback) -> list[FeedbackPoint]:
    """Give a notice that has none these points and return their rows, in reading order."""
    rows = [
        FeedbackPoint(
            firm_id=firm_id,
            notice_id=notice_id,
            kind=kind,
            position=position,
            resources=list(point.resources),
            source=point.source,
            confidence=point.confidence,
            evidence=list(point.evidence),
            **point.texts(),
        )
        for kind, points in ((PointKind.STRENGTH, feedback.strengths), (PointKind.GAP, feedback.gaps))
        for position, point in enumerate(points)
    ]
    session.add_all(rows)
    return rows


def of_notice(session: Session, firm_id: uuid.UUID, notice_id: uuid.UUID) -> list[FeedbackPoint]:
    """Return the rows of a notice: strengths, then gaps, each in reading order."""
    found = session.scalars(
        sa.select(FeedbackPoint)
        .where(FeedbackPoint.firm_id == firm_id, FeedbackPoint.notice_id == notice_id)
        .order_by(FeedbackPoint.kind.desc(), FeedbackPoint.position)
    )
    return list(found)


def of_notices(
    session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[FeedbackPoint]]:
    """Return the rows of these notices by notice, each in reading order; a notice without points is left out."""
    query = sa.select(FeedbackPoint).where(FeedbackPoint.firm_id == firm_id, FeedbackPoint.notice_id.in_(ids))
    found: dict[uuid.UUID, list[FeedbackPoint]] = {}
    for row in session.scalars(query.order_by(FeedbackPoint.kind.desc(), FeedbackPoint.position)):
        found.setdefault(row.notice_id, []).append(row)
    return found


def as_feedback(rows: Iterable[FeedbackPoint]) -> Feedback:
    """Return the rows of one notice as values."""
    points = [(row.kind, _of_row(row)) for row in rows]
    return Feedback(
        strengths=tuple(point for kind, point in points if kind is PointKind.STRENGTH),
        gaps=tuple(point for kind, point in points if kind is PointKind.GAP),
    )


def _of_row(row: FeedbackPoint) -> Point:
    values: dict[str, Any] = {name: getattr(row, name) for name in (*FIELDS, "source", "confidence")}
    return Point(**values, resources=tuple(row.resources), evidence=tuple(row.evidence))


def _point(values: Mapping[str, Any]) -> Point:
    texts: dict[str, Any] = {name: values[name] for name in FIELDS if name in values}
    return Point(
        **texts,
        resources=tuple(values.get("resources", ())),
        links=tuple(values.get("links", ())),
        source=PointSource.PANEL_SUMMARY if values.get("from_panel") else PointSource.RECRUITER,
    )
