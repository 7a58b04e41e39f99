"""The policies of countries and regions, read once from the files beside this module, each value with its source."""

import datetime as dt
import enum
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from recruiter.policies.values import PolicyName, Span, Value, span

DEFAULT = "default"


class Unusable(ValueError):
    """A file of policies says something that cannot be used; the words name the file and the place."""


class Rank(enum.StrEnum):
    """What stands behind a value."""

    LAW = "law"
    AUTHORITY = "authority"
    PRACTICE = "practice"
    OURS = "ours"

    @property
    def words(self) -> str:
        """What members read of it."""
        return {
            Rank.LAW: "Law",
            Rank.AUTHORITY: "Guidance of an authority",
            Rank.PRACTICE: "Common practice",
            Rank.OURS: "Our own choice",
        }[self]

    @property
    def binds(self) -> bool:
        """Whether it stands above what a firm decides for one person."""
        return self in {Rank.LAW, Rank.AUTHORITY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something comes from: the law or authority, its rank, and the day on which it was last read."""

    source: str
    rank: Rank
    seen: dt.date

    def __post_init__(self) -> None:
        if not self.source or type(self.seen) is not dt.date:
            raise Unusable("a source has words and a day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One value of a jurisdiction. ``means`` tells what it means for candidates, the value at the braces.

    A firm may choose another value between ``at_least`` and ``at_most``, or one of ``allowed``.
    """

    name: PolicyName
    value: Value
    means: str
    origin: Source
    at_least: Value | None = None
    at_most: Value | None = None
    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if "{value}" not in self.means:
            raise Unusable("what it means names the value, {value}")
        if problem := self.problem(self.value):
            raise Unusable(problem)

    @property
    def words(self) -> str:
        """The value in words."""
        return self.name.kind.words(self.value)

    def told(self, value: Value) -> str:
        """Return what it means for candidates when the value is this one."""
        return self.means.format(value=self.name.kind.words(value))

    def problem(self, value: Value) -> str:
        """Return why a firm may not choose this value, or an empty text."""
        kind = self.name.kind
        if kind.size is None:
            return f"This is not open to choice: {self.origin.source}." if self._is_closed(value) else ""
        if self.at_least is not None and kind.size(value) < kind.size(self.at_least):
            return f"{kind.words(self.at_least).capitalize()} is the least: {self.origin.source}."
        if self.at_most is not None and kind.size(value) > kind.size(self.at_most):
            return f"{kind.words(self.at_most).capitalize()} is the most: {self.origin.source}."
        return ""

    def _is_closed(self, value: Value) -> bool:
        return bool(self.allowed) and str(value) not in self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A day by which a law wants somebody interviewed to hear whether it is decided; days are calendar days.

    It runs for jobs advertised to the public whose employer has ``headcount`` people or more, or an unknown number.
    ``alarms`` are the two days on which members are reminded; ``proof`` is how long what was told is kept.
    """

    days: int
    alarms: tuple[int, int]
    headcount: int
    proof: Span
    means: str
    origin: Source

    def __post_init__(self) -> None:
        first, last = self.alarms
        if not 0 < first < last < self.days:
            raise Unusable("the two alarms come one after the other, before the last day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """A country (ISO 3166-1 alpha-2), a region (ISO 3166-2), or several; what it does not say, ``above`` says."""

    code: str
    name: str
    above: "Jurisdiction | None"
    members: frozenset[str]
    rules: Mapping[PolicyName, Rule]
    clock: Clock | None = None
    own: frozenset[PolicyName] = field(default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an application belongs, by ISO 3166 code of a country or region: of the job, the person and the firm."""

    job: str | None = None
    person: str | None = None
    firm: str | None = None

    @property
    def work(self) -> Jurisdiction:
        """Whose rules hold for the decision: those of the job, else of the person, else of the firm."""
        return find(self.job or self.person or self.firm)

    @property
    def home(self) -> Jurisdiction:
        """Whose rules hold for keeping the person: those of where they live, else of the job, else of the firm."""
        return find(self.person or self.job or self.firm)


@functools.cache
def every() -> Mapping[str, Jurisdiction]:
    """Return all jurisdictions by code, the one for everywhere else last."""
    return read(resources.files("recruiter.policies") / "data")


def find(place: str | None) -> Jurisdiction:
    """Return the nearest jurisdiction of a country or region by its ISO code; without one, that of everywhere else."""
    known = every()
    for code in (place or "", (place or "")[:2]):
        if code in known:
            return known[code]
        for each in known.values():
            if code in each.members:
                return each
    return known[DEFAULT]


def clocks() -> Mapping[str, Clock]:
    """Return the laws' clocks by the code of the place whose jobs they run for."""
    return {code: each.clock for code, each in every().items() if each.clock is not None}


def read(folder: Traversable) -> dict[str, Jurisdiction]:
    """Return the jurisdictions of a folder, each file one; raise ``Unusable`` for what is missing, strange or false."""
    files = {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}
    tables = {name: _table(file) for name, file in files.items()}
    found: dict[str, Jurisdiction] = {}
    for name in sorted(tables, key=lambda name: (name == DEFAULT, name)):
        _read(name, tables, found, ())
    return dict(sorted(found.items(), key=lambda item: (item[0] == DEFAULT, item[1].name)))


def _table(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Unusable(f"{file.name}: {error}") from error


def _read(
    name: str, tables: Mapping[str, dict[str, Any]], found: dict[str, Jurisdiction], below: tuple[str, ...]
) -> Jurisdiction:
    if name in found:
        return found[name]
    if name in below or name not in tables:
        raise Unusable(f"{name}.toml: is {'above itself' if name in below else 'not there'}")
    try:
        table = dict(tables[name])
        upper = None if name == DEFAULT else _read(table.pop("above", DEFAULT), tables, found, (*below, name))
        found[name] = _jurisdiction(name, upper, **table)
    except (Unusable, TypeError, KeyError, AttributeError, ValueError) as error:
        message = str(error)
        raise Unusable(message if message.partition(":")[0].endswith(".toml") else f"{name}.toml: {message}") from error
    return found[name]


def _jurisdiction(
    code: str,
    above: Jurisdiction | None,
    *,
    name: str,
    values: dict[str, dict[str, Any]] | None = None,
    members: list[str] | None = None,
    clock: dict[str, Any] | None = None,
) -> Jurisdiction:
    own = {PolicyName(key): _rule(PolicyName(key), **table) for key, table in (values or {}).items()}
    rules = {**(above.rules if above else {}), **own}
    if missing := [each.value for each in PolicyName if each not in rules]:
        raise Unusable(f"says nothing of {', '.join(missing)}")
    if clock and "-" not in code:
        raise Unusable("a clock runs for the jobs of a region")
    return Jurisdiction(
        code=code,
        name=name,
        above=above,
        members=frozenset(members or ()),
        rules=rules,
        clock=_clock(**clock) if clock else None,
        own=frozenset(own),
    )


def _rule(name: PolicyName, *, value: object, means: str, **table: Any) -> Rule:
    bounds = {key: name.kind.read(str(table.pop(key))) for key in ("at_least", "at_most") if key in table}
    allowed = tuple(str(name.kind.read(each)) for each in table.pop("allowed", ()))
    return Rule(
        name=name,
        value=name.kind.read(str(value)),
        means=means,
        origin=_source(**table),
        at_least=bounds.get("at_least"),
        at_most=bounds.get("at_most"),
        allowed=allowed,
    )


def _clock(*, days: int, alarms: list[int], headcount: int, proof: str, means: str, **table: Any) -> Clock:
    first, last = alarms
    kept, origin = span(proof), _source(**table)
    return Clock(days=days, alarms=(first, last), headcount=headcount, proof=kept, means=means, origin=origin)


def _source(*, rank: str, **table: Any) -> Source:
    return Source(rank=Rank(rank), **table)
