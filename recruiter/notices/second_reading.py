"""A second reader: where policy asks for one, somebody else reads a notice and lets it leave."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.applications import queries as applications
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.db.session import transaction
from recruiter.errors import Conflict, Forbidden, Stale
from recruiter.notices import drafts, queries, service
from recruiter.notices.drafts import SaveDraft
from recruiter.notices.models import Notice, NoticeState
from recruiter.notices.service import QueueNotice
from recruiter.notices.shown import Shown


class NobodyToRead(Conflict):
    """The firm has nobody else who writes notices, so nobody who could read this one."""

    code = "nobody_to_read"


class AlreadyAsked(Conflict):
    """The same was asked before, such as by a second click."""

    code = "already_asked"


class NotAsked(Conflict):
    """The draft is not waiting for a second reader any more."""

    code = "not_asked"


class OwnWords(Forbidden):
    """Whoever asked for a second reader cannot be the one."""

    code = "own_words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A draft that a second reader lets leave. ``seen`` is the ``updated_at`` of what was read."""

    firm_id: uuid.UUID
    actor: Actor
    draft_id: uuid.UUID
    seen: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    """A draft that a second reader does not let leave, with what to change."""

    firm_id: uuid.UUID
    actor: Actor
    draft_id: uuid.UUID
    note: str


def ask(command: SaveDraft) -> Notice:
    """Keep the draft and let it wait for a second reader, on the Today of everybody else who writes.

    Raises as ``drafts.save``, ``NobodyToRead``, and ``AlreadyAsked`` where another draft about the same waits.
    """
    with transaction(command.firm_id) as session:
        if command.draft_id is None:
            _refuse_asked(session, command)
        refuse_alone(session, command.firm_id, command.actor)
        draft = drafts.keep(session, command)
        draft.asked_at, draft.asked_by_id = clock.now(), command.actor.member_id
        audit.record_of(session, draft, command.actor, "notice.reading_asked")
    return draft


def release(command: Release) -> Shown:
    """Queue exactly what was read; the draft keeps who read it. What whoever asked answers for, they answer for still.

    Raises ``NotFound``, ``NotAsked``, ``OwnWords``, ``Stale`` when the draft was changed meanwhile, and the refusals of
    ``service.queue``.
    """
    with transaction(command.firm_id) as session:
        draft = _asked(session, command.firm_id, command.draft_id, command.actor)
        if draft.updated_at != command.seen:
            raise Stale("Somebody changed this after you opened it. Read it again.")
        queue = QueueNotice(
            firm_id=command.firm_id,
            actor=command.actor,
            content=drafts.content_of(session, draft),
            timing=drafts.timing_of(draft),
            draft_id=draft.id,
            override_reason=draft.data["override_reason"],
            approver=Actor(ActorKind.MEMBER, draft.asked_by_id),
            reader_id=command.actor.member_id,
        )
        kept = service.put_in_queue(session, queue)
        audit.record_of(session, draft, command.actor, "notice.released")
    return kept


def send_back(command: SendBack) -> Notice:
    """Give the draft back with a note. Raises ``NotFound``, ``NotAsked`` or ``OwnWords``."""
    with transaction(command.firm_id) as session:
        draft = _asked(session, command.firm_id, command.draft_id, command.actor)
        draft.asked_at, draft.reading_note = None, command.note.strip()
        draft.read_by_id = command.actor.member_id
        draft.updated_at = clock.now()
        audit.record_of(session, draft, command.actor, "notice.sent_back")
    return draft


def _asked(session: Session, firm_id: uuid.UUID, draft_id: uuid.UUID, actor: Actor) -> Notice:
    draft = drafts.hold(session, firm_id, draft_id)
    if draft.state is not NoticeState.DRAFT or draft.asked_at is None or draft.asked_by_id is None:
        raise NotAsked("This is not waiting for a second reader any more.", state=draft.state)
    if actor.member_id is None or actor.member_id == draft.asked_by_id:
        raise OwnWords("You asked for a second reader. Somebody else has to read this.")
    return draft


def _refuse_asked(session: Session, command: SaveDraft) -> None:
    """Raise ``AlreadyAsked`` where another draft of this kind waits; the person's lock lets one of two in."""
    application = applications.get_application(session, command.firm_id, command.content.application_id)
    candidates.get_for_update(session, command.firm_id, application.candidate_id)
    if queries.is_being_read(session, command.firm_id, application.id, command.content.kind):
        raise AlreadyAsked("It waits for a second reader already. Open it from the person to change it.")


def refuse_alone(session: Session, firm_id: uuid.UUID, actor: Actor) -> None:
    """Raise ``NobodyToRead`` where nobody but whoever acts writes notices."""
    others = [each for each in accounts.members(session, firm_id) if each.active and each.id != actor.member_id]
    if not any(each.role.writes for each in others):
        raise NobodyToRead(
            "Nobody else in your firm writes notices, so nobody can read this. Ask an admin to invite a colleague."
        )
