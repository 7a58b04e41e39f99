"""The door upwards: who knows how often a template was used; the features that send count what they sent."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from recruiter.texts.models import TextKind

Count = Callable[[Session, uuid.UUID, dt.datetime], Mapping[uuid.UUID, int]]
"""Returns how many messages left since a moment (aware) with each template of a firm, by the template's id."""

_counters: dict[Count, frozenset[TextKind]] = {}


def register(count: Count, *kinds: TextKind) -> None:
    """Say who counts the messages of these kinds; called by the application."""
    _counters[count] = frozenset(kinds)


def counted() -> frozenset[TextKind]:
    """Return the kinds whose messages are counted."""
    return frozenset[TextKind]().union(*_counters.values())


def uses(session: Session, firm_id: uuid.UUID, since: dt.datetime) -> Counter[uuid.UUID]:
    """Return how often each template was used since a moment (aware), by the template's id."""
    total: Counter[uuid.UUID] = Counter()
    for count in _counters:
        total.update(count(session, firm_id, since))
    return total
