"""People of the pool against a job, in sets: who has which must-have, and in which order they are shown.

A person has a requirement when a skill or a place of theirs names it; a feedback point about it outweighs both: the
newest one says whether it was a strength or a gap. Nothing else is looked at: no name, no nationality, no language, no
rating. What neither speaks for nor against a person is unknown, never missing.
"""

import datetime as dt
import functools
import operator
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.applications.models import Application, Stage
from recruiter.candidates.models import Candidate, CandidateSkill
from recruiter.db import keyset
from recruiter.db.base import UTC
from recruiter.db.keyset import Window
from recruiter.feedback.models import FeedbackPoint, PointKind
from recruiter.outbox.models import Message, MessageState, StreamKind
from recruiter.talent_pool.models import Membership
from recruiter.talent_pool.needs import Part
from recruiter.talent_pool.vocabulary import Question

NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
STAGES = {stage: rank for rank, stage in enumerate(Stage, start=1)}

# How often a person's skills and places name each part is summed in digits of one number, which is quicker than
# telling them apart: eight bits a part, seven parts a number.
_BITS, _DIGITS = 8, 7

KINDS = (int, int, dt.datetime, dt.datetime, uuid.UUID)

_INT = sa.Integer()

Number = sa.ColumnElement[int]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people of the pool meet exactly one set of must-haves; bit ``n`` of ``mask`` is the n-th of them."""

    mask: int
    people: int

    @property
    def met(self) -> int:
        """How many must-haves that is."""
        return self.mask.bit_count()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a membership stands in the order in which people are shown.

    That is must-haves met, then the stage once reached (0 without any), then how lately, then the longest since we
    reached them; a moment that never was is 1970.
    """

    met: int
    stage: int
    fresh: dt.datetime
    last_contact: dt.datetime
    id: uuid.UUID

    @property
    def cursor(self) -> str:
        """The cursor that continues after this place."""
        return keyset.encode([self.met, self.stage, self.fresh, self.last_contact, self.id])

    @property
    def key(self) -> tuple[object, ...]:
        """What sorts places as the database does."""
        return (-self.met, -self.stage, -self.fresh.timestamp(), self.last_contact, self.id)


def look(
    session: Session,
    question: Question,
    conditions: Sequence[Condition],
    window: Window,
    *,
    everyone: bool = False,
) -> tuple[list[Place], list[Tally]]:
    """Return the places of one window, and one more, and how many people meet which must-haves, in one look.

    Only memberships that meet the conditions, and of people who have a must-have; ``everyone`` takes in the others,
    which takes longer. Raises ``Invalid`` for a cursor of another list.
    """
    after = keyset.decode(window.cursor, KINDS) if window.cursor else None
    scored = _scored(question, conditions, everyone=everyone)
    counted = sa.select(
        scored.c.mask, sa.func.count(), *(sa.literal(None, kind) for kind in (_INT, _INT, UTC(), UTC(), sa.Uuid()))
    ).group_by(scored.c.mask)
    ranked = _ranked(question, scored, after, window.limit + 1).subquery()
    listed = sa.select(
        _big(0), _big(0), ranked.c.met, ranked.c.stage, ranked.c.fresh, ranked.c.last_contact, ranked.c.id
    )
    places, tallies = [], []
    for mask, people, *place in session.execute(sa.union_all(counted, listed)):
        if place[-1] is None:
            tallies.append(Tally(mask, people))
        else:
            places.append(Place(*place))
    return sorted(places, key=lambda place: place.key), tallies


def _scored(question: Question, conditions: Sequence[Condition], *, everyone: bool) -> sa.CTE:
    people = _people(question, conditions)
    mask: Number = sa.func.coalesce(people.c.mask, 0) if everyone else people.c.mask
    bits = (mask.bitwise_and(_big(1 << bit)) > _big(0) for bit in range(len(question.must_haves)))
    met = _sum(sa.case((is_set, _big(1)), else_=_big(0)) for is_set in bits)
    query = sa.select(Membership.id, Membership.candidate_id, mask.label("mask"), met.label("met")).where(*conditions)
    is_theirs = people.c.candidate_id == Membership.candidate_id
    if everyone:
        return query.outerjoin(people, is_theirs).cte("scored")
    return query.join(people, is_theirs).where(mask > _big(0)).cte("scored")


def _ranked(question: Question, scored: sa.CTE, after: Sequence[Any] | None, most: int) -> sa.Select[Any]:
    rows = _with_order(question, _nearest(scored, after, most))
    columns = [rows.c.met, rows.c.stage, rows.c.fresh, rows.c.last_contact, rows.c.id]
    signs = (sa.desc, sa.desc, sa.desc, sa.asc, sa.asc)
    query = sa.select(rows).order_by(*(sign(column) for sign, column in zip(signs, columns, strict=True)))
    return query.where(_is_after(columns, after) if after else sa.true()).limit(most)


def _nearest(scored: sa.CTE, after: Sequence[Any] | None, most: int) -> sa.Subquery:
    """Return the scored people down to the number of must-haves that fills ``most`` rows; the rest need no order."""
    met: Number = scored.c.met
    below = met < after[0] if after else sa.true()
    counted = sa.select(met, sa.func.count().label("people")).where(below).group_by(met).subquery()
    ahead = sa.func.sum(counted.c.people).over(order_by=counted.c.met.desc()) - counted.c.people
    running = sa.select(counted.c.met, ahead.label("ahead")).subquery()
    least = sa.select(sa.func.min(running.c.met)).where(running.c.ahead < most).scalar_subquery()
    near = sa.and_(below, met >= least)
    return sa.select(scored).where(sa.or_(near, met == after[0]) if after else near).subquery()


def _with_order(question: Question, near: sa.Subquery) -> sa.Subquery:
    never = sa.literal(NEVER, UTC())
    stage = sa.case(STAGES, value=Application.stage, else_=0)
    return (
        sa.select(
            near.c.id,
            near.c.met,
            sa.func.coalesce(sa.func.max(stage), 0).label("stage"),
            sa.func.coalesce(sa.func.max(Application.stage_since), never, type_=UTC()).label("fresh"),
            sa.func.coalesce(Candidate.last_contact_at, never, type_=UTC()).label("last_contact"),
        )
        .join(Candidate, sa.and_(Candidate.firm_id == question.firm_id, Candidate.id == near.c.candidate_id))
        .outerjoin(
            Application,
            sa.and_(Application.firm_id == question.firm_id, Application.candidate_id == near.c.candidate_id),
        )
        .group_by(near.c.id, near.c.met, Candidate.last_contact_at)
        .subquery()
    )


def _is_after(columns: Sequence[sa.ColumnElement[Any]], after: Sequence[Any]) -> Condition:
    """Return the condition for rows behind a place in an order of three descending and two ascending columns."""
    condition: Condition = sa.false()
    for index in reversed(range(len(columns))):
        column, value = columns[index], sa.literal(after[index], columns[index].type)
        beyond = column < value if index < 3 else column > value
        condition = sa.or_(beyond, sa.and_(column == value, condition))
    return condition


def was_told() -> Condition:
    """Return the condition that joins a feedback point to the message by which its notice left."""
    return sa.and_(
        Message.firm_id == FeedbackPoint.firm_id,
        Message.subject_id == FeedbackPoint.notice_id,
        Message.stream == StreamKind.NOTICE,
        Message.state == MessageState.ACCEPTED,
    )


def _people(question: Question, conditions: Sequence[Condition]) -> sa.Subquery:
    """Return for each ``candidate_id`` that anything is known of the ``mask`` of the must-haves that they have."""
    pool = sa.select(Membership.candidate_id).where(*conditions)
    parts = [*_claims(question, pool), *_points(question)] or [_nothing(question)]
    every = sa.union_all(*parts).subquery()
    sums = {name: sa.cast(sa.func.sum(every.c[name]), sa.BigInteger()) for name in _columns(question)}
    has = (_has(question, sums, each.need.ways) for each in question.must_haves)
    mask = _sum(sa.case((condition, _big(1 << bit)), else_=_big(0)) for bit, condition in enumerate(has))
    return sa.select(every.c.candidate_id, mask.label("mask")).group_by(every.c.candidate_id).subquery()


def _claims(question: Question, pool: sa.Select[Any]) -> Iterator[sa.Select[Any]]:
    """Yield what the skills and places of the people of the pool say of themselves."""
    skills = {index: question.vocabulary[part].skills for index, part in enumerate(question.parts)}
    places = {index: question.vocabulary[part].places for index, part in enumerate(question.parts)}
    for (words, column), (person, firm) in (
        ((skills, CandidateSkill.name_folded), (CandidateSkill.candidate_id, CandidateSkill.firm_id)),
        ((places, Candidate.location), (Candidate.id, Candidate.firm_id)),
    ):
        every = sorted(frozenset[str]().union(*words.values()))
        if not every:
            continue
        columns = {name: sa.case(_spoken(words, every, name), value=column) for name in _columns(question)[:-2]}
        yield sa.select(person.label("candidate_id"), *_row(question, columns)).where(
            firm == question.firm_id, column.in_(every), person.in_(pool)
        )


def _points(question: Question) -> Iterator[sa.Select[Any]]:
    """Yield what each person was told last about each part; of one notice, a strength comes before a gap.

    A moment counts twice its seconds, and one more for a strength, so that the greatest number tells which it was.
    """
    criteria = {index: question.vocabulary[part].criteria for index, part in enumerate(question.parts)}
    about = {index: words for index, words in criteria.items() if words}
    if not about:
        return
    said = sa.cast(sa.extract("epoch", Message.accepted_at), sa.BigInteger()) * 2 + sa.case(
        (FeedbackPoint.kind == PointKind.STRENGTH, 1), else_=0
    )
    last = [
        sa.func.max(sa.case((FeedbackPoint.criterion.in_(words), said))).label(f"last_{index}")
        for index, words in about.items()
    ]
    told = (
        sa.select(Message.candidate_id, *last)
        .join(FeedbackPoint, was_told())
        .where(FeedbackPoint.criterion.in_(sorted(frozenset[str]().union(*about.values()))))
        .where(FeedbackPoint.firm_id == question.firm_id)
        .group_by(Message.candidate_id)
        .subquery()
    )
    columns = {
        name: _sum(sa.case((told.c[f"last_{index}"] % 2 == odd, _big(1 << index)), else_=0) for index in about)
        for name, odd in (("strengths", 1), ("gaps", 0))
    }
    yield sa.select(told.c.candidate_id, *_row(question, columns))


def _nothing(question: Question) -> sa.Select[Any]:
    """Return what is known where no word of the firm speaks of any must-have."""
    return sa.select(Membership.candidate_id, *_row(question, {})).where(sa.false())


def _row(question: Question, columns: Mapping[str, Any]) -> list[sa.ColumnElement[Any]]:
    return [columns.get(name, _big(0)).label(name) for name in _columns(question)]


def _columns(question: Question) -> list[str]:
    numbers = range((len(question.parts) + _DIGITS - 1) // _DIGITS)
    return [*(f"claims_{number}" for number in numbers), "strengths", "gaps"]


def _spoken(words: Mapping[int, frozenset[str]], every: Sequence[str], name: str) -> dict[str, Number]:
    """Return for each word the digits, in the number of this name, of the parts that it speaks of."""
    spoken = {
        word: sum(1 << _shift(index) for index, known in words.items() if word in known and _number(index) == name)
        for word in every
    }
    return {word: sa.literal(digits, sa.BigInteger()) for word, digits in spoken.items()}


def _has(question: Question, sums: Mapping[str, Number], ways: Sequence[Sequence[Part]]) -> Condition:
    """Return the condition that one way is met in all its parts."""
    indexes = {part: index for index, part in enumerate(question.parts)}
    counted = (way for way in ways if indexes.keys() >= set(way))
    met = (sa.and_(*(_has_part(sums, indexes[part]) for part in way)) for way in counted)
    return sa.or_(sa.false(), *met)


def _has_part(sums: Mapping[str, Number], index: int) -> Condition:
    claims, bit = sums[_number(index)], _big(1 << index)
    claimed = claims.bitwise_and(_big(((1 << _BITS) - 1) << _shift(index))) > _big(0)
    is_gap = sums["gaps"].bitwise_and(bit) > _big(0)
    return sa.or_(sums["strengths"].bitwise_and(bit) > _big(0), sa.and_(claimed, ~is_gap))


def _number(index: int) -> str:
    return f"claims_{index // _DIGITS}"


def _shift(index: int) -> int:
    return _BITS * (index % _DIGITS)


def _sum(numbers: Iterable[Number]) -> Number:
    return functools.reduce(operator.add, numbers, _big(0))


@functools.cache
def _big(number: int) -> Number:
    """Return a number that follows from the shape of the question alone, so that it is no value of the statement."""
    return sa.literal_column(str(number), sa.BigInteger())
