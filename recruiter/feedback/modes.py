"""How much policy lets a person be told: everything in writing, the points by call only, or the decision alone."""

from dataclasses import dataclass

from recruiter.policies.service import Policy
from recruiter.policies.values import FeedbackMode

LABELS = {
    FeedbackMode.FULL: "Full: reasons and points in writing",
    FeedbackMode.VERBAL_ONLY: "By call only: the points are told, not written",
    FeedbackMode.NEUTRAL: "Neutral: the decision without reasons",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which mode holds for one application, why, in a sentence for members, and whether somebody else reads first."""

    mode: FeedbackMode
    because: str
    needs_reader: bool

    @property
    def gives_reasons(self) -> bool:
        """Whether a reason may be given at all, in writing or by call."""
        return self.mode is not FeedbackMode.NEUTRAL

    @property
    def writes_points(self) -> bool:
        """Whether points may stand in the mail or on the page."""
        return self.mode is FeedbackMode.FULL


def ruling(policy: Policy) -> Ruling:
    """Return what a policy says of feedback."""
    return Ruling(policy.feedback_mode, policy.feedback_because, policy.needs_second_reader)
