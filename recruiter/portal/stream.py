"""The answers' stream: what the mail says that tells of an answer, and whether it may still leave."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.candidates import queries as candidates
from recruiter.notices import facts, links
from recruiter.notices import queries as notices
from recruiter.outbox import backoff
from recruiter.outbox.models import Message
from recruiter.outbox.replays import Again
from recruiter.outbox.streams import Content, Outcome, Stop, Writer
from recruiter.portal import queries
from recruiter.texts import queries as texts
from recruiter.texts import rendering


class AnswerStream:
    """Tells a person that there is an answer, without its text."""

    resends_when_in_doubt = True

    def may_leave(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
        """Stop for a person who was erased, who has another address now, or whose page has closed."""
        found = {message.id: _stop(session, message) for message in messages}
        return {key: stop for key, stop in found.items() if stop is not None}

    def writers(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Writer]:
        """Word each from the frozen template version, with the link to the page; answers are few."""
        return {message.id: _writer(session, message) for message in messages}

    def resume(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Again | str]:
        """Let those leave at once that still may, as when they were given: the page has shown the answer since then."""
        stops, now = self.may_leave(session, messages), clock.now()
        again = Again(now, now + backoff.KEEP_TRYING)
        return {message.id: stops[message.id].detail if message.id in stops else again for message in messages}

    def settled(self, session: Session, messages: Sequence[Message], outcome: Outcome) -> None:
        """Keep nothing: the message row itself says how far the mail came."""


def _stop(session: Session, message: Message) -> Stop | None:
    assert message.candidate_id is not None  # noqa: S101
    candidate = candidates.get_candidate(session, message.firm_id, message.candidate_id)
    if message.recipient not in {each.address for each in candidate.emails}:
        return Stop("no_address", "The address this was meant for is not the person's any more.")
    answer = queries.get_answer(session, message.firm_id, message.subject_id)
    page = notices.get_page(session, message.firm_id, answer.response.notice_id)
    if not notices.is_open(page, clock.now()):
        return Stop("page_closed", "The page with the answer has closed. Send them a new link, or call them.")
    return None


def _writer(session: Session, message: Message) -> Writer:
    payload: dict[str, Any] = message.payload or {}
    answer = queries.get_answer(session, message.firm_id, message.subject_id)
    page = notices.get_page(session, message.firm_id, answer.response.notice_id)
    version = texts.get_version(session, message.firm_id, uuid.UUID(payload["template_version_id"]))
    notice = notices.get_notice(session, message.firm_id, answer.response.notice_id)
    named = facts.public(notice.data) | {"recruiter": payload["recruiter"], "reply": payload["reply"]}
    named["candidate"] = named["candidate"] | {"page_url": links.url(page)}
    thread = tuple(notices.sent_message_ids(session, message.firm_id, answer.response.application_id))
    secrets = (links.token(page.id, page.version),)

    language = payload["written_in"]

    def write() -> Content:
        mail = rendering.mail(version, named, language)
        return Content(
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            language=language,
            secrets=secrets,
            references=thread,
        )

    return write
