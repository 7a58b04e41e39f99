"""What a gap gives to read or to try: entries of the firm's library, as they stood when the letter was written."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from recruiter.feedback.points import Feedback, Point
from recruiter.resources import queries as library
from recruiter.resources.models import Resource

MOST = 2  # for one gap


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that a gap names and the letter leaves out: the gap's place, and its title if it is still known."""

    gap: int
    title: str


def linked(session: Session, firm_id: uuid.UUID, feedback: Feedback) -> tuple[Feedback, list[LeftOut]]:
    """Return the feedback with what its gaps give to read, and what had to be left out: removed, or a dead link."""
    ids = {uuid.UUID(each) for gap in feedback.gaps for each in gap.resources}
    if not ids:
        return feedback, []
    known = library.named(session, firm_id, ids)
    left_out = [
        LeftOut(place, known[each].title if each in known else "")
        for place, gap in enumerate(feedback.gaps)
        for each in gap.resources
        if each not in known or known[each].is_dead
    ]
    return replace(feedback, gaps=tuple(_with_links(gap, known) for gap in feedback.gaps)), left_out


def _with_links(gap: Point, known: Mapping[str, Resource]) -> Point:
    alive = [known[each] for each in dict.fromkeys(gap.resources) if each in known and not known[each].is_dead]
    return replace(gap, links=tuple(map(_frozen, alive)))


def _frozen(resource: Resource) -> dict[str, Any]:
    """Return what the letter keeps of an entry, as plain values."""
    return {
        "title": resource.title,
        "kind": resource.kind.value,
        "url": resource.url,
        "site": (urlsplit(resource.url).hostname or "").removeprefix("www."),
        "cost": resource.cost.value,
        "minutes": resource.minutes,
        "language": resource.language,
    }
