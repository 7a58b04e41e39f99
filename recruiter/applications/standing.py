"""How an application stands under the policies: what may be told, until when, and the proof of what was told."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm
from recruiter.applications import queries, tellings
from recruiter.applications.models import Application, Decision, Stage, Telling
from recruiter.applications.tellings import Duty
from recruiter.db.session import reading
from recruiter.policies import promises
from recruiter.policies import queries as changes
from recruiter.policies import service as policies
from recruiter.policies.calendars import add_working_days, is_working_day
from recruiter.policies.models import PolicyChange
from recruiter.policies.service import Policy
from recruiter.policies.values import PolicyName

_NOTICE = {
    Stage.APPLICATION: PolicyName.NOTICE_APPLICATION,
    Stage.SCREENING: PolicyName.NOTICE_SCREENING,
    Stage.SUBMITTED: PolicyName.NOTICE_SUBMITTED,
    Stage.CLIENT_INTERVIEW: PolicyName.NOTICE_CLIENT_INTERVIEW,
}
_ENDED = frozenset({Decision.NOT_SELECTED, Decision.ROLE_CLOSED, Decision.WITHDREW})


@dataclass(frozen=True, slots=True)
class KeptTelling:
    """One telling, and the day until which a law wants it kept, if one does."""

    telling: Telling
    kept_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one application stands; days are dates of the firm.

    ``tell_by`` is until when the policy wants a decision told that the person waits for, ``duty`` what a law asks for,
    ``file_until`` until when the file is kept for it; None while it goes on, and for who was hired.
    """

    policy: Policy
    tell_by: dt.date | None
    duty: Duty | None
    told: Sequence[KeptTelling]
    file_until: dt.date | None


def get(firm_id: uuid.UUID, application_id: uuid.UUID) -> Standing:
    """Return how an application stands, or raise ``NotFound``."""
    with reading(firm_id) as session:
        application = queries.get_application(session, firm_id, application_id)
        return of_all(session, accounts.get_firm(session, firm_id), [application])[application.id]


def of_all(session: Session, firm: Firm, about: Sequence[Application]) -> dict[uuid.UUID, Standing]:
    """Return by id how these applications of a firm stand, each with its person, job and client loaded."""
    told = tellings.of_applications(session, firm.id, [each.id for each in about])
    made = changes.changes(session, firm.id, {each.job.client_id for each in about})
    return {each.id: _standing(firm, made, each, told.get(each.id, [])) for each in about}


def next_word_on(session: Session, application: Application) -> dt.date | None:
    """Return the day by which somebody hears again who is told today that it takes longer, or None without a promise.

    Days are working days of the firm's place; the application's person, job and client are loaded.
    """
    firm, client_id = accounts.get_firm(session, application.firm_id), application.job.client_id
    policy = policies.policy_for(session, firm.id, application.place(firm.place), client_id)
    days = policies.next_word(policy, {**promises.PROMISE_DAYS, **firm.promise_days})
    return promises.promised_on(application.stage, clock.today(firm.time_zone), firm.place, days)


def tell_by(policy: Policy, stage: Stage, decided_on: dt.date, place: str | None, *, closed: bool) -> dt.date:
    """Return until when the policy wants a decision told: working days of the firm's ``place`` after its day.

    The same day is the next working day for what was decided on a day off. ``closed``: the role was, for everybody.
    """
    name = PolicyName.NOTICE_ROLE if closed else _NOTICE.get(stage, PolicyName.NOTICE_FINAL)
    days = policy.days(name) or (0 if is_working_day(decided_on, place) else 1)
    return add_working_days(decided_on, days, place)


def _standing(firm: Firm, made: Sequence[PolicyChange], application: Application, told: Sequence[Telling]) -> Standing:
    place, client_id = application.place(firm.place), application.job.client_id
    policy = policies.in_force(made, place.work, client_id)
    decided_on = clock.local_date(application.decided_at, firm.time_zone) if application.decided_at else None
    ended = decided_on if application.decision in _ENDED else None
    return Standing(
        policy,
        _tell_by(firm, policy, application, decided_on) if decided_on and application.is_waiting else None,
        tellings.duty_of(application, told, firm.time_zone),
        [KeptTelling(each, tellings.kept_until(application, each, firm.time_zone)) for each in told],
        policies.file_kept(made, place, client_id).after(ended) if ended else None,
    )


def _tell_by(firm: Firm, policy: Policy, application: Application, decided_on: dt.date) -> dt.date:
    closed = application.decision is Decision.ROLE_CLOSED
    return tell_by(policy, application.stage, decided_on, firm.place, closed=closed)
