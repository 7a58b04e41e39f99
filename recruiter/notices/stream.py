"""What the outbox asks and tells about notices: may it leave, what does it say, how did it end."""

import uuid

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications import queries as applications
from recruiter.applications import service as telling
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Change
from recruiter.candidates import service as people
from recruiter.feedback.points import Feedback
from recruiter.inbox.hearers import Return
from recruiter.notices import barriers, checks, letter, links, queries
from recruiter.notices.barriers import Barrier
from recruiter.notices.models import OUTCOME_KINDS, Delivery, Notice, NoticeKind, NoticeState
from recruiter.outbox.models import Message
from recruiter.outbox.streams import Content, Outcome, Stop
from recruiter.texts import queries as texts
from recruiter.texts.liquid import Unusable
from recruiter.webhooks import service as webhooks
from recruiter.webhooks.service import Event, EventType

_WORDS: dict[Outcome, str] = {
    Outcome.REJECTED: "The mail was refused.",
    Outcome.SUPPRESSED: "This address must not be written to.",
    Outcome.EXPIRED: "It could not be handed over in time.",
    Outcome.DEAD: "It was tried often enough and not accepted.",
    Outcome.STOPPED: "Something changed before it left.",
}


class NoticeStream:
    """Answers for messages of notices; a renewed link is a message of the same notice with a payload."""

    resends_when_in_doubt = True

    def may_leave(self, session: Session, message: Message) -> Stop | None:
        """Check again, just before it leaves, everything that was checked when it was queued."""
        notice = queries.get_notice(session, message.firm_id, message.subject_id)
        application = applications.get_application(session, message.firm_id, notice.application_id)
        barrier = (
            _against_link(session, notice, message)
            or barriers.against_address(session, application, message.recipient)
            or (None if _is_renewal(notice, message) else _against_decision(notice, application))
            or (None if _is_renewal(notice, message) else _against_words(session, notice))
        )
        return Stop(barrier.code, barrier.detail) if barrier else None

    def content(self, session: Session, message: Message) -> Content:
        """Return the letter of the frozen facts with the link that works; the same at every try."""
        notice = queries.get_notice(session, message.firm_id, message.subject_id)
        page = queries.get_page(session, message.firm_id, notice.id)
        version = texts.get_version(session, message.firm_id, _version_id(notice))
        written = letter.write(version, notice.data, links.url(page))
        return Content(
            subject=written.subject,
            text=written.text,
            html=written.html,
            secrets=(links.token(page.id, page.version),),
            references=tuple(notice.data["references"]),
        )

    def came_back(self, session: Session, message: Message, why: Return) -> None:
        """Say on the notice that it came back or was unwanted; one that came back told nobody anything."""
        notice = queries.lock_notice(session, message.firm_id, message.subject_id)
        delivery = Delivery(why.code)
        if notice.state is not NoticeState.SENT or notice.delivery in {delivery, Delivery.COMPLAINED}:
            return
        application = applications.get_for_update(session, notice.firm_id, notice.application_id)
        notice.delivery, notice.problem_code, notice.problem_detail = delivery, why.code, why.detail
        notice.updated_at = clock.now()
        if delivery is Delivery.BOUNCED and notice.kind in OUTCOME_KINDS and notice.sent_at is not None:
            telling.unsay(session, application, SYSTEM, notice.sent_at)
        _record(session, notice, f"notice.{delivery}")
        _tell(session, notice, application, EventType.NOTICE_FAILED, delivery.value)

    def settled(self, session: Session, message: Message, outcome: Outcome) -> None:
        """Write down how it ended, in the transaction that records it."""
        notice = queries.lock_notice(session, message.firm_id, message.subject_id)
        if _is_renewal(notice, message):
            _record(session, notice, f"notice.link_{outcome}")
            if outcome is Outcome.ACCEPTED and notice.delivery is Delivery.BOUNCED:
                _arrived(session, notice, message)
        elif outcome is Outcome.ACCEPTED:
            _accepted(session, notice, message)
        elif outcome is Outcome.CANCELLED:
            _cancelled(session, notice)
        elif outcome.is_failure:
            _failed(session, notice, message, outcome)


def _against_link(session: Session, notice: Notice, message: Message) -> Barrier | None:
    page = queries.get_page(session, message.firm_id, notice.id)
    renewed = (message.payload or {}).get("link_version", page.version)
    if page.revoked_at is not None or renewed != page.version:
        return Barrier("page_revoked", "The link of this notice was revoked, so the mail would lead nowhere.")
    return None


def _against_decision(notice: Notice, application: Application) -> Barrier | None:
    if notice.round != application.round:
        return Barrier("reopened", "The decision was reopened after this notice was queued.")
    return barriers.against_decision(application, notice.kind)


def _against_words(session: Session, notice: Notice) -> Barrier | None:
    """Ask the rules of today about the letter of then."""
    version = texts.get_version(session, notice.firm_id, _version_id(notice))
    try:
        written = letter.write(version, notice.data, links.masked_url())
    except Unusable as error:
        return Barrier("unusable", f"Its template cannot be used any more. {error}")
    feedback = Feedback.from_dict(notice.data["feedback"])
    found = checks.blocks(checks.findings(notice.data, feedback, written.reading, written.subject))
    if found:
        return Barrier("must_fix", f"Fix before sending: {found[0].message}")
    return None


def _accepted(session: Session, notice: Notice, message: Message) -> None:
    application = applications.get_for_update(session, notice.firm_id, notice.application_id)
    at = message.accepted_at or clock.now()
    notice.state, notice.sent_at, notice.delivery = NoticeState.SENT, at, Delivery.ACCEPTED
    notice.updated_at = clock.now()
    people.contacted(session, notice.firm_id, notice.candidate_id, at)
    # A decision that was reopened while the relay took the mail begins a round of its own.
    if notice.round == application.round:
        if notice.kind in OUTCOME_KINDS:
            telling.mark_told(session, application, SYSTEM, at)
        elif notice.kind is NoticeKind.UPDATE:
            telling.move_promise(session, application, SYSTEM, notice.promised_on)
    _record(session, notice, "notice.sent")
    _tell(session, notice, application, EventType.NOTICE_SENT)


def _arrived(session: Session, notice: Notice, message: Message) -> None:
    """A letter that had come back went out again, to another address or with the hindrance gone."""
    application = applications.get_for_update(session, notice.firm_id, notice.application_id)
    at = message.accepted_at or clock.now()
    notice.delivery, notice.problem_code, notice.problem_detail = Delivery.ACCEPTED, None, None
    notice.sent_at = notice.updated_at = at
    if notice.kind in OUTCOME_KINDS and notice.round == application.round:
        telling.mark_told(session, application, SYSTEM, at)


def _failed(session: Session, notice: Notice, message: Message, outcome: Outcome) -> None:
    application = applications.get_application(session, notice.firm_id, notice.application_id)
    notice.state, notice.updated_at = NoticeState.FAILED, clock.now()
    notice.problem_code = message.problem_code or outcome.value
    notice.problem_detail = message.problem_detail or _WORDS[outcome]
    if not message.doubts:  # else it may have arrived, and its link should open
        queries.get_page(session, notice.firm_id, notice.id).revoked_at = clock.now()
    _record(session, notice, "notice.failed", code=notice.problem_code)
    _tell(session, notice, application, EventType.NOTICE_FAILED)


def _cancelled(session: Session, notice: Notice) -> None:
    """Follow a message that was taken back for another reason than this notice, such as the person's erasure."""
    notice.state = NoticeState.WITHDRAWN
    notice.withdrawn_at = notice.updated_at = clock.now()
    queries.get_page(session, notice.firm_id, notice.id).revoked_at = clock.now()
    _record(session, notice, "notice.withdrawn")


def _tell(
    session: Session, notice: Notice, application: Application, type_: EventType, state: str | None = None
) -> None:
    event = Event(
        type=type_,
        subject_id=notice.id,
        candidate_id=notice.candidate_id,
        application_id=notice.application_id,
        external_ids={"candidate": application.candidate.external_id, "application": application.external_id},
        state=state or notice.state.value,
    )
    webhooks.emit(session, notice.firm_id, event)


def _record(session: Session, notice: Notice, action: str, **details: object) -> None:
    change = Change(action=action, subject_id=notice.id, candidate_id=notice.candidate_id, details=details or None)
    audit.record(session, notice.firm_id, SYSTEM, change)


def _is_renewal(notice: Notice, message: Message) -> bool:
    return message.id != notice.message_id


def _version_id(notice: Notice) -> uuid.UUID:
    assert notice.template_version_id is not None, "a queued notice has its words"  # noqa: S101
    return notice.template_version_id
