"""A round on one line: read together; then, group by group, written, looked at again, marked, carried and settled."""

import datetime as dt
import itertools
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from recruiter import clock, logs
from recruiter.db.session import reading
from recruiter.errors import DomainError
from recruiter.outbox import addresses, claims, delivery, mime, streams
from recruiter.outbox.journal import Page
from recruiter.outbox.leases import Lease, Round
from recruiter.outbox.mime import Letter, Mailbox
from recruiter.outbox.models import Message, StreamKind
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.settlement import Accepted, Ended, Result
from recruiter.outbox.streams import Content, Writer
from recruiter.outbox.transports.base import DeliveryError, Envelope, Line

Turn = Callable[[Sequence[Ended], Sequence[Lease]], list[Lease]]

PAUSES_IN_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 30)

TRIES = Counter("recruiter_tries", "Tries to hand a mail over that ended, by how.", ["how"])
TROUBLE = DeliveryError("something went wrong here", verdict=Verdict.TEMPORARY, phase=Phase.BUILD)

log = structlog.get_logger()


class Unrecorded(Exception):
    """How an attempt ended could not be written to the database."""


@dataclass(frozen=True, slots=True)
class Written:
    """One mail, ready to go."""

    content: Content
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Sender:
    """One line at work, with its page of the journal, which marks so many messages at once.

    ``turn`` settles and marks as ``delivery.turn`` does. ``goes_on`` says whether the next mail may still be said;
    ``heard`` is told how each one ended, at once.
    """

    line: Line
    page: Page
    marks: int
    turn: Turn
    closing: threading.Event
    goes_on: Callable[[], bool]
    heard: Callable[[Lease, Result], None]

    def send(self, work: Round) -> list[Lease]:
        """Try the messages of the round and record how each ended; return those it did not come to.

        Raises ``SQLAlchemyError`` when the database goes away before anything was said. Once something was, recording
        is tried again, whatever stands in the way, until ``closing`` is set; ``Unrecorded`` then says that only the
        journal knows. A line that waits is better than a mail that is sent again because nobody noted the first.
        """
        logs.begin()
        waiting, ended = list(work.leases), list[Ended]()
        writers = _read(work)
        while waiting and self.goes_on():
            group, waiting = waiting[: self.marks], waiting[self.marks :]
            mails = {lease.message_id: _write(lease.message, writers[lease.message_id]) for lease in group}
            marked = self._turn(ended, group)
            self.page.clear()
            ended = [self._try(lease, mails[lease.message_id]) for lease in marked]
        self._record(ended)
        return waiting

    def _turn(self, ended: Sequence[Ended], group: Sequence[Lease]) -> list[Lease]:
        """Settle and mark at once; should that fail, one after the other, so that no message is in another's way."""
        try:
            marked = self.turn(ended, group)
        except Exception:
            log.exception("turn_failed")
        else:
            _count(ended)
            return marked
        self._record(ended)
        return [lease for each in group for lease in _mark_alone(each)]

    def _try(self, lease: Lease, mail: Written | DeliveryError) -> Ended:
        began_at = clock.now()
        if isinstance(mail, DeliveryError):
            return Ended(lease, began_at, mail)
        if not self.goes_on():
            return Ended(lease, began_at, None)
        self.page.begin(lease.message_id, lease.message.attempts)
        result = self._carry(mail.envelope)
        self.heard(lease, result)
        return Ended(lease, began_at, result, mail.content)

    def _carry(self, envelope: Envelope) -> Result:
        try:
            reply = _unaddressed(self.line.carry(envelope, self.page.note), envelope)
        except DeliveryError as error:
            error.reason = _unaddressed(error.reason, envelope)
            return error
        self.page.accept(reply)
        return Accepted(reply)

    def _record(self, ended: Sequence[Ended]) -> None:
        """Settle them, for as long as it takes."""
        pauses = itertools.chain(PAUSES_IN_SECONDS, itertools.repeat(PAUSES_IN_SECONDS[-1]))
        while ended := self._unsettled(ended):
            if self.closing.wait(next(pauses)):
                raise Unrecorded

    def _unsettled(self, ended: Sequence[Ended]) -> Sequence[Ended]:
        """Settle them in one turn or, should that fail, each in its own; return those that are still to be settled."""
        if not ended or _settle(self.turn, ended):
            return []
        return [end for end in ended if not _settle(delivery.turn, [end])]


def _read(work: Round) -> dict[uuid.UUID, Writer | DeliveryError]:
    """Read what the mails of the round are made of, outside any lock."""
    found: dict[uuid.UUID, Writer | DeliveryError] = {}
    with reading(work.firm_id) as session:
        for kind, messages in streams.by_kind(lease.message for lease in work.leases).items():
            found.update(_writers(session, kind, messages))
    return found


def _writers(
    session: Session, kind: StreamKind, messages: Sequence[Message]
) -> Mapping[uuid.UUID, Writer | DeliveryError]:
    """Ask the stream about all of them; should that fail, about each by itself."""
    stream = streams.find(kind)
    if stream is None:
        nobody = DeliveryError("no stream answers for it", verdict=Verdict.UNSENDABLE, phase=Phase.BUILD)
        return {message.id: nobody for message in messages}
    try:
        return stream.writers(session, messages)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - logged, or asked again for each alone
        if len(messages) == 1:
            return {messages[0].id: _unwritten(messages[0], error)}
    return {key: writer for message in messages for key, writer in _writers(session, kind, [message]).items()}


def _write(message: Message, writer: Writer | DeliveryError) -> Written | DeliveryError:
    """Write one mail, dated now unless it was tried before; what cannot be written is refused once it is marked."""
    if isinstance(writer, DeliveryError):
        return writer
    message.dated_at = message.dated_at or clock.now()
    try:
        content = writer()
        return Written(content, _envelope(message, message.dated_at, content))
    except Exception as error:  # noqa: BLE001 - logged
        return _unwritten(message, error)


def _unwritten(message: Message, error: Exception) -> DeliveryError:
    if isinstance(error, DomainError):
        return DeliveryError(error.message, verdict=Verdict.UNSENDABLE, phase=Phase.BUILD)
    log.exception("content_failed", message=str(message.id))  # noqa: LOG004 - called while it is handled
    return DeliveryError("the mail could not be written", verdict=Verdict.TEMPORARY, phase=Phase.BUILD)


def _envelope(message: Message, date: dt.datetime, content: Content) -> Envelope:
    """Return the mail's bytes; the same at every attempt, since its date is that of the first."""
    letter = Letter(
        sender=Mailbox(message.sender_name, message.sender),
        recipient=Mailbox(message.recipient_name, message.recipient),
        reply_to=Mailbox(message.sender_name, message.reply_to) if message.reply_to else None,
        subject=content.subject,
        text=content.text,
        html=content.html,
        language=content.language,
        message_id=message.message_id,
        date=date,
        references=content.references,
        unsubscribe_url=content.unsubscribe_url,
        unsubscribe_address=addresses.reply_to(message.id),
        list_id=content.list_id,
        is_automatic=content.is_automatic,
    )
    return Envelope(
        message_id=message.id,
        return_path=addresses.return_path(message.id) or mime.wire_address(message.sender),
        recipient=mime.wire_address(message.recipient),
        letter=letter,
        raw=mime.build(letter),
    )


def _mark_alone(lease: Lease) -> list[Lease]:
    try:
        return delivery.turn([], [lease])
    except Exception:
        log.exception("delivery_failed", message=str(lease.message_id))
    claims.release(lease, TROUBLE)
    return []


def _settle(turn: Turn, ended: Sequence[Ended]) -> bool:
    try:
        turn(ended, [])
    except Exception:
        log.exception("settle_failed", message=str(ended[0].lease.message_id))
        return False
    _count(ended)
    return True


def _count(ended: Iterable[Ended]) -> None:
    for end in ended:
        if end.result is not None:
            TRIES.labels("accepted" if isinstance(end.result, Accepted) else end.result.verdict.value).inc()


def _unaddressed(words: str, envelope: Envelope) -> str:
    """Return the relay's words without the address that they quote: who may not see it reads them too."""
    for address in (envelope.letter.recipient.address, envelope.recipient):
        if address.casefold() in words.casefold():
            words = re.sub(re.escape(address), "[address]", words, flags=re.IGNORECASE)
    return words
