"""Every module with tables, imported once so that the metadata is complete."""

from recruiter.accounts import models as accounts
from recruiter.applications import models as applications
from recruiter.audit import models as audit
from recruiter.candidates import models as candidates
from recruiter.contacts import models as contacts
from recruiter.db import receipts
from recruiter.db.base import Base
from recruiter.desk import models as desk
from recruiter.feedback import models as feedback
from recruiter.imports import models as imports
from recruiter.inbox import models as inbox
from recruiter.jobs import models as jobs
from recruiter.notices import models as notices
from recruiter.outbox import models as outbox
from recruiter.policies import models as policies
from recruiter.portal import models as portal
from recruiter.privacy import models as privacy
from recruiter.resources import models as resources
from recruiter.scorecards import models as scorecards
from recruiter.talent_pool import models as talent_pool
from recruiter.texts import models as texts
from recruiter.webhooks import models as webhooks

MODULES = (
    accounts,
    applications,
    audit,
    candidates,
    contacts,
    desk,
    feedback,
    imports,
    inbox,
    jobs,
    notices,
    outbox,
    policies,
    portal,
    privacy,
    receipts,
    resources,
    scorecards,
    talent_pool,
    texts,
    webhooks,
)

metadata = Base.metadata
