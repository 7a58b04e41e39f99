"""Keeping what interviewers wrote down, correcting it, and taking it away again."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Member
from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.checker import service as checker
from recruiter.checker.document import Context, Finding
from recruiter.db import conflicts, receipts
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Forbidden, Invalid, Stale, named_by
from recruiter.feedback import tally
from recruiter.scorecards import queries
from recruiter.scorecards.models import EarlierNote, Scorecard, ScorecardNote

MOST = 30  # notes of one card


class Taken(Conflict):
    """A scorecard of another application has this ATS id."""

    code = "taken"


class Withdrawn(Conflict):
    """The note was withdrawn."""

    code = "note_withdrawn"


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
    """A card about one application. ``shown`` names the findings that whoever types it has seen, None for nobody."""

    firm_id: uuid.UUID
    actor: Actor
    application_id: uuid.UUID
    card: Card
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveScorecard:
    """A card that was kept by mistake."""

    firm_id: uuid.UUID
    actor: Actor
    scorecard_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectNote:
    """What a note says from now on. ``seen`` is the ``changed_at`` that it is based on, ``shown`` as of a new card."""

    firm_id: uuid.UUID
    actor: Actor
    note_id: uuid.UUID
    said: Note
    seen: dt.datetime | None
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawNote:
    """A note that counts for nothing any more."""

    firm_id: uuid.UUID
    actor: Actor
    note_id: uuid.UUID


def get(firm_id: uuid.UUID, scorecard_id: uuid.UUID) -> Scorecard:
    """Return one scorecard with its notes, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return queries.get(session, firm_id, scorecard_id)


def add(command: AddScorecard) -> tuple[Scorecard, bool]:
    """Keep the card; return it, and whether it is new: one of a known ATS id is found again and stays as it is.

    Raises ``NotFound`` for an application that the firm does not have, ``Taken`` for an ATS id of another one, and
    ``Invalid`` for a day in the future, ``Erased`` for a person who was erased, and ``ToConsider`` for what the check
    asks about and nobody was shown.
    """
    with transaction(command.firm_id) as session:
        with named_by("application_id"):
            application = applications.get_application(session, command.firm_id, command.application_id)
        card, created = take_in(session, application, command.actor, command.card)
        tally.keep(session, command.firm_id, findings_of(command.card.notes), command.shown)
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
        created_by_id=actor.member_id,
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
    candidates.get_for_update(session, application.firm_id, application.candidate_id)  # one row after the other
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
    """Take the card away with its notes; what a letter says of it stays said.

    Raises ``NotFound``, ``LegalHold``, and ``Forbidden`` for who did not type it and is neither lead nor admin.
    """
    with transaction(command.firm_id) as session:
        card = queries.get(session, command.firm_id, command.scorecard_id)
        _check_theirs(session, card, command.actor)
        candidates.get_to_erase(session, command.firm_id, card.candidate_id)
        session.delete(card)
        _record(session, card, command.actor, "scorecard.removed")
    return card


def note(firm_id: uuid.UUID, note_id: uuid.UUID) -> tuple[Scorecard, ScorecardNote]:
    """Return a note with its card, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return queries.get_with_note(session, firm_id, note_id)


def correct(command: CorrectNote) -> Scorecard:
    """Let the note say something else, and keep what it said; the same again changes nothing.

    A letter that says what it said before stays as it is. Raises ``NotFound``, ``Withdrawn``, ``Stale`` when somebody
    changed it after ``seen``, ``Forbidden`` as ``remove``, and ``ToConsider`` as ``add``.
    """
    with transaction(command.firm_id) as session:
        card, kept = queries.get_with_note(session, command.firm_id, command.note_id, for_update=True)
        author = _check_theirs(session, card, command.actor)
        _check_stands(kept)
        if kept.changed_at != command.seen:
            raise Stale(f"Somebody corrected this note meanwhile. It says now: “{kept.text}” Keep yours, or cancel.")
        said, before = asdict(command.said), {name: getattr(kept, name) for name in asdict(command.said)}
        if said != before:
            tally.keep(session, card.firm_id, findings_of([command.said]), command.shown)
            earlier = EarlierNote(firm_id=card.firm_id, note_id=kept.id, candidate_id=card.candidate_id, **before)
            earlier.changed_by_id = author.id
            session.add(earlier)
            for name, value in said.items():
                setattr(kept, name, value)
            kept.changed_at = clock.now()
            _record(session, card, command.actor, "scorecard.note_corrected")
    return card


def withdraw(command: WithdrawNote) -> Scorecard:
    """Let the note count for nothing: it is offered no more, and compared with nothing; the team still reads it.

    Raises ``NotFound``, ``Withdrawn`` for the second time, and ``Forbidden`` as ``remove``.
    """
    with transaction(command.firm_id) as session:
        card, kept = queries.get_with_note(session, command.firm_id, command.note_id, for_update=True)
        _check_theirs(session, card, command.actor)
        _check_stands(kept)
        kept.withdrawn_at = clock.now()
        _record(session, card, command.actor, "scorecard.note_withdrawn")
    return card


def is_theirs(card: Scorecard, member: Member) -> bool:
    """Whether a member may correct the card: who typed it, a lead, or an admin."""
    return member.role.leads or (member.role.writes and card.created_by_id == member.id)


def findings_of(notes: Iterable[Note | ScorecardNote]) -> list[Finding]:
    """Return what the checker says about notes, each at its field, such as ``notes.0.text``.

    It warns and never blocks: the person may ask to see what was written about them.
    """
    return [
        replace(found, field=f"notes.{place}.{name}")
        for place, note in enumerate(notes)
        for name in ("text", "effect")
        for found in checker.check_text(getattr(note, name), "internal", Context())
    ]


def _check_theirs(session: Session, card: Scorecard, actor: Actor) -> Member:
    assert actor.member_id is not None, "members alone correct notes"  # noqa: S101
    member = accounts.get_member(session, card.firm_id, actor.member_id)
    if not is_theirs(card, member):
        raise Forbidden("Whoever typed these notes corrects them, or a lead or admin.")
    return member


def _check_stands(note: ScorecardNote) -> None:
    if note.withdrawn_at is not None:
        raise Withdrawn("This note was withdrawn.")


def _record(session: Session, card: Scorecard, actor: Actor, action: str) -> None:
    details: dict[str, object] = {
        "notes": len(card.notes),
        "shareable": sum(note.is_shareable for note in card.notes),
        "application_id": str(card.application_id),
    }
    change = Change(action=action, subject_id=card.id, candidate_id=card.candidate_id, details=details)
    audit.record(session, card.firm_id, actor, change)
