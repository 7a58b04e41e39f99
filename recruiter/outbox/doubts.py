"""Messages that may have arrived: sent once more, dropped, or left to a person."""

import enum
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import Actor
from recruiter.db.session import transaction
from recruiter.errors import Conflict
from recruiter.outbox import queries, settlement, streams
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.streams import Outcome

RESENDS = 1  # a person is asked to read the same mail twice, never three times


class Choice(enum.StrEnum):
    """What a member decides about a message that may have arrived."""

    SEND = "send"
    LEAVE = "leave"


class NotDoubtful(Conflict):
    """What became of the message is known by now, or somebody else has decided."""

    code = "not_doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """A member's decision about one message."""

    firm_id: uuid.UUID
    actor: Actor
    message_id: uuid.UUID
    choice: Choice


def decide(command: Decide) -> Message:
    """Send the message once more, the same bytes, or leave it as it is. Raises ``NotFound`` and ``NotDoubtful``."""
    with transaction(command.firm_id) as session:
        message = queries.lock_message(session, command.firm_id, command.message_id)
        if message.state is not MessageState.DOUBTFUL:
            raise NotDoubtful("What became of this mail is known by now. Nothing was changed.")
        audit.record_of(session, message, command.actor, f"message.doubt_{command.choice}")
        if command.choice is Choice.SEND:
            _send_once_more(message)
        else:
            _give_up(session, message, "Nobody knows whether it arrived, and it was left at that.")
        return message


def run_out(session: Session, message: Message) -> None:
    """No evidence came in time: what the firm and the message's stream want happens, in the caller's transaction."""
    stream = streams.find(message.stream)
    if stream is None or not stream.resends_when_in_doubt or message.doubts > RESENDS:
        _give_up(session, message, "Nobody knows whether it arrived.")
    elif queries.holds_doubtful(session, message.firm_id):
        message.lease_until = None
        message.problem_detail = "It may have arrived. Somebody decides whether it is sent once more."
    else:
        _send_once_more(message)


def _send_once_more(message: Message) -> None:
    message.problem_code, message.problem_detail = "maybe_twice", "It is sent once more and may arrive twice."
    settlement.requeue(message, clock.now())


def _give_up(session: Session, message: Message, words: str) -> None:
    message.problem_code, message.problem_detail = "doubtful", words
    settlement.end(session, message, MessageState.DEAD, Outcome.DEAD)
