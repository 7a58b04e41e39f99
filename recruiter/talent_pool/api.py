"""The talent pool in the REST API."""

import uuid
from typing import Any

from recruiter import clock
from recruiter.accounts import auth
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Scope
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.jobs import queries as jobs
from recruiter.talent_pool import invitations, queries, search, service, vocabulary
from recruiter.talent_pool.invitations import Invite, Withdraw
from recruiter.talent_pool.models import Membership, PoolInvitation
from recruiter.talent_pool.schemas import (
    InvitationAnswer,
    InvitationBody,
    InvitationsAnswer,
    InvitationsQuery,
    MembershipAnswer,
    MembershipBody,
    PoolAnswer,
    PoolQuery,
)
from recruiter.talent_pool.search import Filters, Found
from recruiter.talent_pool.service import Join, Leave
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import window

memberships_blp = ApiBlueprint(
    "talent_pool", __name__, url_prefix="/talent-pool", description="People who agreed to be kept"
)
memberships_blp.before_request(auth.require_key)

invitations_blp = ApiBlueprint(
    "invitations", __name__, url_prefix="/invitations", description="Mail to people in the pool"
)
invitations_blp.before_request(auth.require_key)


def _membership(membership_id: uuid.UUID) -> Membership:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_membership(session, firm_id, membership_id)


def _invitation(invitation_id: uuid.UUID) -> PoolInvitation:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_invitation(session, firm_id, invitation_id)


@memberships_blp.post("")
@memberships_blp.arguments(MembershipBody)
@memberships_blp.response(201, MembershipAnswer)
@idempotent(_membership)
def join(body: dict[str, Any]) -> Membership:
    """Keep a person's yes with its proof; who is in the pool already starts anew."""
    caller = auth.caller()
    return service.join(Join(firm_id=caller.firm_id, actor=caller.actor, **body))


@memberships_blp.get("")
@memberships_blp.arguments(PoolQuery, location="query")
@memberships_blp.response(200, PoolAnswer)
def pool(query: dict[str, Any]) -> Page[Found]:
    """List the people in the pool, the newest first; with `job_id` those first who meet the most must-haves."""
    firm_id, part, job_id = auth.caller().firm_id, window(query), query.pop("job_id")
    with reading(firm_id) as session:
        today = clock.today(accounts.get_firm(session, firm_id).time_zone)
        wanted = search.conditions(session, firm_id, today, Filters(**query))
        if job_id is None:
            return search.members(session, firm_id, wanted, part)
        question = vocabulary.ask(session, jobs.get_job(session, firm_id, job_id))
        page, _ = search.matches(session, question, wanted, part)
        return page


@memberships_blp.get("/<uuid:membership_id>")
@memberships_blp.etag
@memberships_blp.response(200, MembershipAnswer)
def membership(membership_id: uuid.UUID) -> Membership:
    """Read one membership; one that ended stays as the proof of what was agreed."""
    return _membership(membership_id)


@memberships_blp.post("/<uuid:membership_id>/leave")
@memberships_blp.response(200, MembershipAnswer)
@idempotent(_membership)
def leave(membership_id: uuid.UUID) -> Membership:
    """End a membership and take back what waits for it; again changes nothing."""
    caller = auth.caller()
    command = Leave(firm_id=caller.firm_id, actor=caller.actor, membership_id=membership_id, how="api")
    return service.leave_pool(command)


@memberships_blp.post("/<uuid:membership_id>/invitations")
@auth.scope(Scope.SEND)
@memberships_blp.arguments(InvitationBody)
@memberships_blp.response(201, InvitationAnswer)
@idempotent(_invitation)
def invite(body: dict[str, Any], membership_id: uuid.UUID) -> PoolInvitation:
    """Queue one mail that asks the person about a job; at most one in 30 days."""
    caller = auth.caller()
    return invitations.invite(Invite(firm_id=caller.firm_id, actor=caller.actor, membership_id=membership_id, **body))


@invitations_blp.get("")
@invitations_blp.arguments(InvitationsQuery, location="query")
@invitations_blp.response(200, InvitationsAnswer)
def invitation_list(query: dict[str, Any]) -> Page[PoolInvitation]:
    """List invitations, the newest first."""
    firm_id, part = auth.caller().firm_id, window(query)
    with reading(firm_id) as session:
        return queries.invitations(session, firm_id, part, **query)


@invitations_blp.get("/<uuid:invitation_id>")
@invitations_blp.etag
@invitations_blp.response(200, InvitationAnswer)
def invitation(invitation_id: uuid.UUID) -> PoolInvitation:
    """Read one invitation."""
    return _invitation(invitation_id)


@invitations_blp.post("/<uuid:invitation_id>/withdraw")
@auth.scope(Scope.SEND)
@invitations_blp.response(200, InvitationAnswer)
@idempotent(_invitation)
def withdraw(invitation_id: uuid.UUID) -> PoolInvitation:
    """Take an invitation back before it leaves."""
    caller = auth.caller()
    return invitations.withdraw(Withdraw(firm_id=caller.firm_id, actor=caller.actor, invitation_id=invitation_id))
