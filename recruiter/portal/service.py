"""What a candidate does on their page; each deed is one transaction, and the recruiter sees it on Today."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor, Change
from recruiter.db.session import transaction
from recruiter.errors import Invalid, NotFound
from recruiter.notices import versions
from recruiter.notices.models import Rating
from recruiter.portal import queries, visits
from recruiter.portal.models import Response, ResponseKind
from recruiter.portal.visits import Visit
from recruiter.talent_pool import service as talent_pool
from recruiter.texts import service as texts
from recruiter.translations import catalogues, days
from recruiter.translations.catalogues import gettext, later
from recruiter.webhooks import service as webhooks
from recruiter.webhooks.service import Event, EventType

LONGEST = 1000  # characters
MOST_A_DAY = 20
# Of the words beside the pool question: with their language it is kept as proof of what was agreed to.
TEXT_VERSION = "page-2026-11"


class TooMany(Invalid):
    """So much came through one link today that it is not taken any more."""

    code = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something a candidate sends through the link ``token``; ``point_id`` for a response to a point."""

    token: str
    kind: ResponseKind
    text: str = ""
    point_id: uuid.UUID | None = None
    disagrees: bool = False


def say(command: Say) -> Response:
    """Keep what the candidate sent. Thanks are kept once, however often they are sent.

    Raises ``NotFound`` or ``PageClosed`` for the link, ``NotFound`` for a point of another letter, ``Invalid`` for an
    empty or overlong text, ``TooMany`` after 20 a day.
    """
    firm_id = visits.firm_behind(command.token)
    with transaction(firm_id) as session:
        visit = visits.enter(session, firm_id, command.token, lock=True)
        if command.kind is ResponseKind.THANKS:
            thanks = queries.find_thanks(session, firm_id, visit.notice.id)
            return thanks or _keep(session, visit, command)
        with catalogues.writing_to(visit.language):
            _check(session, visit, command)
        return _keep(session, visit, command)


def take_back_thanks(token: str) -> None:
    """Undo thanks; doing so again changes nothing. Raises ``NotFound`` or ``PageClosed``."""
    firm_id = visits.firm_behind(token)
    with transaction(firm_id) as session:
        visit = visits.enter(session, firm_id, token, lock=True)
        thanks = queries.find_thanks(session, firm_id, visit.notice.id)
        if thanks is not None:
            thanks.withdrawn_at = clock.now()
            _record(session, visit, "response.withdrawn", thanks.id)


def choose_pool(token: str, *, keep: bool) -> None:
    """Join the talent pool for the months that the page names, or say no; either can be changed later.

    Raises ``NotFound`` or ``PageClosed``.
    """
    firm_id = visits.firm_behind(token)
    with transaction(firm_id) as session:
        visit = visits.enter(session, firm_id, token, lock=True)
        visit.page.pool_choice = "yes" if keep else "no"
        candidate_id = visit.application.candidate_id
        if keep:
            months = visit.notice.data["pool"]["months"]
            talent_pool.join_by_choice(session, firm_id, candidate_id, months, _evidence(visit))
        else:
            talent_pool.leave(session, firm_id, candidate_id, Actor(ActorKind.CANDIDATE, candidate_id), "feedback page")
        _record(session, visit, "pool.chosen", visit.page.id, choice=visit.page.pool_choice)


def rate(token: str, value: int, comment: str = "") -> None:
    """Count how useful the feedback was, ``value`` from 1 to 5, once for each link and apart from every name.

    Nothing ties the rating to the page but the flag that it was given: neither key, moment nor audit entry.
    Raises ``NotFound``, ``PageClosed``, or ``Invalid``.
    """
    firm_id = visits.firm_behind(token)
    with transaction(firm_id) as session:
        visit = visits.enter(session, firm_id, token, lock=True)
        with catalogues.writing_to(visit.language):
            _check_length("comment", comment)
        if not visit.page.rated:
            visit.page.rated = True
            month = clock.today(visit.firm.time_zone).replace(day=1)
            session.add(Rating(firm_id=firm_id, value=value, comment=comment, month=month))
            assert visit.notice.template_version_id is not None, "a queued notice has its words"  # noqa: S101
            texts.rated(session, firm_id, visit.notice.template_version_id, value)


def _check(session: Session, visit: Visit, command: Say) -> None:
    if not command.text.strip():
        raise Invalid({"text": [gettext("Write what you would like to say.")]})
    _check_length("text", command.text)
    if command.point_id is not None:
        _check_point(session, visit, command.point_id)
    since = clock.now() - dt.timedelta(days=1)
    if queries.count_since(session, visit.firm.id, visit.notice.id, since) >= MOST_A_DAY:
        words = gettext("A lot came through this link today. Please try again tomorrow, or reply by email.")
        raise TooMany({"text": [words]})


def _check_point(session: Session, visit: Visit, point_id: uuid.UUID) -> None:
    known = versions.point_ids(versions.read(session, visit.firm.id, visit.notice))
    if point_id not in known.values():
        raise NotFound(later("There is no such point in this letter."))


def _check_length(field: str, text: str) -> None:
    if len(text) > LONGEST:
        words = gettext("Shorten this to %(most)s characters; it has %(found)s.")
        raise Invalid({field: [words % {"most": days.number(LONGEST), "found": days.number(len(text))}]})


def _keep(session: Session, visit: Visit, command: Say) -> Response:
    response = Response(
        firm_id=visit.firm.id,
        candidate_id=visit.application.candidate_id,
        application_id=visit.application.id,
        notice_id=visit.notice.id,
        point_id=command.point_id,
        kind=command.kind,
        text=command.text.strip(),
        disagrees=command.disagrees,
        answer=None,
    )
    session.add(response)
    session.flush()
    _record(session, visit, "response.received", response.id, kind=response.kind)
    webhooks.emit(
        session,
        visit.firm.id,
        Event(
            type=EventType.FEEDBACK_RESPONSE,
            subject_id=response.id,
            candidate_id=response.candidate_id,
            application_id=response.application_id,
            external_ids={
                "candidate": visit.application.candidate.external_id,
                "application": visit.application.external_id,
            },
            kind=response.kind,
        ),
    )
    return response


def _record(session: Session, visit: Visit, action: str, subject_id: uuid.UUID, **details: object) -> None:
    candidate_id = visit.application.candidate_id
    change = Change(action=action, subject_id=subject_id, candidate_id=candidate_id, details=details)
    audit.record(session, visit.firm.id, Actor(ActorKind.CANDIDATE, candidate_id), change)


def _evidence(visit: Visit) -> dict[str, str]:
    return {
        "how": "feedback page",
        "at": clock.now().isoformat(),
        "text_version": f"{TEXT_VERSION}-{catalogues.reader(visit.language).words}",
        "reference": str(visit.page.id),
    }
