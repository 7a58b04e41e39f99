"""What the outbox asks and tells about notices: may it leave, what does it say, how did it end."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm
from recruiter.applications import queries as applications
from recruiter.applications import service as telling
from recruiter.applications import tellings
from recruiter.applications.models import Application, News, Way
from recruiter.applications.tellings import Proof
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM
from recruiter.candidates import service as people
from recruiter.errors import RuleBroken
from recruiter.feedback import wording
from recruiter.feedback.modes import Ruling
from recruiter.feedback.points import Feedback
from recruiter.inbox.hearers import Return
from recruiter.notices import approvals, barriers, checks, letter, links, queries, rulings
from recruiter.notices.barriers import Barrier
from recruiter.notices.models import OUTCOME_KINDS, Delivery, FeedbackPage, Notice, NoticeKind, NoticeState
from recruiter.notices.queries import Case
from recruiter.outbox.models import Message
from recruiter.outbox.streams import Content, Outcome, Stop, Writer
from recruiter.texts import queries as texts
from recruiter.texts.liquid import Unusable
from recruiter.texts.models import TemplateVersion
from recruiter.webhooks import service as webhooks
from recruiter.webhooks.service import Event, EventType

_WORDS: dict[Outcome, str] = {
    Outcome.REJECTED: "The mail was refused.",
    Outcome.SUPPRESSED: "This address must not be written to.",
    Outcome.EXPIRED: "It could not be handed over in time.",
    Outcome.DEAD: "It was tried often enough and not accepted.",
    Outcome.STOPPED: "Something changed before it left.",
}


class Unwritable(RuleBroken):
    """The letter cannot be written any more as it was frozen."""

    code = "unusable"


class NoticeStream:
    """Answers for messages of notices; a renewed link is a message of the same notice with a payload."""

    resends_when_in_doubt = True

    def may_leave(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
        """Check again, just before they leave, everything that was checked when they were queued."""
        cases = queries.cases(session, messages[0].firm_id, {message.subject_id for message in messages})
        told = rulings.today(session, messages[0].firm_id, (application for _, _, application in cases.values()))
        firm = accounts.get_firm(session, messages[0].firm_id)
        found = {message.id: _barrier(session, firm, cases[message.subject_id], message, told) for message in messages}
        return {key: Stop(barrier.code, barrier.detail) for key, barrier in found.items() if barrier is not None}

    def writers(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Writer]:
        """Word each letter from its frozen facts, with the link that works; the same at every try."""
        firm_id = messages[0].firm_id
        pages = queries.pages(session, firm_id, {message.subject_id for message in messages})
        versions = texts.versions(session, firm_id, {_version_id(notice) for notice, _ in pages.values()})
        return {message.id: partial(_write, *pages[message.subject_id], versions) for message in messages}

    def came_back(self, session: Session, message: Message, why: Return) -> None:
        """Say on the notice that it came back or was unwanted; one that came back told nobody anything."""
        notice = queries.lock_notice(session, message.firm_id, message.subject_id)
        delivery = Delivery(why.code)
        if notice.state is not NoticeState.SENT or notice.delivery in {delivery, Delivery.COMPLAINED}:
            return
        application = applications.get_for_update(session, notice.firm_id, notice.application_id)
        notice.delivery, notice.problem_code, notice.problem_detail = delivery, why.code, why.detail
        notice.updated_at = clock.now()
        if delivery is Delivery.BOUNCED:
            _unsay(session, notice, application)
        audit.record_of(session, notice, SYSTEM, f"notice.{delivery}")
        _tell(session, notice, application, EventType.NOTICE_FAILED, delivery.value)

    def settled(self, session: Session, messages: Sequence[Message], outcome: Outcome) -> None:
        """Write down how they ended, in the transaction that records it."""
        firm_id = messages[0].firm_id
        notices = queries.lock_notices(session, firm_id, {message.subject_id for message in messages})
        sent = []
        for message in messages:
            notice = notices[message.subject_id]
            if _is_renewal(notice, message):
                _renewed(session, notice, message, outcome)
            elif outcome is Outcome.ACCEPTED:
                sent.append((notice, message))
            elif outcome is Outcome.MOVED:
                notice.leaves_at = message.due_at
            elif outcome is Outcome.CANCELLED:
                _cancelled(session, notice)
            elif outcome.is_failure:
                _failed(session, notice, message, outcome)
        if sent:
            _accepted(session, firm_id, sent)


def _write(notice: Notice, page: FeedbackPage, versions: Mapping[uuid.UUID, TemplateVersion]) -> Content:
    try:
        mail = letter.mail(versions[_version_id(notice)], notice.data, links.url(page))
    except Unusable as error:
        raise Unwritable(f"Its template cannot be used any more. {error}") from error
    return Content(
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        language=notice.data["written_in"],
        secrets=(links.token(page.id, page.version),),
        references=tuple(notice.data["references"]),
    )


def _barrier(
    session: Session, firm: Firm, case: Case, message: Message, told: Mapping[uuid.UUID, Ruling]
) -> Barrier | None:
    notice, page, application = case
    against = _against_link(page, message) or barriers.against_person(application, message.recipient)
    if against is not None or _is_renewal(notice, message):
        return against
    return against_letter(session, firm, notice, application, told[application.id])


def against_letter(
    session: Session, firm: Firm, notice: Notice, application: Application, ruling: Ruling
) -> Barrier | None:
    """Return what stands by now against what a queued notice says: its decision, policy or the checker; or None."""
    against = _against_decision(notice, application) or rulings.against(notice, ruling)
    return against or _against_words(session, firm, notice)


def _against_link(page: FeedbackPage, message: Message) -> Barrier | None:
    renewed = (message.payload or {}).get("link_version", page.version)
    if page.revoked_at is not None or renewed != page.version:
        return Barrier("page_revoked", "The link of this notice was revoked, so the mail would lead nowhere.")
    return None


def _against_decision(notice: Notice, application: Application) -> Barrier | None:
    if notice.round != application.round:
        return Barrier("reopened", "The decision was reopened after this notice was queued.")
    against = barriers.against_decision(application, notice.kind)
    return against or barriers.against_reason(application.outcome_code, notice.kind)


def _against_words(session: Session, firm: Firm, notice: Notice) -> Barrier | None:
    """Ask the rules of today, and the firm's own phrases, about the letter of then, unless they are the same."""
    if notice.rules_version == wording.rules_version(firm):
        return None
    version = texts.get_version(session, notice.firm_id, _version_id(notice))
    try:
        written = letter.write(version, notice.data, links.masked_url())
    except Unusable as error:
        return Barrier("unusable", f"Its template cannot be used any more. {error}")
    feedback = Feedback.from_read(notice.data["feedback"])
    application = applications.get_application(session, notice.firm_id, notice.application_id)
    known = wording.context(session, checks.about(firm, application, notice.data, (application.owner,)))
    found = checks.findings(notice.data, feedback, written.reading, written.subject, known)
    found = [each for each in checks.blocks(found) if not approvals.was_given(each, notice.findings)]
    if found:
        return Barrier("must_fix", f"Fix before sending: {found[0].message}")
    return None


def _accepted(session: Session, firm_id: uuid.UUID, sent: Sequence[tuple[Notice, Message]]) -> None:
    # The person before the application, in the order of whoever queues the next notice to them.
    at = max(message.accepted_at or clock.now() for _, message in sent)
    people.contacted(session, firm_id, {notice.candidate_id for notice, _ in sent}, at)
    applied = applications.lock_all(session, firm_id, {notice.application_id for notice, _ in sent})
    for notice, message in sent:
        application, at = applied[notice.application_id], message.accepted_at or clock.now()
        notice.state, notice.sent_at, notice.delivery = NoticeState.SENT, at, Delivery.ACCEPTED
        notice.updated_at = clock.now()
        # A decision that was reopened while the relay took the mail begins a round of its own.
        if notice.round == application.round:
            if notice.kind in OUTCOME_KINDS:
                telling.mark_told(session, application, SYSTEM, at)
            elif notice.kind is NoticeKind.UPDATE:
                telling.move_promise(session, application, SYSTEM, notice.promised_on)
        _prove(session, notice, application, at)
        audit.record_of(session, notice, SYSTEM, "notice.sent", kind=notice.kind)
    events = [_event(notice, applied[notice.application_id], EventType.NOTICE_SENT) for notice, _ in sent]
    webhooks.emit_all(session, firm_id, events)


def _renewed(session: Session, notice: Notice, message: Message, outcome: Outcome) -> None:
    audit.record_of(session, notice, SYSTEM, f"notice.link_{outcome}")
    if outcome is Outcome.ACCEPTED and notice.delivery is Delivery.BOUNCED:
        _arrived(session, notice, message)


def _arrived(session: Session, notice: Notice, message: Message) -> None:
    """A letter that had come back went out again, to another address or with the hindrance gone."""
    application = applications.get_for_update(session, notice.firm_id, notice.application_id)
    at = message.accepted_at or clock.now()
    notice.delivery, notice.problem_code, notice.problem_detail = Delivery.ACCEPTED, None, None
    notice.sent_at = notice.updated_at = at
    if notice.kind in OUTCOME_KINDS and notice.round == application.round:
        telling.mark_told(session, application, SYSTEM, at)
    _prove(session, notice, application, at)


def _prove(session: Session, notice: Notice, application: Application, at: dt.datetime) -> None:
    """Keep the proof of what the notice told; a correction tells neither a decision nor a delay."""
    if notice.kind is not NoticeKind.CORRECTION:
        news = News.DELAY if notice.kind is NoticeKind.UPDATE else News.DECISION
        proof = Proof(news, Way.NOTICE, notice.id, at)
        tellings.keep(session, application, proof, about_round=notice.round)


def _unsay(session: Session, notice: Notice, application: Application) -> None:
    """What came back told nobody anything: an outcome leaves the promise open again."""
    tellings.undo(session, notice.firm_id, notice.id)
    if notice.kind in OUTCOME_KINDS and notice.sent_at is not None:
        telling.unsay(session, application, SYSTEM, notice.sent_at)


def _failed(session: Session, notice: Notice, message: Message, outcome: Outcome) -> None:
    application = applications.get_application(session, notice.firm_id, notice.application_id)
    notice.state, notice.updated_at = NoticeState.FAILED, clock.now()
    notice.problem_code = message.problem_code or outcome.value
    notice.problem_detail = message.problem_detail or _WORDS[outcome]
    if not message.doubts:  # else it may have arrived, and its link should open
        queries.get_page(session, notice.firm_id, notice.id).revoked_at = clock.now()
    audit.record_of(session, notice, SYSTEM, "notice.failed", code=notice.problem_code)
    _tell(session, notice, application, EventType.NOTICE_FAILED)


def _cancelled(session: Session, notice: Notice) -> None:
    """Follow a message that was taken back for another reason than this notice, such as the person's erasure."""
    notice.state = NoticeState.WITHDRAWN
    notice.withdrawn_at = notice.updated_at = clock.now()
    queries.get_page(session, notice.firm_id, notice.id).revoked_at = clock.now()
    audit.record_of(session, notice, SYSTEM, "notice.withdrawn")


def _tell(
    session: Session, notice: Notice, application: Application, type_: EventType, state: str | None = None
) -> None:
    webhooks.emit(session, notice.firm_id, _event(notice, application, type_, state))


def _event(notice: Notice, application: Application, type_: EventType, state: str | None = None) -> Event:
    return Event(
        type=type_,
        subject_id=notice.id,
        candidate_id=notice.candidate_id,
        application_id=notice.application_id,
        external_ids={"candidate": application.candidate.external_id, "application": application.external_id},
        state=state or notice.state.value,
    )


def _is_renewal(notice: Notice, message: Message) -> bool:
    return message.id != notice.message_id


def _version_id(notice: Notice) -> uuid.UUID:
    assert notice.template_version_id is not None, "a queued notice has its words"  # noqa: S101
    return notice.template_version_id
