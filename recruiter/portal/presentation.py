"""From the rows behind a link to what the page shows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.db.session import reading
from recruiter.feedback.models import PointKind
from recruiter.jobs import queries as jobs
from recruiter.notices import letter, links, page_view, versions
from recruiter.notices.page_view import CameBack, FirmOnPage, Message, OpenRole, PageView, RatingOnPage, Updated
from recruiter.notices.versions import Version
from recruiter.policies import promises
from recruiter.portal import queries, visits
from recruiter.portal.models import Response, ResponseKind
from recruiter.portal.visits import Visit
from recruiter.talent_pool import queries as talent_pool
from recruiter.texts import queries as texts
from recruiter.translations import catalogues

WROTE = {ResponseKind.QUESTION: "ask", ResponseKind.CALL: "call", ResponseKind.POINT: "point-{}"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the page has to say about the form that was just sent; ``errors`` in English or in the reader's words."""

    done: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    printing: bool = False


def show(token: str, told: Told) -> tuple[FirmOnPage, PageView]:
    """Return the firm and the page; raise ``NotFound`` or ``PageClosed``."""
    firm_id = visits.firm_behind(token)
    with reading(firm_id) as session:
        visit = visits.enter(session, firm_id, token)
        return page_view.firm_on_page(visit.notice.data), _view(session, visit, token, told)


def _view(session: Session, visit: Visit, token: str, told: Told) -> PageView:
    facts, zone = visit.notice.data, visit.zone
    known = versions.read(session, visit.firm.id, visit.notice)
    responses = queries.of_notices(session, visit.firm.id, [version.notice.id for version in known])
    base = url_for("portal.show", token=token)
    return PageView(
        letter=_letter(session, visit, known, responses),
        language=visit.language,
        base=base,
        open_until=clock.local_date(visit.page.expires_at, zone),
        call_name=facts["recruiter"]["first_name"],
        answer_by=promises.answered_by(clock.today(visit.firm.time_zone), visit.firm.place),
        thanked=_has_thanked(visit, responses),
        questions=_messages(responses, ResponseKind.QUESTION, zone),
        can_call="call" in facts["offers"],
        calls=_messages(responses, ResponseKind.CALL, zone),
        open_roles=_open_roles(session, visit),
        pool=page_view.pool_on_page(facts, visit.page.pool_choice or "", _kept_until(session, visit)),
        rating=RatingOnPage(visit.page.rated) if "rating" in facts["offers"] else None,
        updates=_updates(visit, known),
        came_back=None if told.done or told.errors else _came_back(visit, responses),
        done=told.done,
        errors=_in_words(told.errors, visit.language),
        values=told.values,
        print_url=f"{base}?print=1",
        printing=told.printing,
    )


def _in_words(errors: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what a form says, which does not know its reader, in the reader's words."""
    with catalogues.writing_to(language):
        return {field: catalogues.gettext(words) for field, words in errors.items()}


def _has_thanked(visit: Visit, responses: Sequence[Response]) -> bool:
    """Thanks are taken back through the link they came by."""
    return any(each.kind is ResponseKind.THANKS and each.notice_id == visit.notice.id for each in responses)


def _letter(
    session: Session, visit: Visit, known: Sequence[Version], responses: Sequence[Response]
) -> letter.PageLetter:
    """Return the letter with the points that hold now; what was said about a point stands by it in every wording."""
    assert visit.notice.template_version_id is not None, "a queued notice has its words"  # noqa: S101
    version = texts.get_version(session, visit.firm.id, visit.notice.template_version_id)
    ids = versions.point_ids(known)
    gaps = [str(ids[name]) for name, row in known[-1].named() if row.kind is PointKind.GAP]
    said: dict[str, list[Message]] = {}
    for response in responses:
        if response.point_id is not None:
            said.setdefault(str(response.point_id), []).append(_message(response, visit.zone))
    facts = visit.notice.data | {"feedback": known[-1].written.as_read()}
    words = letter.page(version, facts, links.masked_url())
    return page_view.with_gaps(words, dict(enumerate(gaps)), said)


def _kept_until(session: Session, visit: Visit) -> dt.date | None:
    today = clock.today(visit.firm.time_zone)
    membership = talent_pool.find_current(session, visit.firm.id, visit.application.candidate_id, today)
    return membership.ends_on if membership else None


def _open_roles(session: Session, visit: Visit) -> list[OpenRole]:
    """Return what the firm advertises besides the role of this letter."""
    found = jobs.open_jobs(session, visit.firm.id)
    return [
        OpenRole(job.title, job.location or "")
        for job in found
        if job.advertised and job.id != visit.application.job_id
    ]


def _updates(visit: Visit, known: Sequence[Version]) -> list[Updated]:
    """Return what was put right after this letter, the latest first."""
    later = [update for update in versions.updates(known) if update.version > visit.notice.version]
    return [Updated(clock.local_date(update.at, visit.zone), update.text, update.earlier) for update in later]


def _came_back(visit: Visit, responses: Sequence[Response]) -> CameBack | None:
    """Return what was written last; thanks stand in their own place."""
    response = next((response for response in reversed(responses) if response.kind in WROTE), None)
    if response is None:
        return None
    message = _message(response, visit.zone)
    due = promises.answered_by(clock.local_date(response.created_at, visit.firm.time_zone), visit.firm.place)
    is_open = message.answered_on is None and due >= clock.today(visit.firm.time_zone)
    return CameBack(
        response.kind.value,
        message.said_on,
        f"section-{WROTE[response.kind].format(response.point_id)}",
        answer_by=due if is_open else None,
        answered_on=message.answered_on,
    )


def _messages(responses: Sequence[Response], kind: ResponseKind, zone: str) -> list[Message]:
    return [_message(response, zone) for response in responses if response.kind is kind]


def _message(response: Response, zone: str) -> Message:
    said_on = clock.local_date(response.created_at, zone)
    if response.answer is None:
        return Message(response.text, said_on)
    answer = response.answer
    outcome = answer.outcome.said if answer.outcome else ""
    return Message(response.text, said_on, answer.text, clock.local_date(answer.created_at, zone), outcome)
