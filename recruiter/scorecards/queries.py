"""Reading scorecards; each query names the firm."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter.applications.models import Application
from recruiter.db import keyset
from recruiter.db.keyset import Page, Window
from recruiter.db.parameters import FIRM
from recruiter.errors import NotFound
from recruiter.scorecards.models import EarlierNote, Scorecard, ScorecardNote


@dataclass(frozen=True, slots=True)
class PanelNote:
    """What an interviewer lets a letter say; who it was and the rating are not in it."""

    id: uuid.UUID
    criterion: str
    moment: str
    text: str
    effect: str


@dataclass(frozen=True, slots=True)
class RatedNote:
    """What one interviewer thought of one thing; without a ``rating`` (1 to 5) there was no evidence."""

    id: uuid.UUID
    criterion: str
    rating: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many notes of an application may be shared, and how many stay with the team."""

    shareable: int
    internal: int


def get(session: Session, firm_id: uuid.UUID, scorecard_id: uuid.UUID) -> Scorecard:
    """Return one scorecard with its notes, or raise ``NotFound``."""
    found = session.scalar(sa.select(Scorecard).where(Scorecard.firm_id == firm_id, Scorecard.id == scorecard_id))
    if found is None:
        raise NotFound("There is no such scorecard.")
    return found


def get_with_note(
    session: Session, firm_id: uuid.UUID, note_id: uuid.UUID, *, for_update: bool = False
) -> tuple[Scorecard, ScorecardNote]:
    """Return the scorecard of a note, and the note; raise ``NotFound``. For an update, others wait with theirs."""
    query = sa.select(ScorecardNote).where(ScorecardNote.firm_id == firm_id, ScorecardNote.id == note_id)
    note = session.scalar(query.with_for_update() if for_update else query)
    if note is None:
        raise NotFound("There is no such note.")
    return get(session, firm_id, note.scorecard_id), note


def earlier(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> dict[uuid.UUID, list[EarlierNote]]:
    """Return what the notes about a person said before, the latest first, by the note's id."""
    query = sa.select(EarlierNote).where(EarlierNote.firm_id == firm_id, EarlierNote.candidate_id == candidate_id)
    found: dict[uuid.UUID, list[EarlierNote]] = {}
    for row in session.scalars(query.order_by(EarlierNote.created_at.desc(), EarlierNote.id.desc())):
        found.setdefault(row.note_id, []).append(row)
    return found


def find_by_external_id(session: Session, firm_id: uuid.UUID, external_id: str) -> Scorecard | None:
    """Return the scorecard that the ATS knows by this id."""
    query = sa.select(Scorecard).where(Scorecard.firm_id == firm_id, Scorecard.external_id == external_id)
    return session.scalar(query)


def find_same(
    session: Session, application: Application, interviewer: str, moment: str, interviewed_on: dt.date | None
) -> Scorecard | None:
    """Return the card of the same conversation with the same interviewer, if there is one."""
    query = sa.select(Scorecard).where(
        Scorecard.firm_id == application.firm_id,
        Scorecard.application_id == application.id,
        Scorecard.interviewer == interviewer,
        Scorecard.moment == moment,
        Scorecard.interviewed_on.is_not_distinct_from(interviewed_on),
    )
    return session.scalars(query.order_by(Scorecard.created_at, Scorecard.id).limit(1)).first()


def of_application(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> Sequence[Scorecard]:
    """Return the scorecards of an application with their notes, the first conversation first."""
    query = sa.select(Scorecard).where(Scorecard.firm_id == firm_id, Scorecard.application_id == application_id)
    return session.scalars(query.order_by(Scorecard.interviewed_on, Scorecard.created_at, Scorecard.id)).all()


def page(
    session: Session, firm_id: uuid.UUID, window: Window, *, application_id: uuid.UUID | None = None
) -> Page[Scorecard]:
    """Return scorecards with their notes, newest first, of one application when one is given."""
    query = sa.select(Scorecard).where(Scorecard.firm_id == firm_id)
    if application_id is not None:
        query = query.where(Scorecard.application_id == application_id)
    return keyset.page(session, query, [Scorecard.created_at, Scorecard.id], window, newest_first=True)


def shareable(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> list[PanelNote]:
    """Return what a letter about this application may say: marked by the interviewer, and seen."""
    query = (
        sa.select(ScorecardNote.id, ScorecardNote.criterion, Scorecard.moment, ScorecardNote.text, ScorecardNote.effect)
        .join(Scorecard, _of_card())
        .where(Scorecard.firm_id == firm_id, Scorecard.application_id == application_id, may_be_shared())
        .order_by(Scorecard.interviewed_on, Scorecard.created_at, Scorecard.id, ScorecardNote.position)
    )
    return [PanelNote(*row) for row in session.execute(query)]


def rated(session: Session, firm_id: uuid.UUID, application_id: uuid.UUID) -> list[RatedNote]:
    """Return every note of an application that stands, with its rating: for the firm alone, to compare with letters."""
    found = session.execute(_rated(), {"firm_id": firm_id, "application_id": application_id})
    return [RatedNote(*row) for row in found]


def counted(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> dict[uuid.UUID, Counted]:
    """Return how many notes there are by application, for those of a person that have some."""
    shared = sa.func.count(sa.case((may_be_shared(), ScorecardNote.id)))
    query = (
        sa.select(Scorecard.application_id, shared, sa.func.count(ScorecardNote.id))
        .join(ScorecardNote, _of_card())
        .where(Scorecard.firm_id == firm_id, Scorecard.candidate_id == candidate_id, _stands())
        .group_by(Scorecard.application_id)
    )
    return {application: Counted(some, every - some) for application, some, every in session.execute(query)}


@cache
def _rated() -> sa.Select[uuid.UUID, str, int | None]:
    is_about = Scorecard.application_id == sa.bindparam("application_id")
    return (
        sa.select(ScorecardNote.id, ScorecardNote.criterion, ScorecardNote.rating)
        .join(Scorecard, _of_card())
        .where(Scorecard.firm_id == FIRM, is_about, _stands())
    )


def may_be_shared() -> sa.ColumnElement[bool]:
    """Return the condition that a letter may say it: what was not asked or not seen is no reason for anything."""
    return sa.and_(_stands(), ScorecardNote.is_shareable, ScorecardNote.rating.is_not(None), ScorecardNote.text != "")


def _stands() -> sa.ColumnElement[bool]:
    return ScorecardNote.withdrawn_at.is_(None)


def _of_card() -> sa.ColumnElement[bool]:
    return sa.and_(ScorecardNote.firm_id == Scorecard.firm_id, ScorecardNote.scorecard_id == Scorecard.id)
