"""One row of a file of candidates: a person, read by the API's own schema."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm
from recruiter.audit.service import Actor
from recruiter.candidates import service as candidates
from recruiter.candidates.schemas import CandidateBody, person_from
from recruiter.candidates.service import Person
from recruiter.db.folding import fold_address
from recruiter.imports.rows import load


@dataclass(frozen=True, slots=True)
class Named:
    """A person, as a row has them."""

    person: Person

    @property
    def names(self) -> list[tuple[str, str]]:
        """By what it may be found again: each address, and the ATS id."""
        addresses = [("email", fold_address(each)) for each in self.person.emails]
        return addresses + ([("external_id", self.person.external_id)] if self.person.external_id else [])

    @property
    def pointing(self) -> tuple[str | None, tuple[str, ...]]:
        """The ATS id and the addresses of the person."""
        return self.person.external_id, self.person.emails

    @property
    def adds_person(self) -> bool:
        """Yes: that is what it is for."""
        return True

    def take_in(self, session: Session, firm: Firm, actor: Actor) -> None:
        """Add the person, or fill what is empty of one who is known."""
        candidates.take_in(session, firm.id, actor, self.person)


def read(cells: Mapping[str, str], _firm: Firm) -> Named:
    """Return what the filled cells of a row say; raise ``Invalid`` with messages by field."""
    body: dict[str, Any] = {name: cell for name, cell in cells.items() if name not in {"first_name", "last_name"}}
    parts = [cells[part] for part in ("first_name", "last_name") if part in cells]
    if parts:
        body.setdefault("name", " ".join(parts))
    for name in {"emails", "skills"} & body.keys():
        body[name] = [part.strip() for part in re.split(r"[;,\n]", body[name]) if part.strip()]
    return Named(person_from(load(CandidateBody(), body)))
