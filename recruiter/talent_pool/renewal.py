"""Asking people whose time in the pool ends whether they stay: one held mail for each yes, and silence is a no."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recruiter.accounts import queries as accounts
from recruiter.audit.service import Actor
from recruiter.db.base import new_id
from recruiter.db.session import reading, transaction
from recruiter.errors import Conflict
from recruiter.talent_pool import invitations, letter, links, queries
from recruiter.talent_pool.letter import Case
from recruiter.talent_pool.models import PoolInvitation
from recruiter.texts.models import TemplateVersion, TextKind
from recruiter.texts.rendering import Mail


class AskedAlready(Conflict):
    """They were asked about this very yes."""

    code = "asked_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A member of the pool who is asked by a member of the firm whether they stay."""

    firm_id: uuid.UUID
    actor: Actor
    membership_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Question:
    """What would leave, and for whom."""

    mail: Mail
    case: Case


def preview(command: Ask) -> Question:
    """Return what ``ask`` would send, with the link masked; raise as it does."""
    with reading(command.firm_id) as session:
        case, version = _case(session, command)
        facts = letter.freeze(case, version.template.language)
        return Question(letter.write(version, facts, links.masked_url()), case)


def ask(command: Ask) -> PoolInvitation:
    """Queue one mail from the firm's template; it is held, and then waits for an hour that suits the person.

    A yes in answer is recorded as any other; without one the membership ends on its day. Raises ``NotFound``,
    ``Erased``, ``NotInPool``, ``AskedAlready``, ``NoAddress`` and ``NoTemplate``.
    """
    with transaction(command.firm_id) as session:
        case, version = _case(session, command, lock=True)
        question_id, due_at = new_id(), invitations.leaves_at(case)
        question = PoolInvitation(
            id=question_id,
            firm_id=command.firm_id,
            membership_id=case.membership.id,
            candidate_id=case.person.id,
            template_version_id=version.id,
            sender_id=case.sender.id,
            message_id=invitations.enqueue(session, case, question_id, due_at),
            data=letter.freeze(case, version.template.language),
            leaves_at=due_at,
        )
        session.add(question)
        session.flush()
        invitations.record(session, command.actor, question, "pool.renewal_asked")
    return question


def _case(session: Session, command: Ask, *, lock: bool = False) -> tuple[Case, TemplateVersion]:
    assert command.actor.member_id is not None, "members alone ask"  # noqa: S101
    sender = accounts.get_member(session, command.firm_id, command.actor.member_id)
    case = invitations.read(session, command.firm_id, command.membership_id, sender, lock=lock)
    if queries.find_question(session, command.firm_id, case.membership.id) is not None:
        raise AskedAlready("This person was asked already. Without an answer they leave the pool on their last day.")
    invitations.check_address(session, case)
    return case, letter.template(session, case, TextKind.POOL_RENEWAL)
