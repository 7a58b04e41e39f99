"""Why a person is shown for a job: what they have, what is missing and what is unknown, each with its evidence."""

import datetime as dt
import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.candidates.models import Candidate, CandidateSkill
from recruiter.feedback.models import FeedbackPoint, PointKind
from recruiter.outbox.models import Message
from recruiter.talent_pool import matching
from recruiter.talent_pool.needs import Part
from recruiter.talent_pool.vocabulary import Question, Requirement, Vocabulary


class Source(enum.StrEnum):
    """Where a piece of evidence comes from."""

    SKILL = "skill"
    PLACE = "place"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that is known: the words as they are kept; of feedback also its moment and when it was told (UTC)."""

    source: Source
    words: str
    moment: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement with what is known of it."""

    requirement: Requirement
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Match:
    """One person against one job."""

    has: list[Finding] = field(default_factory=list)
    missing: list[Finding] = field(default_factory=list)
    unknown: list[Finding] = field(default_factory=list)

    @property
    def met(self) -> int:
        """How many must-haves the person has."""
        return sum(finding.requirement.must_have for finding in self.has)

    @property
    def must_haves(self) -> int:
        """How many must-haves the job has."""
        return sum(finding.requirement.must_have for finding in (*self.has, *self.missing, *self.unknown))


Told = tuple[FeedbackPoint, dt.datetime]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is known of a person: their place, their skills as written and folded, and what they were told."""

    location: str | None
    skills: Sequence[tuple[str, str]]
    points: Sequence[Told]


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides about one part: for or against, and why."""

    speaks_for: bool
    evidence: Evidence


def explain(session: Session, question: Question, people: Sequence[Candidate]) -> dict[uuid.UUID, Match]:
    """Return the match of each of these people, by id; the same reading as the sets of ``matching``."""
    ids = [person.id for person in people]
    skills, points = _skills(session, question, ids), _points(session, question, ids)
    return {
        person.id: _match(question, _Said(person.location, skills.get(person.id, []), points.get(person.id, [])))
        for person in people
    }


def _match(question: Question, said: _Said) -> Match:
    match = Match()
    known = {part: _known(words, said) for part, words in question.vocabulary.items()}
    for requirement in question.requirements:
        _sort(match, requirement, known)
    return match


def _sort(match: Match, requirement: Requirement, known: Mapping[Part, _Known | None]) -> None:
    """Put a requirement where it belongs: one way to have it whole is enough, and what nothing speaks of is unknown."""
    for way in requirement.need.ways:
        parts = [found for part in way if (found := known[part]) is not None and found.speaks_for]
        if len(parts) == len(way):
            match.has.append(Finding(requirement, tuple(found.evidence for found in parts)))
            return
    looked_at = [known[part] for way in requirement.need.ways for part in way]
    against = tuple(each.evidence for each in looked_at if each is not None and not each.speaks_for)
    (match.missing if against else match.unknown).append(Finding(requirement, against))


def _known(words: Vocabulary, said: _Said) -> _Known | None:
    """Return what decides about a part: the newest feedback, else a skill, else the place, or None."""
    for point, at in said.points:
        if point.criterion in words.criteria:
            told = Evidence(Source.FEEDBACK, point.criterion, point.moment, at)
            return _Known(point.kind is PointKind.STRENGTH, told)
    for name, folded in said.skills:
        if folded in words.skills:
            return _Known(speaks_for=True, evidence=Evidence(Source.SKILL, name))
    if said.location is not None and said.location in words.places:
        return _Known(speaks_for=True, evidence=Evidence(Source.PLACE, said.location))
    return None


def _skills(
    session: Session, question: Question, people: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[str, str]]]:
    """Return each person's skills that speak of anything that is asked for, as written and folded, by name."""
    words = frozenset[str]().union(*(words.skills for words in question.vocabulary.values()))
    query = (
        sa.select(CandidateSkill.candidate_id, CandidateSkill.name, CandidateSkill.name_folded)
        .where(CandidateSkill.firm_id == question.firm_id, CandidateSkill.candidate_id.in_(people))
        .where(CandidateSkill.name_folded.in_(words))
        .order_by(CandidateSkill.name)
    )
    found: dict[uuid.UUID, list[tuple[str, str]]] = {}
    for candidate_id, name, folded in session.execute(query):
        found.setdefault(candidate_id, []).append((name, folded))
    return found


def _points(session: Session, question: Question, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Told]]:
    """Return what each person was told about anything that is asked for, the newest first."""
    criteria = frozenset[str]().union(*(words.criteria for words in question.vocabulary.values()))
    found: dict[uuid.UUID, list[Told]] = {}
    if not criteria:
        return found
    query = (
        sa.select(Message.candidate_id, FeedbackPoint, Message.accepted_at)
        .join(Message, matching.was_told())
        .where(FeedbackPoint.firm_id == question.firm_id, FeedbackPoint.criterion.in_(criteria))
        .where(Message.candidate_id.in_(people))
        .order_by(Message.accepted_at.desc(), FeedbackPoint.kind.desc(), FeedbackPoint.position)
    )
    for candidate_id, point, at in session.execute(query):
        found.setdefault(candidate_id, []).append((point, at))  # type: ignore[arg-type]  # an accepted message has both
    return found
