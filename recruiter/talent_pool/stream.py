"""What the outbox asks and tells about invitations: may one leave, what does it say, how did it end."""

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
from recruiter.outbox.streams import Content, Outcome, Stop
from recruiter.talent_pool import letter, links, queries
from recruiter.talent_pool.models import InvitationState
from recruiter.texts import queries as texts

_ENDS = {Outcome.ACCEPTED: InvitationState.SENT, Outcome.CANCELLED: InvitationState.WITHDRAWN}


class InvitationStream:
    """Answers for messages to people in the pool."""

    # Nobody waits for an invitation, and twice the same would be a nuisance.
    resends_when_in_doubt = False

    def may_leave(self, session: Session, message: Message) -> Stop | None:
        """Check again, just before it leaves, that the person is still in the pool and reachable, and the role open."""
        firm = accounts.get_firm(session, message.firm_id)
        invitation = queries.get_invitation(session, firm.id, message.subject_id)
        person = candidates.get_candidate(session, firm.id, invitation.candidate_id)
        if queries.find_current(session, firm.id, person.id, clock.today(firm.time_zone)) is None:
            return Stop("left_pool", "This person is not in the talent pool any more.")
        if message.recipient not in person.addresses:
            return Stop("no_address", "The address this was meant for is not the person's any more.")
        if jobs.get_job(session, firm.id, invitation.job_id).closed_at is not None:
            return Stop("job_closed", "This role is not open any more.")
        return None

    def content(self, session: Session, message: Message) -> Content:
        """Return the frozen words with the link that works, in the text and as the one-click way out (RFC 8058)."""
        invitation = queries.get_invitation(session, message.firm_id, message.subject_id)
        version = texts.get_version(session, message.firm_id, invitation.template_version_id)
        leave_url = links.url(invitation.membership_id)
        mail = letter.write(version, invitation.data, leave_url)
        return Content(
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            secrets=(links.token(invitation.membership_id),),
            unsubscribe_url=leave_url,
            list_id=f"pool.{urlsplit(config.current().base_url).hostname}",
        )

    def settled(self, session: Session, message: Message, outcome: Outcome) -> None:
        """Write down how it ended; a try that will be repeated changes nothing."""
        state = InvitationState.FAILED if outcome.is_failure else _ENDS.get(outcome)
        if state is None:
            return
        invitation = queries.get_invitation(session, message.firm_id, message.subject_id)
        invitation.state = state
        if state is InvitationState.SENT:
            invitation.sent_at = message.accepted_at or clock.now()
            people.contacted(session, message.firm_id, invitation.candidate_id, invitation.sent_at)
        change = Change(
            action=f"pool.invitation_{state}",
            subject_id=invitation.id,
            candidate_id=invitation.candidate_id,
            details={"job_id": str(invitation.job_id), "code": message.problem_code},
        )
        audit.record(session, message.firm_id, SYSTEM, change)
