"""How much a person may be told: everything in writing, the points by call only, or the decision alone."""

import enum
from dataclasses import dataclass


class FeedbackMode(enum.StrEnum):
    """How feedback may reach a person; ``neutral`` gives no reasons, neither in writing nor by call."""

    FULL = "full"
    VERBAL_ONLY = "verbal_only"
    NEUTRAL = "neutral"

    @property
    def label(self) -> str:
        """The words on pages."""
        return _LABELS[self]

    @property
    def gives_reasons(self) -> bool:
        """Whether a reason may be given at all."""
        return self is not FeedbackMode.NEUTRAL

    @property
    def writes_points(self) -> bool:
        """Whether points may stand in the mail or on the page."""
        return self is FeedbackMode.FULL


_LABELS = {
    FeedbackMode.FULL: "Full: reasons and points in writing",
    FeedbackMode.VERBAL_ONLY: "By call only: the points are told, not written",
    FeedbackMode.NEUTRAL: "Neutral: the decision without reasons",
}

# Written reasons can be held against an employer there: sections 15 and 22 AGG.
_NEUTRAL = frozenset({"DE"})


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which mode holds for one person and job, and why, in one sentence for members."""

    mode: FeedbackMode
    because: str
    needs_reader: bool = False


def rule(place: str | None) -> Ruling:
    """Return what holds in a place (ISO 3166-1 alpha-2)."""
    if place in _NEUTRAL:
        return Ruling(FeedbackMode.NEUTRAL, "In Germany the default is to give no reasons.", needs_reader=True)
    return Ruling(FeedbackMode.FULL, "Nothing there speaks against reasons in writing.")
