"""What a correction puts right, and which version of what was said it is."""

import uuid

from sqlalchemy.orm import Session

from recruiter.errors import Conflict, Invalid, named_by
from recruiter.notices import queries, versions
from recruiter.notices.barriers import AlreadyTold
from recruiter.notices.composition import Content
from recruiter.notices.facts import Case
from recruiter.notices.models import Notice, NoticeKind, NoticeState

_WAITING = (NoticeState.HELD, NoticeState.LEAVING)


class NothingToCorrect(Conflict):
    """What is to be corrected was never sent."""

    code = "nothing_to_correct"


def next_number(session: Session, case: Case, content: Content) -> int:
    """Return the number of the version that this content would be: 1 for all but corrections.

    Raises as ``find_corrected``; for a correction ``NothingToCorrect`` before that was sent, ``Invalid`` without words,
    and ``AlreadyTold`` while another correction of it waits.
    """
    firm_id = case.firm.id
    corrected = find_corrected(session, firm_id, content)
    if corrected is None:
        return 1
    if corrected.state is not NoticeState.SENT:
        raise NothingToCorrect("Only a notice that was sent can be corrected.", state=corrected.state)
    if not (content.reason or "").strip():
        raise Invalid({"reason": ["Say what was wrong, and what is right."]})
    for waiting in queries.corrections(session, firm_id, corrected.id, _WAITING):
        message = "A correction of this notice waits to leave. See it before you write another."
        raise AlreadyTold(message, notice_id=waiting.id, state=waiting.state)
    return versions.current(session, firm_id, corrected).notice.version + 1


def find_corrected(session: Session, firm_id: uuid.UUID, content: Content) -> Notice | None:
    """Return the notice that a correction is about, and None for every other kind.

    Raises ``NotFound``, and ``Invalid`` for a correction of nothing, of another application's notice or of another
    correction, and for another kind that names a notice.
    """
    if content.kind is not NoticeKind.CORRECTION:
        if content.corrects_id is not None:
            raise Invalid({"corrects": ["Only a correction names the notice that it puts right."]})
        return None
    with named_by("corrects"):
        found = queries.get_notice(session, firm_id, content.corrects_id) if content.corrects_id else None
    if found is None or found.application_id != content.application_id:
        raise Invalid({"corrects": ["Choose the notice that this corrects."]})
    if found.kind is NoticeKind.CORRECTION:
        raise Invalid({"corrects": ["Correct the notice that was sent first; its page shows every correction."]})
    return found
