"""What a correction puts right, and which version of what was said it is."""

from sqlalchemy.orm import Session

from recruiter.errors import Conflict, Invalid, named_by
from recruiter.notices import queries, versions
from recruiter.notices.barriers import AlreadyTold
from recruiter.notices.composition import Content
from recruiter.notices.facts import Case
from recruiter.notices.models import NoticeKind, NoticeState

_WAITING = (NoticeState.HELD, NoticeState.LEAVING)


class NothingToCorrect(Conflict):
    """What is to be corrected was never sent."""

    code = "nothing_to_correct"


def next_number(session: Session, case: Case, content: Content) -> int:
    """Return the number of the version that this content would be: 1 for all but corrections.

    For a correction, raises ``NotFound``; ``Invalid`` when it names nothing of this application that can be corrected,
    or has no words; ``NothingToCorrect`` before that was sent; ``AlreadyTold`` while another correction of it waits.
    """
    if content.kind is not NoticeKind.CORRECTION:
        return 1
    firm_id, root_id = case.firm.id, content.corrects_id
    with named_by("corrects"):
        corrected = queries.get_notice(session, firm_id, root_id) if root_id else None
    if corrected is None or corrected.application_id != content.application_id:
        raise Invalid({"corrects": ["Choose the notice that this corrects."]})
    if corrected.kind is NoticeKind.CORRECTION:
        raise Invalid({"corrects": ["Correct the notice that was sent first; its page shows every correction."]})
    if corrected.state is not NoticeState.SENT:
        raise NothingToCorrect("Only a notice that was sent can be corrected.", state=corrected.state)
    if not (content.reason or "").strip():
        raise Invalid({"reason": ["Say what was wrong, and what is right."]})
    for waiting in queries.corrections(session, firm_id, corrected.id, _WAITING):
        message = "A correction of this notice waits to leave. See it before you write another."
        raise AlreadyTold(message, notice_id=waiting.id, state=waiting.state)
    return versions.current(session, firm_id, corrected).notice.version + 1
