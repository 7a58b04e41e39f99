"""The Outbox: what waits to leave, what left, what did not, and the exact text of each."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.candidates import queries as candidates
from recruiter.desk import queries
from recruiter.desk.view import Tab
from recruiter.errors import NotFound
from recruiter.outbox import queries as outbox
from recruiter.outbox import replays, replies, streams
from recruiter.outbox.models import Attempt, Message, MessageState, StreamKind
from recruiter.outbox.replays import REASONS, Replayed
from recruiter.outbox.replies import Said
from recruiter.web.jinja import moment, plural

WITHDRAW_AT = {  # the page that takes it back, and what names the subject there
    StreamKind.NOTICE: ("notices.withdraw", "notice_id"),
    StreamKind.POOL: ("talent_pool.withdraw", "invitation_id"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the Outbox: what its tab says, the states of its messages, and what is said of one and of several."""

    label: str
    states: Collection[MessageState]
    one: str
    several: str


PARTS = {
    "waiting": Part("Waiting", outbox.WAITING, "waits to leave.", "wait to leave."),
    "sent": Part("Sent today", outbox.SENT, "left today.", "left today."),
    "problems": Part("Problems", outbox.PROBLEMS, "did not get through.", "did not get through."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the list; ``problem`` is what became of it in words, and what a mail server said.

    ``undo_url`` is empty once it was tried, or where nobody can take it back; ``doubt_url`` is where a member decides
    about a mail that may have arrived, ``again_url`` where one that ended is sent again, else empty.
    """

    message: Message
    to: str
    kind: str
    state: str
    problem: Said
    undo_url: str
    doubt_url: str
    again_url: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One part, or what of it ended for one reason: its newest messages, and ``counted``, how many there are, in words.

    ``messages`` is how many that is. ``reasons`` are why those of the part ended, each with its words; ``able`` is how
    many that ended for the chosen one may be sent again, in one go.
    """

    tabs: Sequence[Tab]
    lines: Sequence[Line]
    counted: str
    messages: int
    reasons: Sequence[tuple[str, str]]
    able: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message whole: what goes or went, word for word, and each try."""

    line: Line
    subject: str
    text: str
    attempts: Sequence[Attempt]

    @property
    def moment_label(self) -> str:
        """What the moment is at which it left, leaves or, where it did not, was to leave."""
        state = self.line.message.state
        return "Leaves" if state in outbox.WAITING else "Left" if state in outbox.SENT else "Was to leave"


def read(session: Session, firm: Firm, chosen: str, reason: str = "") -> Listed:
    """Return a part with its newest fifty messages, what waits by when it leaves; raise ``NotFound`` for no part.

    With a ``reason``, one of ``replays.REASONS``, they are those that ended for it.
    """
    if chosen not in PARTS or reason not in {"", *REASONS}:
        raise NotFound("There is no such part of the Outbox.")
    counts = {name: queries.count_messages(session, _in_part(firm, name)) for name in PARTS}
    reasons = queries.count_by_reason(session, _in_part(firm, chosen)) if chosen == "problems" else {}
    wanted = sa.and_(_in_part(firm, chosen), replays.reason() == reason) if reason else _in_part(firm, chosen)
    found = queries.messages(session, wanted, waits=chosen == "waiting")
    counted = queries.count_messages(session, wanted) if reason else counts[chosen]
    names = candidates.names(session, firm.id, {message.candidate_id for message in found if message.candidate_id})
    return Listed(
        tabs=[_tab(name, messages, chosen) for name, (messages, _) in counts.items()],
        lines=[_line(message, names) for message in found],
        counted=_counted(PARTS[chosen], *counted),
        messages=counted[0],
        reasons=[(each, f"{REASONS[each]} ({reasons[each][0]})") for each in REASONS if each in reasons],
        able=min(reasons.get(reason, (0, 0))[1], replays.MOST),
    )


def sheet(session: Session, firm_id: uuid.UUID, message_id: uuid.UUID) -> Sheet:
    """Return one message with the text that was kept when it left, or that will leave; raise ``NotFound``.

    The link is masked: what opens the candidate's page is for the candidate.
    """
    message = outbox.get_message(session, firm_id, message_id)
    if message.candidate_id is None:
        raise NotFound("This message is not one to a candidate.")
    names = candidates.names(session, firm_id, {message.candidate_id})
    subject, text = _words(session, message)
    return Sheet(_line(message, names), subject, text, outbox.attempts_of(session, firm_id, message_id))


def _tab(name: str, messages: int, chosen: str) -> Tab:
    url = url_for("outbox.show", tab=name if name != "waiting" else None)
    return Tab(PARTS[name].label, url, name == chosen, messages)


def _in_part(firm: Firm, name: str) -> sa.ColumnElement[bool]:
    """Return the condition of a part's messages; "sent" is today in the firm's zone."""
    midnight = clock.begins(clock.today(firm.time_zone), firm.time_zone)
    return queries.messages_in(firm.id, PARTS[name].states, since=midnight if name == "sent" else None)


def _counted(part: Part, messages: int, people: int) -> str:
    done = part.one if messages == 1 else part.several
    return f"{plural(messages, 'message')} to {plural(people, 'person', 'people')} {done}"


def _words(session: Session, message: Message) -> tuple[str, str]:
    if message.sent_text is not None:
        return message.sent_subject or "", message.sent_text
    if not message.recipient:
        return "", "The person was erased, and the text with them."
    stream = streams.find(message.stream)
    assert stream is not None, "every kind that a candidate gets has one"  # noqa: S101
    content = stream.writers(session, [message])[message.id]()
    return content.subject, content.kept_text


def _state(message: Message) -> str:
    if message.state is MessageState.DOUBTFUL and message.lease_until is None:
        return "may have arrived; you decide whether it is sent once more"
    return message.state.words


def _line(message: Message, names: dict[uuid.UUID, str]) -> Line:
    name = names.get(message.candidate_id, "") if message.candidate_id else ""
    return Line(
        message,
        name or "Somebody who was erased",
        message.stream.label,
        _state(message),
        replies.explained(message.problem_code, message.problem_detail),
        _undo_url(message),
        url_for("outbox.decide_doubt", message_id=message.id) if message.state is MessageState.DOUBTFUL else "",
        url_for("outbox.send_again", message_id=message.id) if replays.why_not(message) is None else "",
    )


def sent_again(replayed: Replayed, zone: str) -> str:
    """Return in words what came of sending several again: when they leave, and why others do not."""
    parts = []
    if replayed.leave_at:
        number, first = len(replayed.leave_at), moment(min(replayed.leave_at), zone)
        parts.append(f"{plural(number, 'message')} {'leaves' if number == 1 else 'leave'} again, the first {first}.")
    parts += [f"{plural(number, 'message')} not sent again: {why}" for why, number in replayed.skipped.most_common()]
    return " ".join(parts) or "Nothing was left to send again."


def _undo_url(message: Message) -> str:
    can_undo = message.state in {MessageState.QUEUED, MessageState.LEASED} and not message.times_tried
    if not can_undo or message.stream not in WITHDRAW_AT:
        return ""
    endpoint, name = WITHDRAW_AT[message.stream]
    subject: dict[str, Any] = {name: message.subject_id}
    return url_for(endpoint, **subject)
