"""What the policy of today has against a notice that was written under the one of then."""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from recruiter.accounts import queries as accounts
from recruiter.applications.models import Application
from recruiter.feedback import modes
from recruiter.feedback.modes import Ruling
from recruiter.notices.barriers import Barrier
from recruiter.notices.composition import is_own
from recruiter.notices.models import Notice, NoticeKind
from recruiter.policies import queries as changes
from recruiter.policies import service as policies


def today(session: Session, firm_id: uuid.UUID, about: Iterable[Application]) -> Mapping[uuid.UUID, Ruling]:
    """Return by id what may be told about these applications now, each with its person and its job loaded."""
    place, applications = accounts.get_firm(session, firm_id).place, list(about)
    made = changes.changes(session, firm_id, {each.job.client_id for each in applications})
    return {
        each.id: modes.ruling(policies.in_force(made, each.place(place).work, each.job.client_id))
        for each in applications
    }


def against(notice: Notice, ruling: Ruling) -> Barrier | None:
    """Return what policy says by now against what a queued notice says, or None."""
    points = any(notice.data["feedback"].values())
    reason = notice.data["decision"]["reason_text"] if notice.kind is not NoticeKind.CORRECTION else ""
    if (points and not ruling.writes_points) or (reason and not ruling.gives_reasons):
        return Barrier("feedback_mode", f"Less may be told by now than this notice says. {ruling.because}")
    own = is_own(notice.reason, notice.outcome_code, notice.data["written_in"])
    if ruling.needs_reader and notice.read_by_id is None and (own or points):
        return Barrier("second_reader", "Policy asks by now for a second reader, and nobody else has read this.")
    return None
