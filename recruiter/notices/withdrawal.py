"""Taking a notice back while it is held, before any of it was handed to a relay."""

import uuid
from dataclasses import dataclass

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.db import receipts
from recruiter.db.session import transaction
from recruiter.errors import Conflict
from recruiter.notices import queries
from recruiter.notices.models import NoticeState
from recruiter.notices.shown import Shown, show
from recruiter.outbox import service as outbox


class NotHeld(Conflict):
    """The notice does not wait any more, so it cannot be taken back."""

    code = "not_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """A held notice to take back."""

    firm_id: uuid.UUID
    actor: Actor
    notice_id: uuid.UUID


def withdraw(command: Withdraw) -> Shown:
    """Take a held notice back before any of it was handed to a relay; the decision stays, the promise is open.

    Raises ``NotFound``, or ``NotHeld`` when it is too late or there is nothing to take back.
    """
    firm_id = command.firm_id
    with transaction(firm_id) as session:
        notice = queries.get_notice(session, firm_id, command.notice_id)
        # The message first, in the order in which the worker takes its locks.
        if notice.message_id is None or not outbox.withdraw(session, firm_id, notice.message_id):
            [shown] = show(session, firm_id, [notice])
            raise NotHeld("This notice can no longer be taken back.", state=shown.state)
        notice.state = NoticeState.WITHDRAWN
        notice.withdrawn_at = notice.updated_at = clock.now()
        queries.get_page(session, firm_id, notice.id).revoked_at = clock.now()
        audit.record_of(session, notice, command.actor, "notice.withdrawn")
        receipts.finish(session, firm_id, notice.id, status=200)
        return show(session, firm_id, [notice])[0]
