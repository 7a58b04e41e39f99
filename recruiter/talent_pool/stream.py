"""What the outbox asks and tells about invitations: may one leave, what does it say, how did it end."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from recruiter import clock, config
from recruiter.accounts import queries as accounts
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Change
from recruiter.candidates import queries as candidates
from recruiter.candidates import service as people
from recruiter.jobs import queries as jobs
from recruiter.outbox.models import Message
from recruiter.outbox.streams import Content, Outcome, Stop, Writer
from recruiter.talent_pool import letter, links, queries
from recruiter.talent_pool.models import InvitationState, PoolInvitation
from recruiter.texts import queries as texts
from recruiter.texts.models import TemplateVersion

_ENDS = {Outcome.ACCEPTED: InvitationState.SENT, Outcome.CANCELLED: InvitationState.WITHDRAWN}


class InvitationStream:
    """Answers for messages to people in the pool."""

    # Nobody waits for an invitation, and twice the same would be a nuisance.
    resends_when_in_doubt = False

    def may_leave(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Stop]:
        """Check again, just before they leave, that each is still in the pool and reachable, and the role open."""
        firm = accounts.get_firm(session, messages[0].firm_id)
        invited = queries.invitations_by_id(session, firm.id, {message.subject_id for message in messages})
        whom = {each.candidate_id for each in invited.values()}
        in_pool = queries.in_pool(session, firm.id, whom, clock.today(firm.time_zone))
        addresses = candidates.addresses(session, firm.id, whom)
        closed = jobs.closed(session, firm.id, {each.job_id for each in invited.values() if each.job_id})
        found = {}
        for message in messages:
            invitation = invited[message.subject_id]
            if invitation.candidate_id not in in_pool:
                found[message.id] = Stop("left_pool", "This person is not in the talent pool any more.")
            elif message.recipient not in addresses.get(invitation.candidate_id, ()):
                found[message.id] = Stop("no_address", "The address this was meant for is not the person's any more.")
            elif invitation.job_id in closed:
                found[message.id] = Stop("job_closed", "This role is not open any more.")
        return found

    def writers(self, session: Session, messages: Sequence[Message]) -> dict[uuid.UUID, Writer]:
        """Word each from its frozen words, with the way out in the text and in one click (RFC 8058)."""
        firm_id = messages[0].firm_id
        invited = queries.invitations_by_id(session, firm_id, {message.subject_id for message in messages})
        versions = texts.versions(session, firm_id, {each.template_version_id for each in invited.values()})
        list_id = f"{accounts.get_firm(session, firm_id).slug}.pool.{urlsplit(config.current().base_url).hostname}"
        return {message.id: partial(_write, invited[message.subject_id], versions, list_id) for message in messages}

    def settled(self, session: Session, messages: Sequence[Message], outcome: Outcome) -> None:
        """Write down how they ended; a try that will be repeated changes nothing."""
        firm_id = messages[0].firm_id
        if outcome is Outcome.MOVED:
            _move(session, messages)
        state = InvitationState.FAILED if outcome.is_failure else _ENDS.get(outcome)
        if state is None:
            return
        invited = queries.invitations_by_id(session, firm_id, {message.subject_id for message in messages})
        for message in messages:
            invitation = invited[message.subject_id]
            invitation.state = state
            if state is InvitationState.SENT:
                invitation.sent_at = message.accepted_at or clock.now()
            change = Change(
                action=f"pool.{invitation.word}_{state}",
                subject_id=invitation.id,
                candidate_id=invitation.candidate_id,
                details={"job_id": invitation.job_id and str(invitation.job_id), "code": message.problem_code},
            )
            audit.record(session, firm_id, SYSTEM, change)
        if state is InvitationState.SENT:
            people.contacted(session, firm_id, {each.candidate_id for each in invited.values()}, clock.now())


def _move(session: Session, messages: Sequence[Message]) -> None:
    invited = queries.invitations_by_id(session, messages[0].firm_id, {message.subject_id for message in messages})
    for message in messages:
        invited[message.subject_id].leaves_at = message.due_at


def _write(invitation: PoolInvitation, versions: Mapping[uuid.UUID, TemplateVersion], list_id: str) -> Content:
    leave_url = links.url(invitation.membership_id)
    mail = letter.write(versions[invitation.template_version_id], invitation.data, leave_url)
    return Content(
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        language=invitation.data["written_in"],
        secrets=(links.token(invitation.membership_id),),
        unsubscribe_url=leave_url,
        list_id=list_id,
    )
