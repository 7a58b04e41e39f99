"""The candidate's record: everything said to and by one person, and the next step."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts.models import Firm
from recruiter.applications import queries as applications
from recruiter.applications import standing
from recruiter.applications.models import Application
from recruiter.applications.standing import Standing
from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Candidate
from recruiter.contacts import queries as contacts
from recruiter.contacts.models import Reminder
from recruiter.db.keyset import Window
from recruiter.desk import queries, timeline
from recruiter.desk.timeline import Entry
from recruiter.notices.models import Notice, NoticeState
from recruiter.outbox import suppressions
from recruiter.outbox.models import StreamKind, Suppression
from recruiter.policies import promises
from recruiter.scorecards import queries as scorecards
from recruiter.scorecards.queries import Counted
from recruiter.talent_pool import queries as talent_pool
from recruiter.talent_pool.models import Membership


@dataclass(frozen=True, slots=True)
class Card:
    """One application as the record shows it; ``late`` in calendar days of the firm."""

    application: Application
    late: int
    notice: Notice | None
    standing: Standing

    @property
    def is_held(self) -> bool:
        """Whether its newest notice waits to leave."""
        return self.notice is not None and self.notice.state is NoticeState.HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What ``templates/pages/desk/record.html`` shows."""

    person: Candidate
    local_time: dt.datetime | None
    cards: Sequence[Card]
    notes: Mapping[uuid.UUID, Counted]
    membership: Membership | None
    reminders: Sequence[Reminder]
    suppression: Suppression | None
    entries: Sequence[Entry]
    file_until: dt.date | None

    @property
    def waiting(self) -> Card | None:
        """The application that needs a word first: the latest, else one that waits; none with a notice on its way."""
        cards = [card for card in self.cards if card.application.is_waiting and not card.is_held]
        return max(cards, key=lambda card: card.late, default=None)


def read(session: Session, firm: Firm, candidate_id: uuid.UUID) -> Record:
    """Read the record; raise ``NotFound``. A person who was erased has nothing on it but the date and the reason."""
    person = candidates.get_candidate(session, firm.id, candidate_id)
    today = clock.today(firm.time_zone)
    about = applications.of_candidate(session, firm.id, person.id)
    ids = [application.id for application in about]
    newest, stand = queries.newest_notices(session, firm.id, ids), standing.of_all(session, firm, about)
    return Record(
        person=person,
        local_time=clock.now() if person.time_zone else None,
        cards=[_card(each, newest.get(each.id), stand[each.id], today) for each in about],
        notes=scorecards.counted(session, firm.id, person.id),
        membership=talent_pool.find_current(session, firm.id, person.id, today),
        reminders=contacts.reminders(session, firm.id, Window(), candidate_id=person.id).items,
        suppression=_suppression(session, firm.id, person),
        entries=timeline.of_candidate(session, firm.id, person.id),
        file_until=_file_until([stand[key].file_until for key in ids]),
    )


def _card(application: Application, notice: Notice | None, stands: Standing, today: dt.date) -> Card:
    late = promises.days_late(application.promised_on, today) if application.is_waiting else 0
    return Card(application, late, notice, stands)


def _file_until(days: Sequence[dt.date | None]) -> dt.date | None:
    """Return until when the file is kept: the longest that an application asks for; None while one goes on."""
    ended = [day for day in days if day is not None]
    return max(ended) if ended and len(ended) == len(days) else None


def _suppression(session: Session, firm_id: uuid.UUID, person: Candidate) -> Suppression | None:
    return suppressions.find(session, firm_id, person.email, StreamKind.NOTICE) if person.email else None
