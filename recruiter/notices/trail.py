"""Where the composer was opened from and who comes next, carried in its address."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import url_for

MOST = 100


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a person stands in the queue that is written through; addresses are empty at the ends."""

    position: int
    count: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The applications that are written to one after the other, or none."""

    queue: tuple[uuid.UUID, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Trail":
        """Read ids joined by commas; what is no id is left out, and so is everything after the hundredth."""
        return cls(tuple(filter(None, map(_id, text.split(",")[:MOST]))))

    def url(self, application_id: uuid.UUID, **more: Any) -> str:
        """Return the address of the composer for an application of this queue."""
        return url_for("notices.new", application=application_id, **more, **self.query())

    def query(self) -> dict[str, Any]:
        """Return what carries the queue on in an address."""
        return {"queue": ",".join(map(str, self.queue))} if self.queue else {}

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

    def after(self, application_id: uuid.UUID) -> str:
        """Return where to go once this person has a notice: to the next one, or back to Today."""
        around = self.around(application_id)
        return around.next_url if around and around.next_url else url_for("desk.show")


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
