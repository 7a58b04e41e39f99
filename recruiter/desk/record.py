"""The candidate's record: everything said to and by one person, and the next step."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.applications import queries as applications
from recruiter.applications import tellings
from recruiter.applications.models import Application, Decision, Stage, Telling
from recruiter.applications.tellings import Duty
from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Candidate
from recruiter.contacts import queries as contacts
from recruiter.contacts.models import Reminder
from recruiter.db.keyset import Window
from recruiter.desk import queries, timeline
from recruiter.desk.timeline import Entry
from recruiter.notices.models import Notice
from recruiter.outbox import suppressions
from recruiter.outbox.models import StreamKind, Suppression
from recruiter.policies import clocks, promises
from recruiter.policies import queries as policy_queries
from recruiter.policies import service as policies
from recruiter.policies.calendars import add_working_days
from recruiter.policies.models import PolicyChange
from recruiter.policies.service import Policy
from recruiter.policies.values import PolicyName, Span
from recruiter.talent_pool import queries as talent_pool
from recruiter.talent_pool.models import Membership

_NOTICE = {
    Stage.APPLICATION: PolicyName.NOTICE_APPLICATION,
    Stage.SCREENING: PolicyName.NOTICE_SCREENING,
    Stage.SUBMITTED: PolicyName.NOTICE_SUBMITTED,
    Stage.CLIENT_INTERVIEW: PolicyName.NOTICE_CLIENT_INTERVIEW,
}
_ENDED = frozenset({Decision.NOT_SELECTED, Decision.ROLE_CLOSED, Decision.WITHDREW})


@dataclass(frozen=True, slots=True)
class Card:
    """One application as the record shows it; ``late`` in calendar days of the firm, days are dates of the firm.

    ``tell_by`` is until when the policy wants a decision told, ``duty`` what a law asks for; ``told`` are the proofs,
    each with the day until which a law wants it kept.
    """

    application: Application
    late: int
    notice: Notice | None
    tell_by: dt.date | None
    duty: Duty | None
    told: Sequence[tuple[Telling, dt.date | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What ``templates/pages/desk/record.html`` shows."""

    person: Candidate
    local_time: dt.datetime | None
    cards: Sequence[Card]
    membership: Membership | None
    reminders: Sequence[Reminder]
    suppression: Suppression | None
    entries: Sequence[Entry]
    file_until: dt.date | None

    @property
    def waiting(self) -> Card | None:
        """The application that needs a word first: the one that is latest, else one that waits."""
        cards = [card for card in self.cards if card.application.is_waiting]
        return max(cards, key=lambda card: card.late, default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """The policies of a firm as they hold today, its date."""

    firm: Firm
    changes: Sequence[PolicyChange]
    today: dt.date

    def of(self, application: Application) -> Policy:
        """Return the policy of the decision on an application."""
        return policies.in_force(self.changes, application.place(self.firm.country).work, application.job.client_id)

    def kept(self, application: Application) -> Span:
        """Return how long the file is kept after the decision on an application."""
        return policies.file_kept(self.changes, application.place(self.firm.country), application.job.client_id)

    def decided_on(self, application: Application) -> dt.date:
        """Return the day of the decision."""
        assert application.decided_at is not None, "it is decided"  # noqa: S101
        return clocks.local(application.decided_at, self.firm.time_zone)


def read(session: Session, firm: Firm, candidate_id: uuid.UUID) -> Record:
    """Read the record; raise ``NotFound``. A person who was erased has nothing on it but the date and the reason."""
    person = candidates.get_candidate(session, firm.id, candidate_id)
    today = clock.today(firm.time_zone)
    about = applications.of_candidate(session, firm.id, person.id)
    ids = [application.id for application in about]
    newest, told = queries.newest_notices(session, firm.id, ids), tellings.of_applications(session, firm.id, ids)
    rules = Rules(firm, policy_queries.changes(session, firm.id, {each.job.client_id for each in about}), today)
    return Record(
        person=person,
        local_time=clock.now() if person.time_zone else None,
        cards=[_card(rules, each, newest.get(each.id), told.get(each.id, [])) for each in about],
        membership=talent_pool.find_current(session, firm.id, person.id, today),
        reminders=contacts.reminders(session, firm.id, Window(), candidate_id=person.id).items,
        suppression=_suppression(session, firm.id, person),
        entries=timeline.of_candidate(session, firm.id, person.id),
        file_until=_file_until(rules, about),
    )


def _card(rules: Rules, application: Application, notice: Notice | None, told: Sequence[Telling]) -> Card:
    zone, waits = rules.firm.time_zone, application.is_waiting
    return Card(
        application,
        promises.days_late(application.promised_on, rules.today) if waits else 0,
        notice,
        _tell_by(rules, application) if waits and not application.is_open else None,
        tellings.duty_of(application, told, zone),
        [(each, tellings.kept_until(application, each, zone)) for each in told],
    )


def _tell_by(rules: Rules, application: Application) -> dt.date | None:
    """Return until when the policy wants a decision told: working days of the firm's country after its day."""
    closed = application.decision is Decision.ROLE_CLOSED
    name = PolicyName.NOTICE_ROLE if closed else _NOTICE.get(application.stage, PolicyName.NOTICE_FINAL)
    days = rules.of(application).days(name)
    return add_working_days(rules.decided_on(application), days, rules.firm.country)


def _file_until(rules: Rules, about: Sequence[Application]) -> dt.date | None:
    """Return until when the file is kept: of every application that ended, the longest; None while one goes on."""
    if not all(application.decision in _ENDED for application in about):
        return None
    return max((rules.kept(each).after(rules.decided_on(each)) for each in about), default=None)


def _suppression(session: Session, firm_id: uuid.UUID, person: Candidate) -> Suppression | None:
    return suppressions.find(session, firm_id, person.email, StreamKind.NOTICE) if person.email else None
