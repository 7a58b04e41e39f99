"""From the token of a link to the page it opens, or to the words that say why it does not."""

import datetime as dt
import uuid
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm, Member
from recruiter.applications import queries as applications
from recruiter.applications.models import Application
from recruiter.candidates import queries as candidates
from recruiter.candidates.queries import Erased
from recruiter.db.doors import Door, firm_of, hash_of
from recruiter.errors import Gone, NotFound
from recruiter.notices import queries as notices
from recruiter.notices.models import FeedbackPage, Notice, NoticeState
from recruiter.translations.catalogues import later

UNKNOWN = later("This link does not open a page. Please use the link exactly as it stands in the email.")
NO_LONGER = "This link is no longer in use."
NOT_OPEN = frozenset({NoticeState.DRAFT, NoticeState.WITHDRAWN, NoticeState.FAILED})


class PageClosed(Gone):
    """The page was there and has ended. It names the firm and how to reach it, and nobody else.

    ``on`` is the day (in the zone of its reader) on which its time was over, or None when the link was withdrawn or
    replaced. ``language`` is the reader's, or else the firm's (BCP 47 tag).
    """

    code = "page_closed"

    def __init__(self, message: str, firm: Firm, language: str, on: dt.date | None = None) -> None:
        super().__init__(message)
        self.firm = firm
        self.language = language
        self.on = on


@dataclass(frozen=True, slots=True)
class Visit:
    """An open page with the rows around it."""

    firm: Firm
    page: FeedbackPage
    notice: Notice
    application: Application
    sender: Member

    @property
    def zone(self) -> str:
        """The IANA zone in which the candidate lives, or else the firm's."""
        return self.application.candidate.time_zone or self.firm.time_zone

    @property
    def language(self) -> str:
        """The language the letter was sent into (BCP 47 tag), whatever is the person's today; erased, the firm's."""
        return str(self.notice.data.get("language", self.firm.language))


def firm_behind(token: str) -> uuid.UUID:
    """Return the firm that gave out this token; raise ``NotFound`` for one that nobody gave out."""
    value = hash_of(token)
    firm_id = firm_of(Door.FEEDBACK_PAGE, value) or firm_of(Door.REPLACED_LINK, value)
    if firm_id is None:
        raise NotFound(UNKNOWN)
    return firm_id


def enter(session: Session, firm_id: uuid.UUID, token: str, *, lock: bool = False) -> Visit:
    """Return the open page of a token; ``lock`` makes other changes by or about the same person wait.

    Raises ``NotFound`` for an unknown token and ``PageClosed`` once the page has ended or has a newer link.
    """
    firm, value = accounts.get_firm(session, firm_id), hash_of(token)
    if notices.is_replaced(session, firm_id, value):
        raise PageClosed(NO_LONGER, firm, firm.language)
    page = notices.get_page_by_hash(session, firm_id, value)
    notice = notices.get_notice(session, firm_id, page.notice_id)
    application = applications.get_application(session, firm_id, notice.application_id)
    assert notice.sender_id is not None, "a queued notice has a sender"  # noqa: S101
    visit = Visit(firm, page, notice, application, accounts.get_member(session, firm_id, notice.sender_id))
    _refuse_closed(visit)
    if lock:
        with suppress(Erased):  # their page was revoked with them, which is said next
            candidates.get_for_update(session, firm_id, application.candidate_id)  # first, as an erasure does
        session.refresh(page, with_for_update=True)
        _refuse_closed(visit)
    return visit


def _refuse_closed(visit: Visit) -> None:
    now, page, notice = clock.now(), visit.page, visit.notice
    if page.revoked_at is not None or notice.state in NOT_OPEN:
        raise PageClosed(NO_LONGER, visit.firm, visit.language)
    if now >= page.expires_at:
        closed_on = clock.local_date(page.expires_at, visit.zone)
        raise PageClosed("This page has closed.", visit.firm, visit.language, on=closed_on)
    if notice.leaves_at is None or now < notice.leaves_at:
        raise NotFound(UNKNOWN)  # still held: nobody has this link yet
