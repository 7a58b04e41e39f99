"""The proof that people were told, and which of them have yet to be told because a law names the day."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications.models import HEARD_OTHERWISE, Application, News, Telling, Way
from recruiter.candidates.models import Candidate
from recruiter.db.base import UTC
from recruiter.db.parameters import FIRM
from recruiter.jobs.models import Client, Job
from recruiter.policies import clocks, jurisdictions
from recruiter.policies.jurisdictions import Clock, Jurisdiction


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody was told: what, how, by which notice or contact, and when (aware)."""

    what: News
    how: Way
    source_id: uuid.UUID
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """What a law asks for an application: by ``ends_on`` the person hears whether it is decided.

    ``began_on`` is the day of the last interview, or of reopening what they had heard after it; dates are the firm's.
    ``heard`` is what they were told since.
    """

    place: Jurisdiction
    clock: Clock
    began_on: dt.date
    ends_on: dt.date
    heard: Telling | None

    @property
    def is_heard(self) -> bool:
        """Whether the person was told since, so that the law asks for nothing more."""
        return self.heard is not None


def keep(session: Session, application: Application, proof: Proof, *, about_round: int | None = None) -> None:
    """Keep the proof of what was told in this round, or in the one that it was about."""
    session.add(
        Telling(
            firm_id=application.firm_id,
            application_id=application.id,
            candidate_id=application.candidate_id,
            source_id=proof.source_id,
            round=about_round or application.round,
            what=proof.what,
            how=proof.how,
            told_at=proof.at.astimezone(dt.UTC),
        )
    )


def undo(session: Session, firm_id: uuid.UUID, source_id: uuid.UUID) -> None:
    """Note that what was told by this notice did not reach the person; it proves nothing from now on."""
    session.execute(
        sa.update(Telling)
        .where(Telling.firm_id == firm_id, Telling.source_id == source_id, Telling.undone_at.is_(None))
        .values(undone_at=clock.now())
    )


def of_applications(session: Session, firm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Telling]]:
    """Return what was told about each of these applications, the latest last; those with nothing are left out."""
    query = sa.select(Telling).where(Telling.firm_id == firm_id, Telling.application_id.in_(ids))
    found: dict[uuid.UUID, list[Telling]] = {}
    for telling in session.scalars(query.order_by(Telling.told_at, Telling.id)):
        found.setdefault(telling.application_id, []).append(telling)
    return found


def duty_of(application: Application, told: Sequence[Telling], zone: str) -> Duty | None:
    """Return what a law asks for an application with its job, or None; ``told`` is everything that was told about it.

    Who was never interviewed, withdrew or was hired waits for nothing. Dates are those of the IANA ``zone``.
    """
    interviewed, found = application.last_interview_at, application.job.clock
    if found is None or interviewed is None or application.decision in HEARD_OTHERWISE:
        return None
    counted = [each for each in told if each.undone_at is None and each.told_at >= interviewed]
    heard = next((each for each in reversed(counted) if each.round == application.round), None)
    again = application.reopened_at if any(each.round < application.round for each in counted) else None
    began = clock.local_date(again or interviewed, zone)
    return Duty(jurisdictions.find(application.job.place), found, began, clocks.last_day(found, began), heard)


def kept_until(application: Application, telling: Telling, zone: str) -> dt.date | None:
    """Return the day until which a law wants the proof kept, as a date of an IANA zone, or None where none does."""
    found = application.job.clock
    return found.proof.after(clock.local_date(telling.told_at, zone)) if found else None


def forget_proofs(session: Session, firm_id: uuid.UUID, today: dt.date, zone: str) -> None:
    """Delete what erased people were told, once no law wants the proof kept; ``today`` is a date of the IANA zone.

    Where a law has a clock the proof of every job is kept for its time, also of those that it does not run for.
    """
    erased = sa.select(Candidate.id).where(Candidate.firm_id == firm_id, Candidate.erased_at.is_not(None))
    theirs = sa.delete(Telling).where(Telling.firm_id == firm_id, Telling.candidate_id.in_(erased))
    places = jurisdictions.clocks()
    session.execute(theirs.where(Telling.application_id.not_in(_of_jobs_in(firm_id, places))))
    for code, found in places.items():
        told_before = clock.begins(found.proof.before(today), zone)
        proven = theirs.where(Telling.application_id.in_(_of_jobs_in(firm_id, [code])))
        session.execute(proven.where(Telling.told_at < told_before))


def _of_jobs_in(firm_id: uuid.UUID, regions: Collection[str]) -> sa.Select[uuid.UUID]:
    return (
        sa.select(Application.id)
        .join(Job, sa.and_(Job.firm_id == Application.firm_id, Job.id == Application.job_id))
        .where(Application.firm_id == firm_id, Job.region.in_(regions))
    )


def begins() -> sa.ColumnElement[dt.datetime]:
    """Return from when a law's clock counts for an application, the same as ``Duty.began_on``.

    Reopening a decision that the person heard starts it again; until they heard, the last interview counts.
    """
    again = sa.and_(Application.reopened_at.is_not(None), _heard(Telling.round < Application.round))
    begun = sa.case((again, Application.reopened_at), else_=Application.last_interview_at)
    return sa.type_coerce(begun, UTC())


def has_alarm(number: int) -> sa.ColumnElement[bool]:
    """Return the condition that a law's alarm (0 is the first) has come for who still has to hear.

    For statements that are given the firm and ``clocks.alarm_moments``; who heard, withdrew or was hired waits for
    nothing.
    """
    return sa.and_(
        sa.or_(Application.decision.is_(None), Application.decision.not_in([each.value for each in HEARD_OTHERWISE])),
        sa.or_(*(_runs(code, each, number) for code, each in jurisdictions.clocks().items())),
        ~_heard(Telling.round == Application.round),
    )


def _runs(code: str, found: Clock, number: int) -> sa.ColumnElement[bool]:
    # By the jobs first: few firms have any there, and their list costs the others nothing.
    jobs = (
        sa.select(Job.id)
        .outerjoin(Client, sa.and_(Client.firm_id == Job.firm_id, Client.id == Job.client_id))
        .where(
            Job.firm_id == FIRM,
            Job.region == sa.literal_column(f"'{code}'"),
            Job.advertised.is_(True),
            sa.or_(Client.headcount.is_(None), Client.headcount >= found.headcount),
        )
    )
    moment = sa.bindparam(clocks.alarm_name(code, number), type_=UTC())
    return sa.and_(Application.job_id.in_(jobs), Application.last_interview_at < moment, begins() < moment)


def _heard(about: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that something told since the last interview reached the person."""
    return (
        sa.select(Telling.id)
        .where(
            Telling.firm_id == Application.firm_id,
            Telling.application_id == Application.id,
            Telling.told_at >= Application.last_interview_at,
            Telling.undone_at.is_(None),
            about,
        )
        .exists()
    )
