"""Making the sample firm once, whole, with its past."""

import base64
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.accounts import queries as account_rows
from recruiter.accounts import service as accounts
from recruiter.accounts.models import Firm, Member, Role
from recruiter.accounts.service import AddMember, CreateFirm, UpdateFirm
from recruiter.audit import service as audit
from recruiter.audit.models import AuditEntry
from recruiter.audit.service import SYSTEM, Change
from recruiter.db.doors import Door, firm_of
from recruiter.db.session import reading, transaction
from recruiter.demo import cast, follow_up, scenes
from recruiter.demo.carrier import Carrier
from recruiter.demo.days import COUNTRY, ZONE, Days, moment
from recruiter.demo.story import Story
from recruiter.errors import Conflict
from recruiter.jobs import service as jobs
from recruiter.jobs.models import Job
from recruiter.jobs.service import AddJob
from recruiter.texts import service as texts

NAME, SLUG = "Harbour & Pine", "harbour-and-pine"
PRIYA, SAM = "priya.nair@example.com", "sam.ortiz@example.com"
MADE = "sample.made"

Hash = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample firm and how its members sign in."""

    firm_id: uuid.UUID
    emails: Sequence[str]
    password: str


def make(hash_password: Hash) -> Sample:
    """Make the sample firm; one that is there stays as it is, one that was left half made is made anew.

    The password belongs to this installation and is the same at every call. Raises ``Conflict`` when a firm that is
    no sample has the slug.
    """
    firm_id = firm_of(Door.FIRM_SLUG, SLUG)
    if firm_id is not None and not _is_whole(firm_id):
        _remove(firm_id)
        firm_id = None
    return Sample(firm_id or _make(hash_password), (PRIYA, SAM), _password())


def _make(hash_password: Hash) -> uuid.UUID:
    days = Days.until_now()
    with clock.standing_at(moment(days.month(6), 9)):
        command = CreateFirm(name=NAME, slug=SLUG, time_zone=ZONE, is_sample=True, seeds=(texts.seed_firm,))
        firm = accounts.create_firm(command)
        firm = _settle(firm)
        hashed = hash_password(_password())
        priya = _member(firm, PRIYA, "Priya Nair", Role.ADMIN, hashed)
        sam = _member(firm, SAM, "Sam Ortiz", Role.LEAD, hashed)
    with Carrier() as carrier:
        story = Story(firm=firm, priya=priya, sam=sam, jobs=_jobs(firm, priya, days), days=days, carrier=carrier)
        _tell(story)
    with transaction(firm.id) as session:
        audit.record(session, firm.id, SYSTEM, Change(action=MADE, subject_id=firm.id))
    return firm.id


def _tell(story: Story) -> None:
    earlier = scenes.told_earlier(story)
    scenes.told_this_month(story)
    told = scenes.told_and_heard_from(story)
    scenes.late(story)
    scenes.under_way(story)
    follow_up.pool(story)
    follow_up.invited(story)
    follow_up.answered(story, earlier)
    follow_up.corrected(story, earlier)
    follow_up.replies(story, told)
    follow_up.contacts_and_reminders(story)
    scenes.library(story)
    scenes.interviews(story)
    scenes.on_the_way(story)
    scenes.agreed(story)
    follow_up.abroad(story)
    scenes.systems(story)
    scenes.words_in_the_making(story)


def _settle(firm: Firm) -> Firm:
    return accounts.update_firm(
        UpdateFirm(
            firm_id=firm.id,
            actor=SYSTEM,
            name=NAME,
            time_zone=ZONE,
            country=COUNTRY,
            postal_address="Rua do Cais 12, 1200-109 Lisbon, Portugal",
            phone="+351 210 000 000",
            hold_minutes=firm.hold_minutes,
            pool_months=firm.pool_months,
            holds_doubtful=firm.holds_doubtful,
            promise_days=firm.promise_days,
        )
    )


def _member(firm: Firm, email: str, name: str, role: Role, password_hash: str) -> Member:
    return accounts.add_member(
        AddMember(
            firm_id=firm.id,
            actor=SYSTEM,
            email=email,
            name=name,
            role=role,
            title="Recruiter, Lisbon desk" if role is Role.ADMIN else "Team lead, Lisbon desk",
            phone="+351 210 000 001" if role is Role.ADMIN else "+351 210 000 002",
            password_hash=password_hash,
        )
    )


def _jobs(firm: Firm, owner: Member, days: Days) -> dict[str, Job]:
    made = {}
    for number, (key, role) in enumerate(cast.roles().items()):
        begins = days.at(3, 9) if key == "streaming" else moment(days.month(6), 10, number)
        with clock.standing_at(begins):
            made[key], _ = jobs.add_job(AddJob(firm_id=firm.id, actor=accounts.themself(owner), role=role))
    return made


def _is_whole(firm_id: uuid.UUID) -> bool:
    with reading(firm_id) as session:
        if not account_rows.get_firm(session, firm_id).is_sample:
            raise Conflict(f"A firm that is no sample has the slug {SLUG}. Give it another one first.")
        return _made(session, firm_id)


def _made(session: Session, firm_id: uuid.UUID) -> bool:
    entry = sa.select(AuditEntry.id).where(AuditEntry.firm_id == firm_id, AuditEntry.action == MADE)
    return session.scalar(entry) is not None


def _remove(firm_id: uuid.UUID) -> None:
    with transaction(firm_id) as session:
        session.execute(sa.delete(Firm).where(Firm.id == firm_id))


def _password() -> str:
    """Return four groups of letters that nobody can guess, made from the installation's secret."""
    letters = base64.b32encode(config.current().key("sample firm"))[:16].decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))
