"""One message on one line: written, marked, carried, settled."""

import itertools
import re
import threading

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from recruiter.db.session import reading
from recruiter.errors import DomainError
from recruiter.outbox import addresses, delivery, mime, queries, streams
from recruiter.outbox.delivery import Lease
from recruiter.outbox.journal import Page
from recruiter.outbox.models import Message
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.settlement import Accepted, Result
from recruiter.outbox.streams import Content
from recruiter.outbox.transports.base import DeliveryError, Envelope, Line

PAUSES_IN_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 30)

TRIES = Counter("recruiter_tries", "Tries to hand a mail over that ended, by how.", ["how"])

log = structlog.get_logger()


def send(lease: Lease, line: Line, page: Page, closing: threading.Event) -> Result | None:
    """Try the leased message and record how it ended; None when it does not leave after all.

    Raises ``SQLAlchemyError`` when the database goes away before anything was said. Once something was, recording
    is tried again, whatever stands in the way, until ``closing`` is set; ``Unrecorded`` then says that only the
    journal knows. A line that waits is better than a mail that is sent again because nobody noted the first.
    """
    content = _write(lease)
    message = delivery.mark(lease)
    if message is None:
        return None
    page.begin(message.id, message.attempts)
    result = content if isinstance(content, DeliveryError) else _carry(message, content, line, page)
    _record(lease, result, None if isinstance(content, DeliveryError) else content, closing)
    return result


class Unrecorded(Exception):
    """How an attempt ended could not be written to the database."""


def _write(lease: Lease) -> Content | DeliveryError:
    """What the mail says, outside any lock; a message that cannot be written is refused once it is marked."""
    with reading(lease.firm_id) as session:
        message = queries.get_message(session, lease.firm_id, lease.message_id)
        stream = streams.find(message.stream)
        if stream is None:
            return DeliveryError("no stream answers for it", verdict=Verdict.UNSENDABLE, phase=Phase.BUILD)
        try:
            return stream.content(session, message)
        except DomainError as error:
            return DeliveryError(error.message, verdict=Verdict.UNSENDABLE, phase=Phase.BUILD)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("content_failed", message=str(lease.message_id))
            return DeliveryError("the mail could not be written", verdict=Verdict.TEMPORARY, phase=Phase.BUILD)


def _record(lease: Lease, result: Result, content: Content | None, closing: threading.Event) -> None:
    pauses = itertools.chain(PAUSES_IN_SECONDS, itertools.repeat(PAUSES_IN_SECONDS[-1]))
    while True:
        try:
            delivery.settle(lease, result, content)
        except Exception:
            log.exception("settle_failed", message=str(lease.message_id))
            if closing.wait(next(pauses)):
                raise Unrecorded from None
        else:
            TRIES.labels("accepted" if isinstance(result, Accepted) else result.verdict.value).inc()
            return


def _carry(message: Message, content: Content, line: Line, page: Page) -> Result:
    try:
        envelope = _envelope(message, content)
    except mime.Unsendable as error:
        return DeliveryError(error.message, verdict=Verdict.UNSENDABLE, phase=Phase.BUILD)
    try:
        reply = _unaddressed(line.carry(envelope, page.note), message, envelope)
    except DeliveryError as error:
        error.reason = _unaddressed(error.reason, message, envelope)
        return error
    page.accept(reply)
    return Accepted(reply)


def _unaddressed(words: str, message: Message, envelope: Envelope) -> str:
    """Return the relay's words without the address that they quote: who may not see it reads them too."""
    addresses = "|".join(map(re.escape, (message.recipient, envelope.recipient)))
    return re.sub(addresses, "[address]", words, flags=re.IGNORECASE)


def _envelope(message: Message, content: Content) -> Envelope:
    letter = delivery.letter_of(message, content)
    return Envelope(
        message_id=message.id,
        return_path=addresses.return_path(message.id) or mime.wire_address(message.sender),
        recipient=mime.wire_address(message.recipient),
        letter=letter,
        raw=mime.build(letter),
    )
