"""The versions of what was said: a notice as it was sent, and every correction of it that was."""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from recruiter.feedback import points
from recruiter.feedback.models import FeedbackPoint, PointKind
from recruiter.feedback.points import Feedback, Point, as_feedback
from recruiter.notices import queries
from recruiter.notices.models import Notice

Key = tuple[PointKind, str, int]


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of the whole feedback, with the rows of its points in reading order."""

    notice: Notice
    rows: Sequence[FeedbackPoint]

    @property
    def feedback(self) -> Feedback:
        """Its points as they are on the record."""
        return as_feedback(self.rows)

    @property
    def written(self) -> Feedback:
        """Its points as the person reads them; none where they may only be told."""
        return Feedback.from_read(self.notice.data["feedback"])

    def named(self) -> Iterator[tuple[Key, FeedbackPoint]]:
        """Yield each row with what tells the same point apart from the others in every version of it."""
        counts: dict[tuple[PointKind, str], int] = {}
        for row in self.rows:
            name = (row.kind, row.criterion.strip().casefold())
            counts[name] = counts.get(name, 0) + 1
            yield (*name, counts[name]), row


@dataclass(frozen=True, slots=True)
class Update:
    """One correction as its reader finds it: when it was sent (UTC), what it says, and the wording that it ended."""

    version: int
    at: dt.datetime
    text: str
    earlier: Feedback


def read(session: Session, firm_id: uuid.UUID, notice: Notice) -> list[Version]:
    """Return the versions that this notice belongs to, the first one first: those that were sent, and itself."""
    root = notice if notice.corrects_id is None else queries.get_notice(session, firm_id, notice.corrects_id)
    sent = [root, *queries.corrections(session, firm_id, root.id)]
    notices = sent if notice in sent else [*sent, notice]
    rows = points.of_notices(session, firm_id, [each.id for each in notices])
    return [Version(each, rows.get(each.id, ())) for each in notices]


def current(session: Session, firm_id: uuid.UUID, notice: Notice) -> Version:
    """Return what holds now: the last correction that was sent, else the notice itself."""
    return read(session, firm_id, notice)[-1]


def point_ids(versions: Sequence[Version]) -> dict[Key, uuid.UUID]:
    """Return the id under which each point is answered, whatever its wording: that of its first row."""
    found: dict[Key, uuid.UUID] = {}
    for version in versions:
        for name, row in version.named():
            found.setdefault(name, row.id)
    return found


def wording(versions: Sequence[Version], point_id: uuid.UUID) -> FeedbackPoint:
    """Return the last wording of the point that is answered under this id, known to be one of them."""
    ids = point_ids(versions)
    return [row for version in versions for name, row in version.named() if ids[name] == point_id][-1]


def updates(versions: Sequence[Version]) -> list[Update]:
    """Return what each version after the first put right, the latest first."""
    found = []
    for before, after in itertools.pairwise(versions):
        earlier = _without(before.written, after.written)
        at = after.notice.sent_at or after.notice.updated_at
        found.append(Update(after.notice.version, at, after.notice.reason, earlier))
    return found[::-1]


def _without(before: Feedback, after: Feedback) -> Feedback:
    """Return the points of ``before`` that ``after`` does not have in the same words."""
    return Feedback(_missing(before.strengths, after.strengths), _missing(before.gaps, after.gaps))


def _missing(before: Sequence[Point], after: Sequence[Point]) -> tuple[Point, ...]:
    kept = [point.texts() for point in after]
    return tuple(replace(point, links=()) for point in before if point.texts() not in kept)
