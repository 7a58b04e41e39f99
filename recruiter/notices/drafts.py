"""Keeping what is being written until it is queued or thrown away."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.candidates import queries as candidates
from recruiter.db import conflicts
from recruiter.db.base import new_id
from recruiter.db.session import transaction
from recruiter.errors import Conflict
from recruiter.feedback import points
from recruiter.feedback.contexts import Circumstance
from recruiter.notices import corrections, queries
from recruiter.notices.composition import Content
from recruiter.notices.models import Notice, NoticeState
from recruiter.notices.timing import Timing
from recruiter.texts import queries as texts
from recruiter.texts.models import TextKind
from recruiter.texts.queries import Want


class NotADraft(Conflict):
    """The notice was queued meanwhile, so there is nothing to write in or to throw away."""

    code = "not_a_draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """What was written so far, however unfinished. ``seen`` is the ``updated_at`` that the text is based on.

    ``override_reason`` is why whoever asks for a reader would send in spite of what must be fixed.
    """

    firm_id: uuid.UUID
    actor: Actor
    content: Content
    timing: Timing
    kept: frozenset[str] = field(default_factory=frozenset)
    draft_id: uuid.UUID | None = None
    seen: dt.datetime | None = None
    override_reason: str = ""


def save(command: SaveDraft) -> Notice:
    """Keep the draft; without ``draft_id`` begin one.

    Raises ``NotFound``, ``NotADraft`` once it was queued, ``Stale`` when somebody else changed it after ``seen``,
    ``Erased`` for a person who was erased, and as ``corrections.find_corrected``.
    """
    with transaction(command.firm_id) as session:
        return keep(session, command)


def keep(session: Session, command: SaveDraft) -> Notice:
    """Keep the draft; composed, otherwise as ``save``. Whoever was to read it has to be asked again."""
    firm_id, content = command.firm_id, command.content
    application = applications.get_application(session, firm_id, content.application_id)
    candidates.get_for_update(session, firm_id, application.candidate_id)  # so that no erasure passes beside it
    corrections.find_corrected(session, firm_id, content)
    draft = _open(session, command, command.draft_id) if command.draft_id else _begin(command, application)
    kind = TextKind(content.kind.value)
    want = Want(slug=content.template, stage=application.stage.value)
    version = texts.find_published(session, firm_id, kind, want)
    draft.kind, draft.round = content.kind, application.round
    draft.outcome_code, draft.reason = content.outcome_code, content.reason or ""
    draft.template_version_id = version.id if version else None
    draft.promised_on, draft.corrects_id = content.promised_on, content.corrects_id
    draft.timing, draft.send_at = command.timing.mode, command.timing.send_at
    draft.late_reason = command.timing.late_reason
    draft.data = {"offers": list(content.offers), "kept": sorted(command.kept)}
    draft.data["contexts"] = [each.as_dict() for each in content.contexts]
    draft.data["override_reason"] = command.override_reason
    draft.asked_at = draft.asked_by_id = draft.read_by_id = None
    draft.reading_note, draft.updated_at = "", clock.now()
    session.add(draft)
    session.flush()
    points.replace(session, firm_id, draft.id, content.feedback)
    audit.record_of(session, draft, command.actor, "notice.drafted")
    return draft


def hold(session: Session, firm_id: uuid.UUID, draft_id: uuid.UUID) -> Notice:
    """Return a draft as it is now and make every other change of it wait; raise ``NotFound`` or ``Erased``.

    The person first, then the application, then the draft: all who need two of them take them in this order.
    """
    draft = queries.get_notice(session, firm_id, draft_id)
    candidates.get_for_update(session, firm_id, draft.candidate_id)
    applications.get_for_update(session, firm_id, draft.application_id)
    return queries.lock_notice(session, firm_id, draft_id)


def timing_of(draft: Notice) -> Timing:
    """Return when a draft is to leave."""
    return Timing(mode=draft.timing, send_at=draft.send_at, is_by_clock=True, late_reason=draft.late_reason)


def content_of(session: Session, draft: Notice) -> Content:
    """Return what a draft says, to be queued as it is."""
    return Content(
        application_id=draft.application_id,
        kind=draft.kind,
        outcome_code=draft.outcome_code,
        reason=draft.reason,
        template=queries.find_slug(session, draft.firm_id, draft.template_version_id),
        feedback=points.as_feedback(points.of_notice(session, draft.firm_id, draft.id)),
        promised_on=draft.promised_on,
        corrects_id=draft.corrects_id,
        contexts=tuple(map(Circumstance.from_dict, draft.data["contexts"])),
        offers=tuple(draft.data["offers"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft:
    """A draft to throw away."""

    firm_id: uuid.UUID
    actor: Actor
    draft_id: uuid.UUID


def discard(command: DiscardDraft) -> Notice:
    """Throw a draft away and return what it was. Raises ``NotFound``, or ``NotADraft`` once it was queued."""
    with transaction(command.firm_id) as session:
        draft = queries.lock_notice(session, command.firm_id, command.draft_id)
        _refuse_queued(draft)
        session.delete(draft)
        audit.record_of(session, draft, command.actor, "notice.discarded")
    return draft


def _begin(command: SaveDraft, application: Application) -> Notice:
    return Notice(
        id=new_id(),
        firm_id=command.firm_id,
        application_id=application.id,
        candidate_id=application.candidate_id,
        state=NoticeState.DRAFT,
        created_by_id=command.actor.member_id,
    )


def _open(session: Session, command: SaveDraft, draft_id: uuid.UUID) -> Notice:
    draft = queries.lock_notice(session, command.firm_id, draft_id)
    _refuse_queued(draft)
    changed = "Somebody changed this draft after you opened it. Your text is below; saving again keeps yours."
    conflicts.refuse_stale(draft, command.seen, changed)
    return draft


def _refuse_queued(draft: Notice) -> None:
    if draft.state is not NoticeState.DRAFT:
        raise NotADraft("This notice was queued already.", notice_id=draft.id, state=draft.state)
