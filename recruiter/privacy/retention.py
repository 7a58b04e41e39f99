"""What is kept no longer than the policies say: listed a month before, and erased when nobody objected."""

import datetime as dt
import functools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import ASKED, ASKED_LASTS, Firm
from recruiter.applications import tellings
from recruiter.audit import queries as entries
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.candidates.models import Candidate
from recruiter.candidates.queries import Erased, LegalHold
from recruiter.db import locks
from recruiter.db.doors import Due, firms_with
from recruiter.db.keyset import Page, Window
from recruiter.db.session import reading, transaction
from recruiter.inbox import service as inbox
from recruiter.notices.models import Notice
from recruiter.policies import queries as changes
from recruiter.policies import service as policies
from recruiter.policies.jurisdictions import Place
from recruiter.privacy import erasure, queries, service
from recruiter.privacy.erasure import FileGoingIn
from recruiter.privacy.models import PlannedErasure
from recruiter.privacy.queries import Person
from recruiter.privacy.service import Erase, MailLeaving, Reason
from recruiter.scorecards.models import Scorecard

WORK = "erasures"
AHEAD = dt.timedelta(days=30)
BATCH = 500  # people looked at in one transaction
MOST = 50  # people of a firm erased in one round, before another firm has its turn

# A person, and the application whose notes and drafts are meant; None: everything about the person.
Key = tuple[uuid.UUID, uuid.UUID | None]


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the list, and the first day (of the firm) on which it is erased; None while it is switched off."""

    row: PlannedErasure
    goes_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the policies will erase in the next 30 days, a part of the list; and who is under a legal hold."""

    firm: Firm
    planned: Page[Planned]
    count: int
    held: Sequence[Candidate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Whether the policies erase by themselves, and after how many days in the list (7 to 30)."""

    firm_id: uuid.UUID
    actor: Actor
    is_on: bool
    notice_days: int


def outlook(firm_id: uuid.UUID, window: Window) -> Outlook:
    """Return what will be erased, the first to go first."""
    with reading(firm_id) as session:
        firm = accounts.get_firm(session, firm_id)
        found = queries.planned(session, firm_id, window)
        lines = [Planned(row, _goes_on(firm, row)) for row in found.items]
        count, held = queries.count_planned(session, firm_id), queries.held(session, firm_id)
    return Outlook(firm, Page(lines, found.next_cursor), count, held)


def switch(command: Switch) -> Firm:
    """Let the policies erase by themselves, or no more.

    Nobody is erased before ``notice_days`` from the day on which it is switched on.
    """
    with transaction(command.firm_id) as session:
        firm = accounts.lock_firm(session, command.firm_id)
        begins = clock.today(firm.time_zone) + dt.timedelta(days=command.notice_days)
        firm.erases_from = (firm.erases_from or begins) if command.is_on else None
        firm.erasure_notice_days = command.notice_days
        details: dict[str, object] = {"on": command.is_on, "notice_days": command.notice_days}
        audit.record(
            session, firm.id, command.actor, Change(action="retention.changed", subject_id=firm.id, details=details)
        )
    return firm


def sweep() -> int:
    """In every firm make the day's list, and erase a part of what is due; return how much was erased."""
    return sum(_sweep(firm_id) for firm_id in firms_with(Due.ALL, clock.now()))


def _sweep(firm_id: uuid.UUID) -> int:
    with reading(firm_id) as session:
        firm = accounts.get_firm(session, firm_id)
    today = clock.today(firm.time_zone)
    if firm.files_seen_on != today:
        _look(firm_id, today)
    if firm.erases_from is None or today < firm.erases_from:
        return 0
    with reading(firm_id) as session:
        if erasure.has_new_file(session, firm_id):
            return 0
        asked = {entry.subject_id for entry in entries.since(session, firm_id, ASKED, clock.now() - ASKED_LASTS)}
        listed = today - dt.timedelta(days=firm.erasure_notice_days)
        due = queries.due(session, firm_id, today, listed, asked, MOST)
    return sum(_erase(firm_id, row.candidate_id, row.application_id) for row in due)


def _look(firm_id: uuid.UUID, today: dt.date) -> None:
    """Make the list of the day; what the law no longer asks for, and mail that was told apart long ago, goes too."""
    seen: uuid.UUID | None = None
    while (seen := _list(firm_id, today, seen)) is not None:
        pass
    with reading(firm_id) as session:
        held = {person.id for person in queries.held(session, firm_id)}
    inbox.forget_old(firm_id, held)
    with transaction(firm_id) as session:
        firm = accounts.lock_firm(session, firm_id)
        tellings.forget_proofs(session, firm_id, today, firm.time_zone)
        firm.files_seen_on = today


def _list(firm_id: uuid.UUID, today: dt.date, seen: uuid.UUID | None) -> uuid.UUID | None:
    """Bring the list up to date for the next people; return the last of them, or None when there are no more."""
    with transaction(firm_id) as session:
        locks.hold(session, firm_id, WORK)
        firm = accounts.get_firm(session, firm_id)
        people = queries.people(session, firm_id, BATCH, after=seen)
        ends = {key: day for key, day in _ends(session, firm, people).items() if day <= today + AHEAD}
        known = queries.planned_of(session, firm_id, [person.id for person in people])
        for row in known:
            day = ends.pop((row.candidate_id, row.application_id), None)
            if day is None:
                session.delete(row)
            else:
                row.ends_on = day
        for (candidate_id, application_id), day in ends.items():
            row = PlannedErasure(firm_id=firm_id, candidate_id=candidate_id, application_id=application_id)
            row.ends_on, row.listed_on = day, today
            session.add(row)
    return people[-1].id if len(people) == BATCH else None


def _ends(session: Session, firm: Firm, people: Sequence[Person]) -> dict[Key, dt.date]:
    """Return until which day the file of each person is kept; of who stays, that of each application that ended.

    Who never applied is kept as long from when we last heard of each other.
    """
    applications = queries.ended(session, firm.id, [person.id for person in people])
    made = changes.changes(session, firm.id, {each.client_id for each in applications})
    kept = functools.cache(functools.partial(policies.file_kept, made))
    days: dict[uuid.UUID, dict[uuid.UUID, dt.date]] = {}
    lives = {person.id: person.country for person in people}
    for each in applications:
        place = Place(job=each.place, person=lives[each.candidate_id], firm=firm.place)
        day = kept(place, each.client_id).after(clock.local_date(each.decided_at, firm.time_zone))
        days.setdefault(each.candidate_id, {})[each.id] = day
    ends: dict[Key, dt.date] = {}
    for person in people:
        ended = days.get(person.id, {})
        if person.stays:
            ends |= {
                (person.id, each.id): ended[each.id] for each in applications if each.id in ended and each.has_file
            }
        else:
            alone = kept(Place(person=person.country, firm=firm.place), None)
            ends[person.id, None] = max(
                ended.values(), default=alone.after(clock.local_date(person.last_at, firm.time_zone))
            )
    return ends


def _erase(firm_id: uuid.UUID, candidate_id: uuid.UUID, application_id: uuid.UUID | None) -> bool:
    """Erase a person, or the file of one application, unless something came up since the list was made."""
    try:
        with transaction(firm_id) as session:
            candidates.get_to_erase(session, firm_id, candidate_id)
            firm = accounts.get_firm(session, firm_id)
            today = clock.today(firm.time_zone)
            ends = _ends(session, firm, queries.people(session, firm_id, 1, only=candidate_id))
            if firm.erases_from is None or ends.get((candidate_id, application_id), today) >= today:
                return False
            if application_id is not None:
                _clear(session, firm_id, candidate_id, application_id)
            else:
                command = Erase(
                    firm_id=firm_id, actor=SYSTEM, candidate_id=candidate_id, reason=Reason.KEPT_LONG_ENOUGH
                )
                service.erase_in(session, command)
    except (Erased, FileGoingIn, LegalHold, MailLeaving):
        return False
    return True


def _clear(session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID, application_id: uuid.UUID) -> None:
    """Delete the interview notes and drafts of one application; what the person was told stays."""
    cards = sa.delete(Scorecard).where(Scorecard.firm_id == firm_id, Scorecard.application_id == application_id)
    planned = sa.delete(PlannedErasure).where(
        PlannedErasure.firm_id == firm_id, PlannedErasure.application_id == application_id
    )
    for gone in (cards, sa.delete(Notice).where(queries.is_draft_of(firm_id, application_id)), planned):
        session.execute(gone)
    change = Change(action="application.file_cleared", subject_id=application_id, candidate_id=candidate_id)
    audit.record(session, firm_id, SYSTEM, change)


def _goes_on(firm: Firm, row: PlannedErasure) -> dt.date | None:
    """Return the first day on which all three have passed: the file's time, the notice, and the day it begins."""
    if firm.erases_from is None:
        return None
    noticed = row.listed_on + dt.timedelta(days=firm.erasure_notice_days)
    return max(row.ends_on + dt.timedelta(days=1), noticed, firm.erases_from)
