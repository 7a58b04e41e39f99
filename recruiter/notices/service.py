"""Queueing a notice: decision, frozen letter, page and message stand or fall together."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, field

from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.applications import service as applications
from recruiter.applications.service import Verdict
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.db import receipts
from recruiter.db.base import new_id
from recruiter.db.conflicts import named
from recruiter.db.keyset import Page, Window
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, RuleBroken, named_by
from recruiter.feedback import asked, points
from recruiter.notices import approvals, barriers, checks, corrections, drafts, links, previews, queries, timing
from recruiter.notices.approvals import Approval
from recruiter.notices.barriers import AlreadyTold, Barrier
from recruiter.notices.composition import Composed, Content, compose
from recruiter.notices.facts import PAGE_OPEN, Case, get_case
from recruiter.notices.models import FeedbackPage, Notice, NoticeKind, NoticeState
from recruiter.notices.queries import Filters
from recruiter.notices.shown import Shown, show
from recruiter.notices.timing import Timing
from recruiter.outbox import service as outbox
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import Message, StreamKind
from recruiter.outbox.service import NewMessage, TimeOfDay

# A letter that could not leave for so long may say what is no longer so.
STALE_AFTER = dt.timedelta(days=5)


class MustFix(RuleBroken):
    """The checker found what must be fixed before sending; ``findings`` says what and where."""

    code = "findings"


class NeedsReader(Conflict):
    """Somebody else has to read this before it leaves; only a member can ask for that, in the composer."""

    code = "second_reader"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave, the token by which a request says that it means exactly this, and what would stop it now."""

    composed: Composed
    token: str
    barrier: Barrier | None


class PreviewStale(Conflict):
    """What would leave is not what was looked at; ``preview`` is what would leave now."""

    code = "preview_stale"

    def __init__(self, preview: Preview) -> None:
        super().__init__("This is no longer what you previewed. Look at the new preview, then send again.")
        self.preview = preview


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNotice:
    """A notice and when it leaves. ``sender`` is a member's e-mail; ``draft_id`` the draft that becomes the notice.

    ``override_reason`` is why a lead or an admin sends in spite of what must be fixed: whoever acts, or ``approver``.
    ``shown`` names the findings to consider that whoever sends has seen, None where nobody is asked. ``reader_id`` is
    the member who read it for another.
    """

    firm_id: uuid.UUID
    actor: Actor
    content: Content
    timing: Timing = field(default_factory=Timing)
    sender: str | None = None
    preview_token: str | None = None
    draft_id: uuid.UUID | None = None
    override_reason: str = ""
    approver: Actor | None = None
    shown: frozenset[str] | None = None
    reader_id: uuid.UUID | None = None


def preview(firm_id: uuid.UUID, content: Content, sender: str | None = None) -> Preview:
    """Return what would leave, with the link masked, its findings and the token for it; changes nothing.

    Raises ``NotFound``, ``Invalid`` as ``compose``, and the refusals of ``corrections.next_number``.
    """
    with reading(firm_id) as session:
        with named_by("application_id"):
            case = get_case(session, firm_id, content.application_id, sender)
        corrections.next_number(session, case, content)
        return _previewed(session, compose(session, case, content))


def queue(command: QueueNotice) -> Shown:
    """Freeze the letter, record the decision when there is none, and queue the mail; return the notice, held.

    Raises ``NotFound``; the refusals of ``barriers.refuse``; ``AlreadyTold``; ``PreviewStale``; ``MustFix`` for
    findings that block; ``NeedsReader``; the refusals of ``corrections.next_number``; ``Invalid`` for a sender,
    template or date that cannot be used.
    """
    with transaction(command.firm_id) as session:
        kept = put_in_queue(session, command)
        receipts.finish(session, command.firm_id, kept.notice.id)
    return kept


def put_in_queue(session: Session, command: QueueNotice) -> Shown:
    """Queue the notice; composed, otherwise as ``queue``."""
    firm_id, content = command.firm_id, command.content
    if command.draft_id is not None:
        drafts.hold(session, firm_id, command.draft_id)
    with named_by("application_id"):
        case = get_case(session, firm_id, content.application_id, command.sender, lock=True)
    _refuse_second(session, case, content.kind)
    number = corrections.next_number(session, case, content)
    barriers.refuse(session, case.application, content.kind, content.outcome_code)
    if command.actor.member_id is not None:  # a key knows nothing of what was promised
        timing.refuse_late(case, content.kind, command.timing)
    when = timing.leaves_at(case, command.timing)
    composed = compose(session, case, content, when)
    _compare(session, command, composed)
    approval = _refuse_findings(session, command, composed)
    if command.reader_id is None:
        _refuse_unread(composed)
    _decide(session, composed, command.actor)
    kept = _keep(session, command, composed, when, number)
    found = [*composed.findings, *timing.lateness(case, content.kind, command.timing)]
    kept.notice.findings = approvals.choose(session, firm_id, found, command.actor, approval)
    details = {"leaves_at": when.isoformat(), "kind": content.kind} | approvals.rules(kept.notice.findings)
    audit.record_of(session, kept.notice, command.actor, "notice.queued", **details)
    return kept


def get(firm_id: uuid.UUID, notice_id: uuid.UUID) -> Shown:
    """Return a notice as it stands, or raise ``NotFound``."""
    with reading(firm_id) as session:
        return show(session, firm_id, [queries.get_notice(session, firm_id, notice_id)])[0]


def page(firm_id: uuid.UUID, filters: Filters, window: Window) -> Page[Shown]:
    """Return one page of the firm's notices, newest first."""
    with reading(firm_id) as session:
        found = queries.page_of_notices(session, firm_id, filters, window)
        return Page(show(session, firm_id, found.items), found.next_cursor)


def _previewed(session: Session, composed: Composed) -> Preview:
    content = composed.content
    against = barriers.find(session, composed.case.application, content.kind, content.outcome_code)
    return Preview(composed, previews.sign(composed.subject), against)


def _compare(session: Session, command: QueueNotice, composed: Composed) -> None:
    token = command.preview_token
    if token is not None and not previews.fits(token, composed.subject):
        raise PreviewStale(_previewed(session, composed))


def _refuse_second(session: Session, case: Case, kind: NoticeKind) -> None:
    earlier = queries.find_earlier(session, case.application, kind)
    if earlier is not None:
        raise _already_told(earlier)


def _already_told(earlier: Notice | None = None) -> AlreadyTold:
    message = "This person has a notice about this already. See it before you write another."
    return AlreadyTold(message, notice_id=earlier.id, state=earlier.state) if earlier else AlreadyTold(message)


def _refuse_findings(session: Session, command: QueueNotice, composed: Composed) -> Approval | None:
    """Refuse what must be fixed, unless an approver answers for it, and what nobody was shown; return who answers."""
    found = composed.findings
    approver = command.approver or command.actor
    approval = approvals.find(session, command.firm_id, approver, command.override_reason, found)
    if approval is None and checks.blocks(found):
        findings = [asdict(finding) for finding in found]
        raise MustFix("Some words must be fixed before this can be sent.", findings=findings)
    asked.refuse_unshown(found, command.shown)
    return approval


def _refuse_unread(composed: Composed) -> None:
    if composed.reader_note:
        application_id = composed.content.application_id
        composer = config.current().url(f"/notices/new?application={application_id}")
        raise NeedsReader(f"Somebody else has to read this first. {composed.reader_note}", composer=composer)


def _decide(session: Session, composed: Composed, actor: Actor) -> None:
    """Record the decision that the notice tells, or its code where one is named now."""
    application, code = composed.case.application, composed.content.outcome_code
    told = barriers.TELLS.get(composed.content.kind)
    if told is not None and (application.is_open or (code and code != application.outcome_code)):
        applications.decide(session, application, actor, Verdict(decision=told, outcome_code=code))


def _keep(session: Session, command: QueueNotice, composed: Composed, when: dt.datetime, number: int) -> Shown:
    """Write the notice with its message, its points and its page; what would be read back is known."""
    firm_id, case = command.firm_id, composed.case
    if command.draft_id is None:
        notice, keep_points = Notice(id=new_id(), firm_id=firm_id), points.add
    else:
        notice = queries.lock_draft(session, firm_id, command.draft_id, case.application.id)
        keep_points = points.replace
    references = queries.sent_message_ids(session, firm_id, case.application.id)
    message = _enqueue(session, notice.id, case, when, timing.time_of_day(case, command.timing, when))
    with named(session, {"uq_notices_outcome": _already_told()}):
        _freeze(notice, command, composed, when)
        notice.data = composed.facts | {"references": references}
        notice.message_id, notice.version = message.id, number
        session.add(notice)
    feedback = case.requirements.spelled_out(composed.words.feedback)
    rows, page = keep_points(session, firm_id, notice.id, feedback), _page(notice, when)
    session.add(page)
    return Shown(notice, message, page, rows, case.sender, composed.version.template.slug)


def _freeze(notice: Notice, command: QueueNotice, composed: Composed, when: dt.datetime) -> None:
    words, application, now = composed.words, composed.case.application, clock.now()
    notice.application_id, notice.candidate_id, notice.round = (
        application.id,
        application.candidate_id,
        application.round,
    )
    notice.kind, notice.state, notice.language = words.kind, NoticeState.HELD, composed.facts["written_in"]
    notice.corrects_id, notice.timing = composed.content.corrects_id, command.timing.mode
    notice.send_at, notice.late_reason = command.timing.send_at, command.timing.late_reason.strip()
    notice.template_version_id, notice.rules_version = composed.version.id, composed.subject.rules_version
    notice.outcome_code, notice.reason, notice.promised_on = words.outcome_code, words.reason, words.promised_on
    notice.sender_id, notice.read_by_id = composed.case.sender.id, command.reader_id
    notice.created_by_id = command.actor.member_id  # whoever queued it sees it held, and can undo
    notice.queued_at, notice.leaves_at, notice.updated_at = now, when, now


def _page(notice: Notice, when: dt.datetime) -> FeedbackPage:
    page_id = new_id()
    return FeedbackPage(
        id=page_id,
        firm_id=notice.firm_id,
        notice_id=notice.id,
        token_hash=links.token_hash(page_id, 1),
        expires_at=when + PAGE_OPEN,
    )


def _enqueue(
    session: Session, notice_id: uuid.UUID, case: Case, when: dt.datetime, time_of_day: TimeOfDay | None
) -> Message:
    candidate = case.application.candidate
    new = NewMessage(
        stream=StreamKind.NOTICE,
        subject_id=notice_id,
        dedupe_key=f"notice:{notice_id}",
        recipient=Mailbox(candidate.name or "", candidate.email or ""),
        sender=Mailbox(case.sender.name, case.sender.email),
        due_at=when,
        time_of_day=time_of_day,
        candidate_id=candidate.id,
        not_after=when + STALE_AFTER,
    )
    return outbox.enqueue(session, case.firm.id, new)
