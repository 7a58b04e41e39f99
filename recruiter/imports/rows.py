"""What a row of a file says, whatever the file is of; each kind of file has a module of its own."""

from collections.abc import Mapping
from typing import Any, Protocol

from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm
from recruiter.audit.service import Actor
from recruiter.db.folding import words
from recruiter.errors import Invalid

NOBODY = "We know no candidate of this address or ATS id. Add name and address to the row."
A_DAY = "Use a real date such as 2026-11-24."


class Said(Protocol):
    """What one row says: by what it is found again, whom it is about, and how it goes in."""

    @property
    def names(self) -> list[tuple[str, str]]:
        """By what it may be found again, each with the field it stands in; two rows must not share one."""
        ...

    @property
    def pointing(self) -> tuple[str | None, tuple[str, ...]]:
        """The ATS id and the addresses by which it names its person."""
        ...

    @property
    def adds_person(self) -> bool:
        """Whether it says enough of its person for them to be taken in when nobody knows them."""
        ...

    def take_in(self, session: Session, firm: Firm, actor: Actor) -> None:
        """Take it in, inside the caller's transaction; raise a ``DomainError`` when it cannot be."""
        ...


def load(schema: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells as the schema types them; raise ``Invalid`` with messages by field."""
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        raise Invalid({**error.messages_dict}) from error
    return loaded


def code(text: str) -> str:
    """Return what a cell says as codes are written: ``phone_screen`` for ``Phone screen``."""
    return "_".join(words(text.replace("_", " ")))
