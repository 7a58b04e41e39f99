"""Where the composer was opened from and who comes next, carried in its address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from recruiter.db.base import find_id

MOST = 100
RECORD = "record"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a person stands in the queue that is written through; addresses are empty at the ends."""

    position: int
    count: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The applications that are written to one after the other, or none; whether it began at the person's record."""

    queue: tuple[uuid.UUID, ...] = ()
    from_record: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Trail":
        """Read an address: ids joined by commas, of which what is no id is left out and all after the hundredth."""
        ids = values.get("queue", "").split(",")[:MOST]
        return cls(tuple(filter(None, map(find_id, ids))), values.get("from") == RECORD)

    def url(self, application_id: uuid.UUID, **more: Any) -> str:
        """Return the address of the composer for an application of this queue."""
        return url_for("notices.new", application=application_id, **more, **self.query())

    def query(self) -> dict[str, Any]:
        """Return what carries the trail on in an address."""
        queue = {"queue": ",".join(map(str, self.queue))} if self.queue else {}
        return queue | ({"from": RECORD} if self.from_record else {})

    def back(self, candidate_id: uuid.UUID) -> dict[str, str]:
        """Return the link to where the composer was opened."""
        if self.from_record:
            return {"label": "Record", "url": url_for("record.show", candidate_id=candidate_id)}
        return {"label": "Today", "url": url_for("desk.show")}

    def around(self, application_id: uuid.UUID) -> Neighbours | None:
        """Return the place of an application in the queue, or None when there is no queue or it is not in it."""
        if application_id not in self.queue:
            return None
        index = self.queue.index(application_id)
        before, after = self.queue[:index][-1:], self.queue[index + 1 :][:1]
        return Neighbours(
            index + 1,
            len(self.queue),
            self.url(before[0]) if before else "",
            self.url(after[0]) if after else "",
        )

    def after(self, application_id: uuid.UUID, candidate_id: uuid.UUID) -> str:
        """Return where to go once this person has a notice: to the next one, or back to where it began."""
        around = self.around(application_id)
        return around.next_url if around and around.next_url else self.back(candidate_id)["url"]
