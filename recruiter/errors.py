"""What can go wrong in the domain; nothing here knows about HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

FieldErrors = dict[str, Any]


class DomainError(Exception):
    """A refusal with a public, stable ``code`` and a message a person can act on.

    ``errors`` holds messages by field, nested as the input was; ``details`` holds further public facts that a
    caller may need (an id, a state), never personal data.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, errors: FieldErrors | None = None, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors or {}
        self.details: Mapping[str, object] = details


class NotFound(DomainError):
    """There is no such row for this firm; another firm's row is answered the same way."""

    code = "not_found"


class Conflict(DomainError):
    """The request was understood, but the state of things does not allow it any more."""

    code = "conflict"


class Stale(Conflict):
    """Somebody changed this after the caller read it."""

    code = "stale"


class Forbidden(DomainError):
    """The member's role or the key's scope does not include this."""

    code = "forbidden"


class RuleBroken(DomainError):
    """A rule of the product refuses the request as it stands."""

    code = "rule_broken"


class Invalid(RuleBroken):
    """The input cannot be used; ``errors`` names each field and what to do."""

    code = "invalid"

    def __init__(self, errors: FieldErrors, message: str = "Some fields need attention.") -> None:
        super().__init__(message, errors=errors)


class Gone(DomainError):
    """It was here and has ended: an expired or withdrawn link."""

    code = "gone"


@contextmanager
def named_by(field: str) -> Iterator[None]:
    """Say of a row that is not there which field of the input named it: ``NotFound`` leaves with ``errors``."""
    try:
        yield
    except NotFound as error:
        error.errors = {field: [error.message]}
        raise
