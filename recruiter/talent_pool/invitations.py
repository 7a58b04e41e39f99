"""Inviting people of the pool to a role: one held mail, seldom enough, and taken back in time."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Member
from recruiter.applications.models import Application
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates import queries as candidates
from recruiter.checker import service as checker
from recruiter.checker.document import Finding
from recruiter.db import receipts
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict, Invalid, RuleBroken, named_by
from recruiter.feedback import tally, wording
from recruiter.feedback.wording import About
from recruiter.jobs import queries as jobs
from recruiter.outbox import service as outbox
from recruiter.outbox import suppressions
from recruiter.outbox.mime import Mailbox
from recruiter.outbox.models import StreamKind
from recruiter.outbox.service import NewMessage, TimeOfDay
from recruiter.policies import queries as changes
from recruiter.policies import service as policies
from recruiter.policies.jurisdictions import Place
from recruiter.talent_pool import letter, links, queries
from recruiter.talent_pool.letter import Case, JobCase
from recruiter.talent_pool.models import InvitationState, PoolInvitation
from recruiter.texts.models import TextKind
from recruiter.texts.rendering import Mail

# People are protected from us: one invitation in this time, whatever the role.
REST = dt.timedelta(days=30)


class NotInPool(Conflict):
    """The person is not in the pool, or not any more."""

    code = "not_in_pool"


class InvitedLately(Conflict):
    """The person had an invitation in the last 30 days, or one is waiting to leave."""

    code = "invited_lately"


class JobClosed(Conflict):
    """The role is not open any more."""

    code = "job_closed"


class AlreadyApplied(Conflict):
    """The person is or was a candidate for this very job."""

    code = "already_applied"


class NoAddress(RuleBroken):
    """There is no address that may be written to."""

    code = "no_address"


class MustFix(RuleBroken):
    """The checker stops the text; ``findings`` say what to change."""

    code = "findings"


class NotHeld(Conflict):
    """The invitation has left or is just leaving."""

    code = "not_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Ask a member of the pool about a job. ``text`` is what the writer adds; ``sender`` a member's e-mail address.

    ``shown`` names the findings to consider that whoever sends has seen, None where nobody is asked.
    """

    firm_id: uuid.UUID
    actor: Actor
    membership_id: uuid.UUID
    job_id: uuid.UUID
    text: str = ""
    sender: str | None = None
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take an invitation back before it leaves."""

    firm_id: uuid.UUID
    actor: Actor
    invitation_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave, and when (aware, UTC), with what the checker says about the added text."""

    mail: Mail
    leaves_at: dt.datetime
    case: JobCase
    findings: list[Finding]


def preview(command: Invite) -> Preview:
    """Return what ``invite`` would send, with the link masked. Raises as ``invite``, but for ``MustFix``."""
    with reading(command.firm_id) as session:
        case = _case(session, command)
        version = letter.template(session, case, TextKind.POOL_INVITATION)
        facts = letter.freeze_invitation(case, command.text, version.template.language)
        mail = letter.write(version, facts, links.masked_url())
        return Preview(mail, leaves_at(case), case, _findings(session, case, command.text))


def invite(command: Invite) -> PoolInvitation:
    """Queue one mail from the firm's template; it is held, and then waits for an hour that suits the person.

    Raises ``NotFound``, ``NotInPool``, ``InvitedLately``, ``JobClosed``, ``AlreadyApplied``, ``NoAddress``,
    ``NoTemplate``, ``MustFix``, ``ToConsider``, and ``Invalid`` for a sender who is no active member.
    """
    with transaction(command.firm_id) as session:
        case = _case(session, command, lock=True)
        found = _findings(session, case, command.text)
        if blocking := checker.blocking(found):
            raise MustFix("Some words must be fixed before this can be sent.", findings=blocking)
        tally.keep(session, command.firm_id, found, command.shown)
        version = letter.template(session, case, TextKind.POOL_INVITATION)
        invitation_id, due_at = new_id(), leaves_at(case)
        invitation = PoolInvitation(
            id=invitation_id,
            firm_id=command.firm_id,
            membership_id=case.membership.id,
            candidate_id=case.person.id,
            job_id=case.job.id,
            template_version_id=version.id,
            sender_id=case.sender.id,
            message_id=enqueue(session, case, invitation_id, due_at),
            data=letter.freeze_invitation(case, command.text, version.template.language),
            findings=[asdict(finding) for finding in found],
            rules_version=wording.rules_version(case.firm),
            leaves_at=due_at,
        )
        session.add(invitation)
        session.flush()
        record(session, command.actor, invitation, "pool.invited")
        receipts.finish(session, command.firm_id, invitation.id)
    return invitation


def withdraw(command: Withdraw) -> PoolInvitation:
    """Take the invitation back; again changes nothing. Raises ``NotFound``, and ``NotHeld`` when it has left."""
    with transaction(command.firm_id) as session:
        invitation = queries.get_invitation(session, command.firm_id, command.invitation_id)
        if invitation.state is not InvitationState.WITHDRAWN:
            if not outbox.withdraw(session, command.firm_id, invitation.message_id):
                raise NotHeld("This invitation has left, or is just leaving.")
            invitation.state = InvitationState.WITHDRAWN
            record(session, command.actor, invitation, f"pool.{invitation.word}_withdrawn")
        receipts.finish(session, command.firm_id, invitation.id, status=200)
    return invitation


def read(session: Session, firm_id: uuid.UUID, membership_id: uuid.UUID, sender: Member, *, lock: bool = False) -> Case:
    """Return what any mail to a member of the pool is about. Raises ``NotFound``, ``Erased`` or ``NotInPool``."""
    firm = accounts.get_firm(session, firm_id)
    membership = queries.get_membership(session, firm_id, membership_id)
    get = candidates.get_for_update if lock else candidates.get_present
    person = get(session, firm_id, membership.candidate_id)
    current = queries.find_current(session, firm_id, person.id, clock.today(firm.time_zone))
    if current is None:
        raise NotInPool("This person is not in the talent pool any more.")
    place = Place(person=person.country, firm=firm.place)
    months = policies.pool_months(changes.changes(session, firm_id), place, None, firm.pool_months)
    return Case(firm, current, person, sender, months)


def check_address(session: Session, case: Case) -> None:
    """Raise ``NoAddress`` where nothing for the pool may be written to."""
    address = case.person.email
    if address is None or suppressions.find(session, case.firm.id, address, StreamKind.POOL) is not None:
        raise NoAddress("There is no address that may be written to. Call the person instead.")


def _case(session: Session, command: Invite, *, lock: bool = False) -> JobCase:
    firm_id, sender = command.firm_id, _sender(session, command)
    found = read(session, firm_id, command.membership_id, sender, lock=lock)
    with named_by("job_id"):
        job = jobs.get_job(session, firm_id, command.job_id)
    case = JobCase(found.firm, found.membership, found.person, found.sender, found.months, job)
    _check_job(session, case)
    _check_person(session, case)
    return case


def _check_job(session: Session, case: JobCase) -> None:
    if case.job.closed_at is not None:
        raise JobClosed("This role is not open any more.")
    applied = sa.select(Application.id).where(
        Application.firm_id == case.firm.id,
        Application.candidate_id == case.person.id,
        Application.job_id == case.job.id,
    )
    if session.scalar(applied.limit(1)) is not None:
        raise AlreadyApplied("This person is or was a candidate for this role.")


def _check_person(session: Session, case: JobCase) -> None:
    lately = queries.find_written_since(session, case.firm.id, case.person.id, clock.now() - REST)
    if lately is not None:
        again = (lately.sent_at or lately.created_at) + REST
        raise InvitedLately(
            "This person had an invitation in the last 30 days. One in 30 days is the limit.",
            invitation_id=str(lately.id),
            possible_from=again.isoformat(),
        )
    check_address(session, case)


def _sender(session: Session, command: Invite) -> Member:
    """Return who writes: the named member, else the member who acts, else the firm's first admin."""
    if command.sender is not None:
        return accounts.get_writer(session, command.firm_id, command.sender)
    if command.actor.member_id is not None:
        return accounts.get_member(session, command.firm_id, command.actor.member_id)
    first = accounts.find_first_admin(session, command.firm_id)
    if first is None:
        raise Invalid({"sender": ["The firm has no active admin to write for it. Name a sender."]})
    return first


def _findings(session: Session, case: JobCase, text: str) -> list[Finding]:
    about = About(firm=case.firm, candidate=case.person, job=case.job, writers=(case.sender,), language=case.language)
    return checker.check_text(text, "text", wording.context(session, about))


def leaves_at(case: Case) -> dt.datetime:
    """Return when a mail leaves that is queued now (UTC): held first, and then at an hour that suits the person."""
    return case.leaves_at(_end_of_hold(case))


def _end_of_hold(case: Case) -> dt.datetime:
    return clock.now() + dt.timedelta(minutes=case.firm.hold_minutes)


def enqueue(session: Session, case: Case, invitation_id: uuid.UUID, due_at: dt.datetime) -> uuid.UUID:
    """Queue the mail, composed; return the message's id."""
    held_until = _end_of_hold(case)
    message = NewMessage(
        stream=StreamKind.POOL,
        subject_id=invitation_id,
        dedupe_key=f"pool:{invitation_id}",
        recipient=Mailbox(case.person.name or "", case.person.email or ""),
        sender=Mailbox(case.sender.name, case.sender.email),
        due_at=due_at,
        time_of_day=TimeOfDay(case.zone, held_until) if due_at > held_until else None,
        candidate_id=case.person.id,
    )
    return outbox.enqueue(session, case.firm.id, message).id


def record(session: Session, actor: Actor, invitation: PoolInvitation, action: str) -> None:
    """Write into the log what happened to a mail to the pool, composed."""
    details: dict[str, Any] = {"job_id": str(invitation.job_id)} if invitation.job_id else {}
    change = Change(action=action, subject_id=invitation.id, candidate_id=invitation.candidate_id, details=details)
    audit.record(session, invitation.firm_id, actor, change)
