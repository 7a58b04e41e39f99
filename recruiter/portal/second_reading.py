"""A second reader of replies: where policy asks for one, somebody else reads a reply and lets the person have it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.db.session import transaction
from recruiter.errors import Invalid, Stale
from recruiter.notices.second_reading import NotAsked, OwnWords, refuse_alone
from recruiter.portal import answers, queries
from recruiter.portal.answers import ANSWERED, AlreadyAnswered, GiveAnswer
from recruiter.portal.models import Answer, ReplyDraft, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReply:
    """A reply that a second reader lets the person have. ``seen`` is the ``updated_at`` of what was read."""

    firm_id: uuid.UUID
    actor: Actor
    response_id: uuid.UUID
    seen: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReplyBack:
    """A reply that a second reader gives back, with what to change."""

    firm_id: uuid.UUID
    actor: Actor
    response_id: uuid.UUID
    note: str


def ask(command: GiveAnswer, seen: dt.datetime | None) -> ReplyDraft:
    """Keep the reply and let it wait for a second reader; ``seen`` is the ``updated_at`` of the one it goes on from.

    Raises ``NotFound``, ``Erased``, ``NobodyToRead``, ``AlreadyAnswered``, or ``Stale`` where somebody else wrote one
    meanwhile.
    """
    firm_id, member_id = command.firm_id, command.actor.member_id
    assert member_id is not None, "only a member can be asked to wait"  # noqa: S101
    with transaction(firm_id) as session:
        response = _lock(session, firm_id, command.response_id)
        if response.answer is not None:
            raise AlreadyAnswered(ANSWERED)
        refuse_alone(session, firm_id, command.actor)
        known = queries.find_draft(session, firm_id, response.id)
        if known is not None and known.updated_at != seen:
            raise Stale("A colleague wrote a reply meanwhile. It stands above yours; sending again keeps yours.")
        draft = known or ReplyDraft(firm_id=firm_id, response_id=response.id)
        draft.member_id, draft.text, draft.outcome = member_id, command.text.strip(), command.outcome
        draft.override_reason, draft.reading_note = command.override_reason, ""
        draft.asked_at = draft.updated_at = clock.now()
        session.add(draft)
        audit.record_of(session, response, command.actor, "response.reading_asked")
    return draft


def release(command: ReleaseReply) -> Answer:
    """Give exactly the reply that was read, as whoever wrote it, who answers for it still.

    Raises ``NotFound``, ``NotAsked``, ``OwnWords``, ``Stale`` when it was changed meanwhile, and as ``answers.give``.
    """
    with transaction(command.firm_id) as session:
        response = _lock(session, command.firm_id, command.response_id)
        draft = _asked(session, response, command.actor)
        if draft.updated_at != command.seen:
            raise Stale("Somebody changed this after you opened it. Read it again.")
        audit.record_of(session, response, command.actor, "response.released")
        given = GiveAnswer(
            firm_id=command.firm_id,
            actor=Actor(ActorKind.MEMBER, draft.member_id),
            response_id=response.id,
            text=draft.text,
            outcome=draft.outcome,
            override_reason=draft.override_reason,
            reader_id=command.actor.member_id,
        )
        answer = answers.put(session, given)
        session.delete(draft)
    return answer


def send_back(command: SendReplyBack) -> ReplyDraft:
    """Give the reply back with a note. Raises ``NotFound``, ``NotAsked``, ``OwnWords``, or ``Invalid`` without one."""
    with transaction(command.firm_id) as session:
        response = _lock(session, command.firm_id, command.response_id)
        draft = _asked(session, response, command.actor)
        if not command.note.strip():
            raise Invalid({"note": ["Say what to change."]})
        draft.asked_at, draft.reading_note, draft.updated_at = None, command.note.strip(), clock.now()
        audit.record_of(session, response, command.actor, "response.sent_back")
    return draft


def _lock(session: Session, firm_id: uuid.UUID, response_id: uuid.UUID) -> Response:
    """Return the response while nobody else can reply to it; raise ``NotFound``, or ``Erased`` for its person."""
    response = queries.get(session, firm_id, response_id)
    candidates.get_for_update(session, firm_id, response.candidate_id)
    session.refresh(response)
    return response


def _asked(session: Session, response: Response, actor: Actor) -> ReplyDraft:
    draft = queries.find_draft(session, response.firm_id, response.id)
    if draft is None or draft.asked_at is None:
        raise NotAsked("This is not waiting for a second reader any more.")
    if actor.member_id is None or actor.member_id == draft.member_id:
        raise OwnWords("You wrote this. Somebody else has to read it.")
    return draft
