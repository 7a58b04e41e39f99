"""What may be said about an outcome beside its reason; most of it only once the client has agreed, on a day."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recruiter.translations.catalogues import gettext, later


class OutcomeContext(enum.StrEnum):
    """One thing that may be said."""

    CLOSE_CALL = "close_call"
    INTERNAL_APPOINTED = "internal_appointed"
    ORDER_OF_ARRIVAL = "order_of_arrival"
    CLIENT_GAVE_NO_REASON = "client_gave_no_reason"
    AGENCY_VIEW = "agency_view"
    SAME_QUESTIONS = "same_questions"

    @property
    def sentence(self) -> str:
        """What the person reads, in English until it is translated for them."""
        return _SENTENCES[self]

    @property
    def needs_client(self) -> bool:
        """Whether the client has to agree before the person may read it."""
        return self in {OutcomeContext.CLOSE_CALL, OutcomeContext.INTERNAL_APPOINTED, OutcomeContext.ORDER_OF_ARRIVAL}


_SENTENCES = {
    OutcomeContext.CLOSE_CALL: later("The decision was close."),
    OutcomeContext.INTERNAL_APPOINTED: later("The company chose someone who already works there."),
    OutcomeContext.ORDER_OF_ARRIVAL: later("Applications were read in the order in which they came."),
    OutcomeContext.CLIENT_GAVE_NO_REASON: later("The company did not give a reason."),
    OutcomeContext.AGENCY_VIEW: later("This is how we see it. The company may see it otherwise."),
    OutcomeContext.SAME_QUESTIONS: later("Everyone who was interviewed was asked the same main questions."),
}


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Something to say, and the day on which the client agreed to it, where it has to."""

    context: OutcomeContext
    client_agreed_on: dt.date | None = None

    @property
    def may_be_said(self) -> bool:
        """Whether a person may read it."""
        return self.client_agreed_on is not None or not self.context.needs_client

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as they are frozen and answered."""
        agreed = self.client_agreed_on.isoformat() if self.client_agreed_on else None
        return {"context": self.context.value, "client_agreed_on": agreed}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Circumstance":
        """Read what ``as_dict`` gave."""
        agreed = values["client_agreed_on"]
        return cls(OutcomeContext(values["context"]), dt.date.fromisoformat(agreed) if agreed else None)


def said(circumstances: Iterable[Circumstance]) -> list[str]:
    """Return the sentences that may be said, in a fixed order, in the words of the current reader."""
    allowed = {each.context for each in circumstances if each.may_be_said}
    return [gettext(context.sentence) for context in OutcomeContext if context in allowed]
