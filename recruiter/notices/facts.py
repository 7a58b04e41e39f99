"""What a letter is made of: collected once from the rows, frozen as plain values, never read again."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm, Member
from recruiter.applications import queries as applications
from recruiter.applications.models import Application, DecidedBy, Stage
from recruiter.errors import Invalid
from recruiter.feedback import contexts, modes
from recruiter.feedback.contexts import Circumstance
from recruiter.feedback.modes import Ruling
from recruiter.feedback.points import Feedback, Requirements
from recruiter.notices.models import OUTCOME_KINDS, NoticeKind
from recruiter.policies import queries as changes
from recruiter.policies import service as policies
from recruiter.policies.service import Policy
from recruiter.texts import variables
from recruiter.translations.catalogues import writing_to

PAGE_OPEN = dt.timedelta(days=90)
OFFERS = ("pool", "call", "rating")

_INTERVIEWED = frozenset({Stage.CLIENT_INTERVIEW, Stage.FINAL, Stage.OFFER})
_ROLE_STATUS = {"ROLE-FILLED": "filled", "ROLE-HOLD": "on_hold"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose letter it is: where and in which language they read it."""

    firm: Firm
    application: Application

    @property
    def zone(self) -> str:
        """The IANA zone in which the person lives, or else the firm's."""
        return self.application.candidate.time_zone or self.firm.time_zone

    @property
    def country(self) -> str | None:
        """The country whose holidays count for the person, or else the firm's."""
        return self.application.candidate.country or self.firm.place

    @property
    def language(self) -> str:
        """The language the person is written to in, or else the firm's."""
        return self.application.candidate.language or self.firm.language


@dataclass(frozen=True, slots=True)
class Case(Reader):
    """One application with everything a letter about it needs, and the policy that holds for it.

    ``pool_months`` is for how long the talent pool may be offered.
    """

    sender: Member
    policy: Policy
    pool_months: int

    @property
    def ruling(self) -> Ruling:
        """How much the person may be told, and why."""
        return modes.ruling(self.policy)

    @property
    def requirements(self) -> Requirements:
        """What the job asks for, by id."""
        return Requirements({str(each.id): each.text for each in self.application.job.requirements})


class NobodySigns(Invalid):
    """No active member would sign what is written about this application."""

    def __init__(self, application: Application) -> None:
        why = "The application has no owner, and the firm has no active admin to write for it."
        super().__init__({"sender": [why]}, f"{why} Choose an owner of the application; they sign.")
        self.application = application


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the letter says beyond the rows: reason, feedback, the offers on the page, the next date of an update.

    ``contexts`` are said after the reason, as far as they may be.
    """

    kind: NoticeKind
    reason: str
    outcome_code: str | None
    feedback: Feedback
    offers: tuple[str, ...] = OFFERS
    promised_on: dt.date | None = None
    contexts: tuple[Circumstance, ...] = ()


def get_case(
    session: Session, firm_id: uuid.UUID, application_id: uuid.UUID, sender: str | None = None, *, lock: bool = False
) -> Case:
    """Read an application with person, job and sender; ``lock`` makes other changes of it and of its person wait.

    The sender is the member with that e-mail address, else the application's owner, else the firm's first admin.
    Raises ``NotFound`` for the application and ``Invalid`` for a sender that is no active member, ``NobodySigns``.
    """
    if lock:
        applications.hold_person(session, firm_id, application_id)
    read = applications.get_for_update if lock else applications.get_application
    application = read(session, firm_id, application_id)
    signs = _sender(session, application, sender)
    firm = accounts.get_firm(session, firm_id)  # read with whoever signs
    place, client_id = application.place(firm.place), application.job.client_id
    made = changes.changes(session, firm_id, [client_id])
    return Case(
        firm,
        application,
        signs,
        policies.in_force(made, place.work, client_id),
        policies.pool_months(made, place, client_id, firm.pool_months),
    )


def freeze(case: Case, words: Words, leaves_at: dt.datetime, written_in: str) -> dict[str, Any]:
    """Return the facts of one letter as plain JSON values; everything a text may name, and no link.

    ``leaves_at`` dates the letter (where its reader lives) and the 90 days of its page. ``written_in`` is the language
    of its template (BCP 47 tag), which may not be the person's.
    """
    day = clock.local_date(leaves_at, case.zone)
    return {
        "kind": words.kind.value,
        "date": day.isoformat(),
        "zone": case.zone,
        "language": case.language,
        "written_in": written_in,
        **_people(case),
        **_role(case, words, written_in),
        "contexts": [each.as_dict() for each in words.contexts],
        "decision": {
            "reason_text": _reason(words, written_in),
            "by_client": case.application.decided_by is DecidedBy.CLIENT,
            "automated_notice": variables.automated_notice(written_in) if _is_automated(case, words) else "",
        },
        "status": {"reason_text": words.reason},
        "next_update": {"date": words.promised_on.isoformat() if words.promised_on else None},
        "feedback": _written(case, words).as_read(),
        "policy": _policy(case, words),
        "pool": {"offer": "pool" in words.offers, "months": case.pool_months},
        "call": {"offer": "call" in words.offers},
        "offers": list(words.offers),
        "page": {"open_until": clock.local_date(leaves_at + PAGE_OPEN, case.zone).isoformat()},
        "private": _private(case),
    }


def _reason(words: Words, language: str) -> str:
    """The reason with what may be said beside it, in the letter's language."""
    with writing_to(language):
        return " ".join(filter(None, (words.reason, *contexts.said(words.contexts))))


def _is_automated(case: Case, words: Words) -> bool:
    """Whether the letter tells a decision that no person made."""
    return words.kind in OUTCOME_KINDS and case.application.decided_by is DecidedBy.SYSTEM_RULE


def _policy(case: Case, words: Words) -> dict[str, Any]:
    """A correction says what was wrong; that is no reason for the decision."""
    ruling = case.ruling
    allowed = ruling.gives_reasons or words.kind is NoticeKind.CORRECTION
    return {"reasons_allowed": allowed, "feedback_mode": ruling.mode.value, "because": ruling.because}


def _written(case: Case, words: Words) -> Feedback:
    """The points as mail and page may have them."""
    return case.requirements.spelled_out(words.feedback) if case.ruling.writes_points else Feedback()


def public(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a text may name; the rest is for the checker alone."""
    return {name: value for name, value in facts.items() if name != "private"}


def _private(case: Case) -> dict[str, Any]:
    """What the checker has to know and no letter may say: a client's undisclosed name, ids of requirements."""
    client = case.application.job.client
    return {"client": client.name if client else "", "requirements": dict(case.requirements.texts)}


def _people(case: Case) -> dict[str, Any]:
    return {
        "candidate": variables.of_candidate(case.application.candidate.name or ""),
        "recruiter": variables.of_recruiter(case.sender, case.firm),
        "firm": variables.of_firm(case.firm),
    }


def _role(case: Case, words: Words, written_in: str) -> dict[str, Any]:
    application = case.application
    interview = application.last_interview_at
    return {
        "job": {"title": application.job.title},
        "client": variables.of_client(application.job.shown_client, written_in),
        "interview": {"date": clock.local_date(interview, case.zone).isoformat() if interview else None},
        "stage": {"name": application.stage.value, "interviewed": application.stage in _INTERVIEWED},
        "role": {"status": _ROLE_STATUS.get(words.outcome_code or "", "closed")},
    }


def _sender(session: Session, application: Application, email: str | None) -> Member:
    firm_id, owner = application.firm_id, application.owner
    if email is not None:
        return accounts.get_writer(session, firm_id, email)
    if owner is not None and owner.active:
        return owner
    first = accounts.find_first_admin(session, firm_id)
    if first is None:
        raise NobodySigns(application)
    return first
