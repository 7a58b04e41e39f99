"""Keeping what interviewers wrote down, and taking it away again."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.db import conflicts, receipts
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Invalid, named_by
from recruiter.scorecards import queries
from recruiter.scorecards.models import Scorecard, ScorecardNote

MOST = 30  # notes of one card


class Taken(Conflict):
    """A scorecard of another application has this ATS id."""

    code = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that was looked at; no ``rating`` (1 to 5) means no evidence."""

    criterion: str
    rating: int | None = None
    text: str = ""
    effect: str = ""
    is_shareable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What an interviewer wrote down; ``interviewed_on`` is a day in the firm's zone, not a later one than today."""

    interviewer: str
    interviewer_role: str = ""
    moment: str = ""
    interviewed_on: dt.date | None = None
    external_id: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddScorecard:
    """A card about one application."""

    firm_id: uuid.UUID
    actor: Actor
    application_id: uuid.UUID
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveScorecard:
    """A card that was kept by mistake."""

    firm_id: uuid.UUID
    actor: Actor
    scorecard_id: uuid.UUID


def get(firm_id: uuid.UUID, scorecard_id: uuid.UUID) -> Scorecard:
    """Return one scorecard with its notes, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return queries.get(session, firm_id, scorecard_id)


def add(command: AddScorecard) -> tuple[Scorecard, bool]:
    """Keep the card; return it, and whether it is new: one of a known ATS id is found again and stays as it is.

    Raises ``NotFound`` for an application that the firm does not have, ``Taken`` for an ATS id of another one, and
    ``Invalid`` for a day in the future, and ``Erased`` for a person who was erased.
    """
    with transaction(command.firm_id) as session:
        with named_by("application_id"):
            application = applications.get_application(session, command.firm_id, command.application_id)
        card, created = take_in(session, application, command.actor, command.card)
        receipts.finish(session, command.firm_id, card.id, status=201 if created else 200)
    return card, created


def take_in(session: Session, application: Application, actor: Actor, said: Card) -> tuple[Scorecard, bool]:
    """Find the card again or keep it; composed, otherwise as ``add``."""
    firm = accounts.get_firm(session, application.firm_id)
    candidates.get_for_update(session, firm.id, application.candidate_id)
    if said.interviewed_on is not None and said.interviewed_on > clock.today(firm.time_zone):
        raise Invalid({"interviewed_on": ["This day has not come yet."]})
    taken = Taken("A scorecard of another application has this ATS id.")
    known = queries.find_by_external_id(session, firm.id, said.external_id) if said.external_id else None
    if known is not None:
        if known.application_id != application.id:
            raise taken
        return known, False
    card = Scorecard(
        firm_id=firm.id,
        application_id=application.id,
        candidate_id=application.candidate_id,
        external_id=said.external_id,
        interviewer=said.interviewer,
        interviewer_role=said.interviewer_role,
        moment=said.moment,
        interviewed_on=said.interviewed_on,
        notes=[
            ScorecardNote(firm_id=firm.id, position=position, **asdict(note))
            for position, note in enumerate(said.notes)
        ],
    )
    with conflicts.named(session, {"uq_scorecards_firm_id_external_id": taken}):
        session.add(card)
    _record(session, card, actor, "scorecard.added")
    return card, True


def take_note(session: Session, application: Application, actor: Actor, said: Card) -> Scorecard:
    """Keep the one note of a row on the card of the same conversation, or on a new one; composed.

    Raises ``Invalid`` for a day in the future, and for a card that is full.
    """
    card = queries.find_same(session, application, said.interviewer, said.moment, said.interviewed_on)
    if card is None:
        return take_in(session, application, actor, said)[0]
    if len(card.notes) >= MOST:
        raise Invalid({"criterion": [f"A scorecard has at most {MOST} notes."]})
    (note,) = said.notes
    card.notes.append(ScorecardNote(firm_id=card.firm_id, position=len(card.notes), **asdict(note)))
    session.flush()
    _record(session, card, actor, "scorecard.extended")
    return card


def remove(command: RemoveScorecard) -> Scorecard:
    """Take the card away with its notes; what a letter says of it stays said. Raises ``NotFound``."""
    with transaction(command.firm_id) as session:
        card = queries.get(session, command.firm_id, command.scorecard_id)
        session.delete(card)
        _record(session, card, command.actor, "scorecard.removed")
    return card


def _record(session: Session, card: Scorecard, actor: Actor, action: str) -> None:
    details: dict[str, object] = {
        "notes": len(card.notes),
        "shareable": sum(note.is_shareable for note in card.notes),
        "application_id": str(card.application_id),
    }
    change = Change(action=action, subject_id=card.id, candidate_id=card.candidate_id, details=details)
    audit.record(session, card.firm_id, actor, change)
