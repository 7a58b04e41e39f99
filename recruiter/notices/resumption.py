"""What the outbox asks when a notice's mail, which could not leave, is sent again: it waits once more, or why not."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm
from recruiter.applications.models import Application
from recruiter.feedback.modes import Ruling
from recruiter.notices import barriers, queries, rulings, stream, timing
from recruiter.notices.facts import PAGE_OPEN, Reader
from recruiter.notices.models import OUTCOME_KINDS, FeedbackPage, Notice, NoticeKind, NoticeState
from recruiter.notices.service import STALE_AFTER
from recruiter.notices.timing import Timing
from recruiter.outbox.models import Message
from recruiter.outbox.replays import Again

_LINK = "This mail carried a new link to a letter that was sent. Send a new link from the notice instead."
_OTHER_ADDRESS = "This was written to an address that is not the person's any more. Write it again instead."
_TOLD = "Another notice tells this person the same by now."
_PAST = "The day that it names has passed. Write a new update instead."


def resume(session: Session, messages: Sequence[Message]) -> Mapping[uuid.UUID, Again | str]:
    """Let notices that failed be held again with an open page, as far as everything still allows that.

    What is asked is what was asked when they were queued, and what is asked just before they leave.
    """
    firm = accounts.get_firm(session, messages[0].firm_id)
    cases = queries.lock_cases(session, firm.id, {message.subject_id for message in messages})
    applications = {application.id: application for _, _, application in cases.values()}
    told = rulings.today(session, firm.id, applications.values())
    living = queries.living(session, firm.id, applications)
    answers: dict[uuid.UUID, Again | str] = {}
    for message in messages:
        notice, page, application = cases[message.subject_id]
        again = _when(Reader(firm, application))
        why = _mail_against(notice, message, application) or _others_against(notice, living)
        why = why or _letter_against(session, firm, notice, application, told[application.id], again)
        if why is None:
            _hold(notice, page, again)
            living.append(notice)
        answers[message.id] = why or again
    return answers


def _when(reader: Reader) -> Again:
    when = timing.leaves_at(reader, Timing())
    return Again(when, when + STALE_AFTER, timing.time_of_day(reader, Timing(), when))


def _mail_against(notice: Notice, message: Message, application: Application) -> str | None:
    if message.id != notice.message_id:
        return _LINK
    return _OTHER_ADDRESS if barriers.against_person(application, message.recipient) else None


def _others_against(notice: Notice, living: Iterable[Notice]) -> str | None:
    return _TOLD if any(_tells_the_same(other, notice) for other in living) else None


def _tells_the_same(other: Notice, notice: Notice) -> bool:
    """Whether a notice that waits or was sent leaves this one nothing to tell."""
    if (other.application_id, other.round) != (notice.application_id, notice.round):
        return False
    if notice.kind is NoticeKind.CORRECTION:
        return other.corrects_id == notice.corrects_id and other.version >= notice.version
    if notice.kind in OUTCOME_KINDS:
        return other.kind in OUTCOME_KINDS
    return other.kind is notice.kind and (other.state is not NoticeState.SENT or other.id > notice.id)


def _letter_against(
    session: Session, firm: Firm, notice: Notice, application: Application, ruling: Ruling, again: Again
) -> str | None:
    leaves_on = clock.local_date(again.due_at, firm.time_zone)
    if notice.promised_on is not None and notice.promised_on < leaves_on:
        return _PAST
    barrier = stream.against_letter(session, firm, notice, application, ruling)
    return barrier.detail if barrier is not None else None


def _hold(notice: Notice, page: FeedbackPage, again: Again) -> None:
    """Let it wait as when it was queued; that it failed had closed its page."""
    notice.state, notice.leaves_at, notice.updated_at = NoticeState.HELD, again.due_at, clock.now()
    notice.problem_code = notice.problem_detail = None
    page.revoked_at, page.expires_at = None, again.due_at + PAGE_OPEN
