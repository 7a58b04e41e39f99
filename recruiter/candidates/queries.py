"""Reading candidates; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Bundle, InstrumentedAttribute, Session

from recruiter.candidates.models import Candidate, CandidateEmail, CandidateSkill, SearchDocument
from recruiter.db import keyset
from recruiter.db.folding import fold, fold_address, words
from recruiter.db.gathering import gathered
from recruiter.db.keyset import Page, Window
from recruiter.errors import Conflict, NotFound
from recruiter.outbox import suppressions
from recruiter.outbox.models import Suppression

MOST_WORDS = 12


class Erased(Conflict):
    """The person was erased; only the date and the reason are left."""

    code = "erased"


class LegalHold(Conflict):
    """The person is under a legal hold, so nothing about them is erased."""

    code = "legal_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which people are wanted; what is left out does not narrow.

    ``q`` are words of the name, place and skills, ``skill`` is one whole skill, ``updated_since`` is aware.
    """

    q: str | None = None
    email: str | None = None
    external_id: str | None = None
    skill: str | None = None
    country: str | None = None
    updated_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as lists show them: the same names as ``Candidate``, without the rows behind them."""

    id: uuid.UUID
    name: str | None
    external_id: str | None
    time_zone: str | None
    language: str | None
    country: str | None
    location: str | None
    phone: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    erased_at: dt.datetime | None
    erased_reason: str | None
    addresses: Sequence[str]
    skill_names: Sequence[str]

    @property
    def email(self) -> str | None:
        """The address mail goes to, or None when we have none."""
        return self.addresses[0] if self.addresses else None


def _parts(column: InstrumentedAttribute[str], order: InstrumentedAttribute[Any]) -> sa.ColumnElement[Any]:
    """Return the values of one column of a part of each person, in order."""
    part = column.class_
    return gathered(column, order, Candidate, part.firm_id == Candidate.firm_id, part.candidate_id == Candidate.id)


# Plain columns: a list of rows with all their parts costs three times as long.
_LISTED: Bundle[Any] = Bundle(
    "listed",
    *(getattr(Candidate, field.name) for field in fields(Listed)[:-2]),
    _parts(CandidateEmail.address, CandidateEmail.position).label("addresses"),
    _parts(CandidateSkill.name, CandidateSkill.name).label("skill_names"),
)


def get_candidate(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Candidate:
    """Return the candidate, erased or not, or raise ``NotFound``."""
    return _one(session, firm_id, sa.select(Candidate).where(Candidate.id == candidate_id))


def get_present(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Candidate:
    """Return the candidate; raise ``NotFound``, or ``Erased`` for a stub."""
    return _present(get_candidate(session, firm_id, candidate_id))


def addresses(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Return every address of these people, by person; of who was erased there is none."""
    query = sa.select(CandidateEmail).where(CandidateEmail.firm_id == firm_id, CandidateEmail.candidate_id.in_(ids))
    found: dict[uuid.UUID, set[str]] = {}
    for email in session.scalars(query):
        found.setdefault(email.candidate_id, set()).add(email.address)
    return found


def names(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what these people are called; somebody erased has no name."""
    found = session.execute(
        sa.select(Candidate.id, Candidate.name).where(Candidate.firm_id == firm_id, Candidate.id.in_(ids))
    )
    return {row.id: row.name or "" for row in found}


def present(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Candidate]:
    """Return those of the people who were not erased, by id."""
    query = sa.select(Candidate).where(
        Candidate.firm_id == firm_id, Candidate.id.in_(ids), Candidate.erased_at.is_(None)
    )
    return {candidate.id: candidate for candidate in session.scalars(query)}


def get_for_update(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Candidate:
    """Return the candidate and make others who change the same person wait; raise ``NotFound`` or ``Erased``."""
    query = sa.select(Candidate).where(Candidate.id == candidate_id).with_for_update(of=Candidate, key_share=True)
    return _present(_one(session, firm_id, query.execution_options(populate_existing=True)))


def get_to_erase(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> Candidate:
    """Do as ``get_for_update``, and raise ``LegalHold`` for whom nothing may be erased about."""
    candidate = get_for_update(session, firm_id, candidate_id)
    if candidate.legal_hold is not None:
        raise LegalHold("They are under a legal hold. Lift it first.")
    return candidate


def known(
    session: Session, firm_id: uuid.UUID, external_id: str | None, addresses: Collection[str]
) -> Sequence[Candidate]:
    """Return the people that this ATS id or one of these addresses points at, each once, oldest first."""
    folded = [fold_address(address) for address in addresses]
    by_address = sa.select(CandidateEmail.candidate_id).where(
        CandidateEmail.firm_id == firm_id, CandidateEmail.address_folded.in_(folded)
    )
    points: sa.ColumnElement[bool] = Candidate.id.in_(by_address)
    if external_id is not None:
        points = sa.or_(points, Candidate.external_id == external_id)
    query = sa.select(Candidate).where(Candidate.firm_id == firm_id, points).order_by(Candidate.created_at)
    return session.scalars(query).all()


def pointers(
    session: Session, firm_id: uuid.UUID, external_ids: Collection[str], addresses: Collection[str]
) -> dict[str, uuid.UUID]:
    """Return who these ATS ids and addresses point at, by the id and by the folded address."""
    by_address = sa.select(CandidateEmail.address_folded, CandidateEmail.candidate_id).where(
        CandidateEmail.firm_id == firm_id, CandidateEmail.address_folded.in_([fold_address(each) for each in addresses])
    )
    by_id = sa.select(Candidate.external_id, Candidate.id).where(
        Candidate.firm_id == firm_id, Candidate.external_id.in_(external_ids)
    )
    return {name: found for query in (by_address, by_id) for name, found in session.execute(query) if name}


def page(session: Session, firm_id: uuid.UUID, filters: Filters, window: Window) -> Page[Listed]:
    """Return people who are not erased, newest first."""
    query: sa.Select[Any] = sa.select(_LISTED).where(
        Candidate.firm_id == firm_id, Candidate.erased_at.is_(None), *_conditions(firm_id, session, filters)
    )
    found = keyset.page(session, query, [Candidate.created_at, Candidate.id], window, newest_first=True)
    return Page([Listed(*row) for row in found.items], found.next_cursor)


def search(session: Session, firm_id: uuid.UUID, q: str) -> sa.Select[uuid.UUID]:
    """Return a query for the ids of the people who have every word of ``q``; the last word may be unfinished.

    The words are those of name, place and skills; a text with ``@`` is a whole address. A text without a word finds
    nobody.
    """
    if "@" in q:
        address = CandidateEmail.address_folded == fold_address(q)
        return sa.select(CandidateEmail.candidate_id).where(CandidateEmail.firm_id == firm_id, address)
    wanted = words(q)[:MOST_WORDS]
    query = sa.select(SearchDocument.candidate_id).where(SearchDocument.firm_id == firm_id)
    if not wanted:
        return query.where(sa.false())
    return query.where(_match(session, wanted))


def forget_words(session: Session) -> None:
    """Take the words of deleted people out of the full-text index for good; SQLite's only marks them as deleted."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("INSERT INTO search_words (search_words) VALUES ('optimize')"))


def suppressed(session: Session, firm_id: uuid.UUID, candidate: Candidate) -> dict[str, Suppression | None]:
    """Return, for each address of a person in order, what keeps all mail from it, or None."""
    return {address: suppressions.find(session, firm_id, address) for address in candidate.addresses}


def _match(session: Session, wanted: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition in the language of this database's full-text index; each word is letters and digits."""
    *whole, begun = wanted
    if session.get_bind().dialect.name == "postgresql":
        terms = " & ".join([*(f"'{word}'" for word in whole), f"'{begun}':*"])
        return sa.literal_column("search_documents.document").op("@@")(sa.func.to_tsquery("simple", terms))
    terms = " ".join([*(f'"{word}"' for word in whole), f'"{begun}"*'])
    index = sa.table("search_words", sa.column("rowid", sa.Integer()))
    rows = sa.select(index.c.rowid).where(sa.literal_column("search_words").op("MATCH")(terms))
    return SearchDocument.number.in_(rows)


def _conditions(firm_id: uuid.UUID, session: Session, filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.q is not None:
        found.append(Candidate.id.in_(search(session, firm_id, filters.q)))
    if filters.email is not None:
        found.append(_has(CandidateEmail, firm_id, CandidateEmail.address_folded == fold_address(filters.email)))
    if filters.skill is not None:
        found.append(_has(CandidateSkill, firm_id, CandidateSkill.name_folded == fold(filters.skill)))
    if filters.external_id is not None:
        found.append(Candidate.external_id == filters.external_id)
    if filters.country is not None:
        found.append(Candidate.country == filters.country)
    if filters.updated_since is not None:
        found.append(Candidate.updated_at >= filters.updated_since)
    return found


def _has(
    part: type[CandidateEmail | CandidateSkill], firm_id: uuid.UUID, condition: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    return Candidate.id.in_(sa.select(part.candidate_id).where(part.firm_id == firm_id, condition))


def _one(session: Session, firm_id: uuid.UUID, query: sa.Select[Candidate]) -> Candidate:
    found = session.scalar(query.where(Candidate.firm_id == firm_id))
    if found is None:
        raise NotFound("There is no such candidate.")
    return found


def _present(candidate: Candidate) -> Candidate:
    if candidate.erased_at is not None:
        raise Erased("This person was erased; nothing more can be written about them.")
    return candidate
