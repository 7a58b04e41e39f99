"""What each kind of mail does, in the transaction that records it. None of it ever writes a mail."""

import datetime as dt

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM
from recruiter.inbox import hearers, queries, reading
from recruiter.inbox.hearers import Reply, Return
from recruiter.inbox.models import InboundMail
from recruiter.inbox.reading import Mail
from recruiter.inbox.reports import Lasting, lasting
from recruiter.inbox.rules import MailKind
from recruiter.outbox import settlement, suppressions
from recruiter.outbox.addresses import Way
from recruiter.outbox.models import Message, MessageState
from recruiter.outbox.settlement import Accepted
from recruiter.outbox.streams import Outcome
from recruiter.outbox.suppressions import Suppress

PASSING_MOST = 3
PASSING_WITHIN = dt.timedelta(days=14)
PASSING_REST = dt.timedelta(days=30)

_UNDER_WAY = {MessageState.LEASED, MessageState.SENDING}


class TooEarly(Exception):
    """The message is still under way, so what came back overtook the news that it left; the mail waits a moment."""


def apply(session: Session, row: InboundMail, mail: Mail, message: Message | None) -> None:
    """Do what the row's kind asks for; ``message`` is the one of ours that the mail is about, if any."""
    if message is None:
        return
    if row.kind is MailKind.BOUNCE:
        _bounce(session, row, mail, message)
    elif row.kind is MailKind.COMPLAINT:
        _complaint(session, row, mail, message)
    elif row.kind is MailKind.UNSUBSCRIBE and not row.is_unverified:
        _unsubscribe(session, row, mail, message)
    elif row.kind in {MailKind.REPLY, MailKind.UNSUBSCRIBE}:
        _reply(session, row, mail, message)
    elif row.kind is MailKind.AUTOMATIC and row.is_trusted:
        _arrived(session, row, message)


def _bounce(session: Session, row: InboundMail, mail: Mail, message: Message) -> None:
    """Only the code in the address it came to proves that a returned mail is about this message."""
    if not row.is_trusted or mail.named is None or mail.named.way is not Way.BOUNCE:
        row.is_trusted = False
        return
    _wait_while_under_way(message)
    report = mail.report
    row.status = report.status if report else ""
    detail = (report.detail if report else "") or "The mail server gave no reason."
    meaning = lasting(row.status) if report else Lasting.FOR_GOOD
    session.flush()
    _suppress_returned(session, message, meaning, f"Mail came back on {clock.now():%Y-%m-%d}: {row.status} {detail}")
    _came_back(session, message, Return("bounced", f"{row.status} {detail}".strip()))


def _suppress_returned(session: Session, message: Message, meaning: Lasting, reason: str) -> None:
    now, expires_at = clock.now(), None
    if meaning is Lasting.NOT_ABOUT_IT:
        return
    if meaning is Lasting.FOR_NOW:
        count = queries.count_passing(session, message.firm_id, message.recipient, now - PASSING_WITHIN)
        if count < PASSING_MOST:
            return
        expires_at = now + PASSING_REST
    _suppress(session, message, reason, expires_at)


def _complaint(session: Session, row: InboundMail, mail: Mail, message: Message) -> None:
    """Whoever can name the message has it before them, and may want no more of it; not who only claims to be them."""
    row.is_trusted = not row.is_unverified
    if row.is_unverified:
        return
    _wait_while_under_way(message)
    _arrived(session, row, message)
    detail = mail.report.detail if mail.report else ""
    _suppress(session, message, f"Marked as unwanted on {clock.now():%Y-%m-%d} ({detail})", None)
    _came_back(session, message, Return("complained", "The person marked it as unwanted."))
    if message.candidate_id is not None:
        hearers.usher().unsubscribed(session, message.firm_id, message.candidate_id)


def _unsubscribe(session: Session, row: InboundMail, mail: Mail, message: Message) -> None:
    """Who is in no pool cannot leave one: then it is an answer that a person should read."""
    _arrived(session, row, message)
    if message.candidate_id is None:
        return
    if hearers.usher().unsubscribed(session, message.firm_id, message.candidate_id):
        row.candidate_id = message.candidate_id
    else:
        _reply(session, row, mail, message)


def _reply(session: Session, row: InboundMail, mail: Mail, message: Message) -> None:
    if message.candidate_id is None:
        return
    _arrived(session, row, message)
    reply = Reply(
        firm_id=message.firm_id,
        candidate_id=message.candidate_id,
        written_at=reading.written_at(mail, row.created_at),
        subject=mail.subject,
        text=reading.words(mail),
        address=mail.address,
        is_unverified=row.is_unverified,
    )
    if hearers.listener().replied(session, reply):
        row.candidate_id = message.candidate_id
    else:
        row.raw = row.address = None


def _came_back(session: Session, message: Message, why: Return) -> None:
    if message.state is MessageState.ACCEPTED:
        hearer = hearers.hearer(message.stream)
        if hearer is not None:
            hearer.came_back(session, message, why)
    elif _is_in_doubt(message):
        message.problem_code, message.problem_detail = why.code, why.detail
        settlement.end(session, message, MessageState.REJECTED, Outcome.REJECTED)
    audit.record_of(session, message, SYSTEM, f"mail.{why.code}", detail=why.detail)


def _arrived(session: Session, row: InboundMail, message: Message) -> None:
    """An answer proves that a doubtful message was read: its doubt has ended, and it is not sent once more."""
    if _is_in_doubt(message) and not row.is_unverified:
        settlement.conclude(session, message, Accepted("somebody answered it"), None)


def _is_in_doubt(message: Message) -> bool:
    """Whether it may have arrived, and waits for a sign of that or to be sent once more."""
    return message.doubts > 0 and message.state in {MessageState.DOUBTFUL, MessageState.QUEUED}


def _wait_while_under_way(message: Message) -> None:
    if message.state in _UNDER_WAY:
        raise TooEarly


def _suppress(session: Session, message: Message, reason: str, expires_at: dt.datetime | None) -> None:
    command = Suppress(address=message.recipient, reason=reason, expires_at=expires_at)
    suppressions.suppress(session, message.firm_id, command)
    audit.record_of(session, message, SYSTEM, "mail.suppressed", until=expires_at and expires_at.isoformat())
