"""Lets people leave the pool by mail, as their mail program does for them behind its own button."""

import uuid

from sqlalchemy.orm import Session

from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.talent_pool import service


class PoolUsher:
    """Ends the membership of who writes that they want no more."""

    def unsubscribed(self, session: Session, firm_id: uuid.UUID, candidate_id: uuid.UUID) -> bool:
        """End the membership and take back what waits for it; return whether there was one."""
        return service.leave(session, firm_id, candidate_id, Actor(ActorKind.CANDIDATE, candidate_id), "mail")
