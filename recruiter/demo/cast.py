"""The roles, people and letters of the sample firm, read from the files beside this module."""

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from recruiter.applications.models import Stage
from recruiter.db.folding import words
from recruiter.feedback.points import Feedback, Point
from recruiter.jobs.service import Need, Role

_SPAIN, _GERMANY, _PORTUGAL = ("ES", "Europe/Madrid"), ("DE", "Europe/Berlin"), ("PT", "Europe/Lisbon")
_ABROAD = {"Madrid": _SPAIN, "Berlin": _GERMANY, "Toronto": ("CA", "America/Toronto")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the sixty, with the stage they reached in a role; ``people.toml`` says what the numbers count."""

    name: str
    place: str
    role: str
    stage: Stage
    skills: tuple[str, ...] = ()
    code: str | None = None
    letter: str = ""
    late: int = 0
    days: int = 0
    months: int = 0
    day: int = 1
    waited: int = 2
    pool: int = 0
    ends: int = 0

    @property
    def email(self) -> str:
        """An address that belongs to nobody (RFC 2606)."""
        return f"{'.'.join(words(self.name))}@example.com"

    @property
    def country(self) -> str:
        """Where they live, as ISO 3166-1 alpha-2."""
        return _ABROAD.get(self.place, _PORTUGAL)[0]

    @property
    def time_zone(self) -> str:
        """The IANA zone in which they live."""
        return _ABROAD.get(self.place, _PORTUGAL)[1]

    @property
    def feedback(self) -> Feedback:
        """What their letter says beside the decision."""
        return letters()[self.letter] if self.letter else Feedback()


def people(part: str) -> Sequence[Person]:
    """Return the people of one part of ``people.toml``, in its order."""
    return [_person(values) for values in _read("people")[part]]


@functools.cache
def roles() -> dict[str, Role]:
    """Return the seven roles by their key."""
    return {key: _role(values) for key, values in _read("roles").items()}


@functools.cache
def letters() -> dict[str, Feedback]:
    """Return the feedback of every letter by its key."""
    return {key: _feedback(values) for key, values in _read("letters").items()}


def _person(values: dict[str, Any]) -> Person:
    return Person(**values | {"stage": Stage(values["stage"]), "skills": tuple(values.get("skills", ()))})


def _role(values: dict[str, Any]) -> Role:
    musts = [Need(text) for text in values["needs"]]
    return Role(
        title=values["title"],
        client_name=values["client"],
        client_disclosed=not values.get("hidden", False),
        country=values.get("country", "PT"),
        region=values.get("region"),
        location=values["location"],
        advertised=values.get("advertised", False),
        needs=(*musts, *(Need(text, must_have=False) for text in values["wishes"])),
    )


def _feedback(values: dict[str, Any]) -> Feedback:
    return Feedback(
        strengths=tuple(Point(criterion=criterion, text=text) for criterion, text in values["strengths"]),
        gaps=tuple(
            Point(criterion=criterion, text=text, requirement=requirement, suggestion=suggestion)
            for criterion, text, requirement, suggestion in values["gaps"]
        ),
    )


@functools.cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("recruiter.demo").joinpath("data", f"{name}.toml").read_text("utf-8"))
