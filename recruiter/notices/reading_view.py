"""What a second reader sees of a draft: the letter as it would leave, what the check says, and why they are asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from recruiter.accounts import queries as accounts
from recruiter.checker.document import Finding
from recruiter.db.session import reading
from recruiter.feedback.points import Feedback
from recruiter.notices import drafts
from recruiter.notices.compose_view import PreviewView, paper
from recruiter.notices.composition import compose
from recruiter.notices.facts import get_case
from recruiter.notices.models import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The page of a second reader; ``told`` are points that are only told by call.

    ``override_reason`` is why whoever asked sends in spite of what must be fixed, or empty.
    """

    name: str
    candidate_id: uuid.UUID
    about: str
    asked_by: str
    why: str
    preview: PreviewView
    told: Feedback
    findings: Sequence[Finding]
    override_reason: str


def read(firm_id: uuid.UUID, draft: Notice, mode: str) -> Reading:
    """Return what there is to read of a draft that waits for its reader; ``mode`` is how the letter is shown."""
    assert draft.asked_by_id is not None, "what waits was asked for"  # noqa: S101
    with reading(firm_id) as session:
        case = get_case(session, firm_id, draft.application_id)
        composed = compose(session, case, drafts.content_of(session, draft))
        return Reading(
            name=case.application.candidate.name or "",
            candidate_id=case.application.candidate_id,
            about=case.application.job.label,
            asked_by=accounts.get_member(session, firm_id, draft.asked_by_id).name,
            why=composed.reader_note,
            preview=paper(composed.letter, mode),
            told=Feedback() if case.ruling.writes_points else composed.words.feedback,
            findings=composed.findings,
            override_reason=draft.data["override_reason"],
        )
