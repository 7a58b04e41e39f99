"""A job as it is asked of the pool: its requirements, and what in the firm's own records speaks of each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from recruiter.candidates.models import Candidate, CandidateSkill
from recruiter.db.parameters import FIRM
from recruiter.feedback.models import FeedbackPoint
from recruiter.jobs.models import Job
from recruiter.talent_pool.needs import Need, Part, read, speaks_of

MOST = 60  # must-haves that are counted: one bit of a 64-bit number each


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the job: its row's id and words, and how it is read."""

    id: uuid.UUID
    text: str
    must_have: bool
    need: Need


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The firm's words that speak of one part of a need: folded skills, and places and criteria as they are stored."""

    skills: frozenset[str]
    places: frozenset[str]
    criteria: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the pool on behalf of a job."""

    firm_id: uuid.UUID
    requirements: tuple[Requirement, ...]
    vocabulary: dict[Part, Vocabulary] = field(default_factory=dict)

    @property
    def must_haves(self) -> tuple[Requirement, ...]:
        """The requirements that count, in the job's order."""
        return tuple(each for each in self.requirements if each.must_have)[:MOST]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of every must-have, each once, in the order of the job."""
        every = (part for each in self.must_haves for way in each.need.ways for part in way)
        return tuple(dict.fromkeys(every))[:MOST]


def ask(session: Session, job: Job) -> Question:
    """Read the job's requirements and look up what speaks of them."""
    requirements = tuple(Requirement(row.id, row.text, row.must_have, read(row.text)) for row in job.requirements)
    skills, places, criteria = (
        session.scalars(_distinct(column), {"firm_id": job.firm_id}).all()
        for column in (CandidateSkill.name_folded, Candidate.location, FeedbackPoint.criterion)
    )
    parts = frozenset(part for each in requirements for part in each.need.parts)
    vocabulary = {
        part: Vocabulary(_about(skills, part), _about(places, part), _about(criteria, part)) for part in parts
    }
    return Question(job.firm_id, requirements, vocabulary)


@cache
def _distinct(column: InstrumentedAttribute[Any]) -> sa.Select[str]:
    """Return the query for the firm's different values of an indexed column: it jumps from one to the next."""
    is_ours = column.class_.firm_id == FIRM
    first = sa.select(sa.func.min(column).label("word")).where(is_ours).cte("words", recursive=True)
    following = sa.select(sa.func.min(column)).where(is_ours, column > first.c.word).scalar_subquery()
    every = first.union_all(sa.select(following).select_from(first).where(first.c.word.is_not(None)))
    return sa.select(every.c.word).where(every.c.word.is_not(None))


def _about(texts: Sequence[str], part: Part) -> frozenset[str]:
    return frozenset(text for text in texts if speaks_of(text, part))
