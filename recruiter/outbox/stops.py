"""What keeps a firm's mail, or everybody's, from leaving: a pause, or mail servers that refuse us."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.db.doors import Due, firms_with
from recruiter.db.parameters import FirmId
from recruiter.db.session import transaction
from recruiter.outbox import queries
from recruiter.outbox.models import InstallationNote, MailStop, Message, MessageState, StopKind

REFUSALS = 3
WITHIN = dt.timedelta(minutes=10)
PAUSED = "mail.paused"


@dataclass(frozen=True, slots=True)
class Halt:
    """Why nothing leaves: since when (UTC), what was said of it, whose doing it was, and whether it is everybody's."""

    kind: StopKind
    since: dt.datetime
    detail: str
    by_id: uuid.UUID | None
    is_everybodys: bool


def find(session: Session, firm_id: uuid.UUID) -> Halt | None:
    """Return what keeps the firm's mail from leaving, or None."""
    note = session.get(InstallationNote, PAUSED)
    if note is not None:
        return Halt(StopKind.PAUSED, note.noted_at, note.words, None, is_everybodys=True)
    stop = queries.open_stop(session, firm_id)
    if stop is None:
        return None
    return Halt(stop.kind, stop.created_at, stop.detail, stop.created_by_id, is_everybodys=False)


def is_halted(firm_id: FirmId) -> sa.ColumnElement[bool]:
    """Return the condition under which ``find`` finds something."""
    everybodys = sa.select(InstallationNote.name).where(InstallationNote.name == PAUSED)
    own = sa.select(MailStop.id).where(MailStop.firm_id == firm_id, MailStop.ended_at.is_(None))
    return sa.or_(everybodys.exists(), own.exists())


def pause(firm_id: uuid.UUID, actor: Actor) -> None:
    """Let nothing of the firm leave until somebody resumes it; a mail that is being handed over is finished."""
    with transaction(firm_id) as session:
        _stop(session, firm_id, actor, MailStop(firm_id=firm_id, kind=StopKind.PAUSED))


def resume(firm_id: uuid.UUID, actor: Actor) -> bool:
    """Let the firm's mail leave again, whatever stopped it; return whether anything did."""
    with transaction(firm_id) as session:
        queries.lock_firm(session, firm_id)
        found = queries.open_stop(session, firm_id)
        if found is not None:
            found.ended_at, found.ended_by_id = clock.now(), actor.member_id
            audit.record(session, firm_id, actor, Change(action="mail.resumed", subject_id=found.id))
        return found is not None


def refused(session: Session, firm_id: uuid.UUID, words: str) -> None:
    """Stop the firm's mail when this refusal of its sender, in the caller's transaction, is one too many."""
    since = clock.now() - WITHIN
    ended_at = queries.last_resumed_at(session, firm_id)
    if queries.count_refusals(session, firm_id, max(since, ended_at or since)) >= REFUSALS:
        _stop(session, firm_id, SYSTEM, MailStop(firm_id=firm_id, kind=StopKind.REFUSED, detail=words))


def pause_everybody(words: str) -> None:
    """Let no mail of any firm leave; ``words`` are read by every member."""
    with transaction(None) as session:
        session.merge(InstallationNote(name=PAUSED, words=words, noted_at=clock.now()))
    for firm_id in firms_with(Due.ALL, clock.now()):
        with transaction(firm_id) as session:
            queries.lock_firm(session, firm_id)
            _take_back(session, firm_id)


def resume_everybody() -> bool:
    """Let mail leave again where no firm has a stop of its own; return whether it was paused."""
    with transaction(None) as session:
        found = session.get(InstallationNote, PAUSED)
        if found is not None:
            session.delete(found)
        return found is not None


def _stop(session: Session, firm_id: uuid.UUID, actor: Actor, stop: MailStop) -> None:
    queries.lock_firm(session, firm_id)
    if queries.open_stop(session, firm_id) is not None:
        return
    stop.created_by_id = actor.member_id
    session.add(stop)
    session.flush()
    _take_back(session, firm_id)
    audit.record(session, firm_id, actor, Change(action=f"mail.{stop.kind}", subject_id=stop.id))


def _take_back(session: Session, firm_id: uuid.UUID) -> None:
    """Let what was claimed wait again; what is locked is just being marked, and leaves as the last."""
    leased = sa.select(Message).where(Message.firm_id == firm_id, Message.state == MessageState.LEASED)
    for message in session.scalars(leased.with_for_update(skip_locked=True)):
        message.state = MessageState.QUEUED
        message.lease_owner = message.lease_until = None
