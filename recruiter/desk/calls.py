"""What a call that told the decision is logged as, with the script it was told from."""

import datetime as dt
import uuid
from dataclasses import dataclass

from recruiter import clock
from recruiter.audit.service import Actor
from recruiter.contacts.models import ContactKind, Direction, Outcome, Told
from recruiter.contacts.service import LogContact
from recruiter.notices import script


@dataclass(frozen=True, slots=True)
class Call:
    """A call on which we spoke. ``happened_at`` is local, by the firm's clock; ``caller`` is a name.

    ``shown`` names the findings about the note that the caller has seen.
    """

    firm_id: uuid.UUID
    actor: Actor
    application_id: uuid.UUID
    happened_at: dt.datetime
    note: str
    caller: str
    shown: frozenset[str]


def contact(call: Call, zone: str) -> LogContact:
    """Return the contact that proves that the person was told the decision, to be logged.

    Raises ``NotFound``, and ``NothingToTell`` while there is no decision.
    """
    read_from = script.read(call.firm_id, call.application_id, call.caller)
    return LogContact(
        firm_id=call.firm_id,
        actor=call.actor,
        candidate_id=read_from.case.application.candidate_id,
        application_id=call.application_id,
        kind=ContactKind.CALL,
        direction=Direction.OUTBOUND,
        outcome=Outcome.SPOKE,
        told=Told.DECISION,
        happened_at=clock.from_local(call.happened_at, zone),
        note=call.note,
        shown=call.shown,
        notice_id=read_from.notice.id if read_from.notice else None,
    )
