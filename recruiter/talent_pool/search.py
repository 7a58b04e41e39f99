"""The list of the pool: by words, skills and place, narrowed, and in the order of a job when one is to be filled."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Candidate
from recruiter.db.keyset import Page, Window
from recruiter.talent_pool import evidence, matching, queries
from recruiter.talent_pool.evidence import Match
from recruiter.talent_pool.matching import Tally
from recruiter.talent_pool.models import Membership
from recruiter.talent_pool.vocabulary import Question

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Who is wanted; what is left out does not narrow.

    ``q`` are words of name, skills and place, ``place`` a part of the place, ``language`` a BCP 47 tag, and
    ``ends_before`` a day by which the membership has ended.
    """

    q: str | None = None
    place: str | None = None
    language: str | None = None
    ends_before: dt.date | None = None
    candidate_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One person of the pool, with ``membership.candidate``; the match is empty when no job was asked for."""

    membership: Membership
    match: Match


def conditions(session: Session, firm_id: uuid.UUID, today: dt.date, filters: Filters) -> list[Condition]:
    """Return what a membership has to meet to be in the list on ``today``, the firm's day."""
    found: list[Condition] = [queries.is_current(firm_id, today)]
    if filters.q:
        found.append(Membership.candidate_id.in_(candidates.search(session, firm_id, filters.q)))
    if filters.place:
        found.append(_of(firm_id, Candidate.location.icontains(filters.place, autoescape=True)))
    if filters.language:
        found.append(_of(firm_id, Candidate.language == filters.language))
    if filters.ends_before is not None:
        found.append(Membership.ends_on < filters.ends_before)
    if filters.candidate_id is not None:
        found.append(Membership.candidate_id == filters.candidate_id)
    return found


def members(session: Session, firm_id: uuid.UUID, wanted: Sequence[Condition], window: Window) -> Page[Found]:
    """Return those who meet the conditions, the newest member first."""
    page = queries.members(session, firm_id, wanted, window)
    return Page([Found(membership, Match()) for membership in page.items], page.next_cursor)


def matches(
    session: Session, question: Question, wanted: Sequence[Condition], window: Window
) -> tuple[Page[Found], list[Tally]]:
    """Return those who meet the conditions, who has the most must-haves first, and how many people have which."""
    places, tallies = matching.look(session, question, wanted, window)
    if len(places) <= window.limit:  # what is left of the window is for people who have none
        places, _ = matching.look(session, question, wanted, window, everyone=True)
    shown = places[: window.limit]
    cursor = shown[-1].cursor if len(places) > window.limit else None
    return Page(_explained(session, question, [place.id for place in shown]), cursor), tallies


def _explained(session: Session, question: Question, ids: Sequence[uuid.UUID]) -> list[Found]:
    query = sa.select(Membership).options(queries.with_person())
    found = session.scalars(query.where(Membership.firm_id == question.firm_id, Membership.id.in_(ids)))
    by_id = {membership.id: membership for membership in found}
    people = [by_id[key].candidate for key in ids]
    reasons = evidence.explain(session, question, people)
    return [Found(by_id[key], reasons[by_id[key].candidate_id]) for key in ids]


def _of(firm_id: uuid.UUID, condition: Condition) -> Condition:
    return Membership.candidate_id.in_(sa.select(Candidate.id).where(Candidate.firm_id == firm_id, condition))
