"""A small language for phrases: reads one into the steps that its words take through a machine.

``word`` stands for itself, ``word*`` and ``*word`` for its beginning and end, ``_`` for any one word, ``...`` for up to
three words, ``#16-80`` for a number between the two, ``(a|b c)`` for a choice, ``(a)?`` for what may be missing,
``<name>`` for a named list, ``^`` for the start of a sentence and ``$`` for the end of a clause. Every phrase has a
greatest length, so finding takes time that grows with the text and not with its shape.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recruiter.checker.machine import Beginning, Edge, Ending, Machine, Node, Number
from recruiter.checker.reading import Word

Lists = Mapping[str, tuple[str, ...]]

_TOKEN = re.compile(r"[()|?^$]|\.\.\.|<\w+>|#\d+-\d+|\*?[\w'+]+\*?")
_SPACED = re.compile(r"[\s-]+")
_ANYTHING = Beginning("")
_SIGNS = {"^", "$"}


class BadPhrase(ValueError):
    """A phrase in the rule data cannot be read."""


class _Place(NamedTuple):
    """Where a phrase has got to: a node, and whether it began at a sentence or has to end with its clause."""

    node: Node
    at_start: bool = False
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    edge: Edge


@dataclass(frozen=True, slots=True)
class _Sign:
    sign: str


@dataclass(frozen=True, slots=True)
class _Row:
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    parts: tuple["_Part", ...]


_Part = _Step | _Sign | _Row | _Choice
_Named = Callable[[str], _Part | None]
_NOTHING = _Row(())
_GAP = _Row((_Choice((_NOTHING, _Step(_ANYTHING))),) * 3)


class Phrases:
    """A set of phrases, each with a mark (a number) that says what found it."""

    def __init__(self, lists: Lists | None = None) -> None:
        self._lists = lists or {}
        self._machine = Machine()
        self._named: dict[str, _Part] = {}

    def add(self, phrase: str, mark: int) -> None:
        """Add a phrase; raise ``BadPhrase`` if it cannot be read or could match nothing at all."""
        part = _Reader(phrase, self._list).part()
        for place in _lay(part, {_Place(self._machine.root)}):
            if place.node is self._machine.root:
                raise BadPhrase(f"{phrase!r} can match nothing at all")
            self._machine.end(place.node, mark, at_start=place.at_start, at_end=place.at_end)

    def add_words(self, forms: Sequence[str], mark: int) -> None:
        """Add plain words one after the other, such as a name; no words add nothing."""
        node = self._machine.root
        for form in forms:
            node = self._machine.to(node, frozenset({form}))
        if forms:
            self._machine.end(node, mark, at_start=False, at_end=False)

    def at(self, words: Sequence[Word], first: int) -> list[tuple[int, int]]:
        """Return mark and past-the-last word of every phrase that begins at word ``first``."""
        return self._machine.at(words, first)

    def find(self, words: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
        """Yield mark, first and past-the-last word of every phrase anywhere in the text."""
        return self._machine.find(words)

    def __bool__(self) -> bool:
        """Say whether there is any phrase to find."""
        return bool(self._machine.root.edges)

    def _list(self, name: str) -> _Part | None:
        if name not in self._named and name in self._lists:
            self._named[name] = _choice([_Reader(entry, self._list).part() for entry in self._lists[name]])
        return self._named.get(name)


def _lay(part: _Part, places: set[_Place]) -> set[_Place]:
    """Lay the steps of a part behind every place; return the places where it may end."""
    if isinstance(part, _Step):
        return _step(part.edge, places)
    if isinstance(part, _Sign):
        is_start = part.sign == "^"
        return {_Place(each.node, each.at_start or is_start, each.at_end or not is_start) for each in places}
    if isinstance(part, _Row):
        for each in part.parts:
            places = _lay(each, places)
        return places
    return {end for each in part.parts for end in _lay(each, places)}


def _step(edge: Edge, places: set[_Place]) -> set[_Place]:
    reached: dict[bool, Node] = {}
    for place in places:
        node = reached.setdefault(place.at_start, Node())
        place.node.edges.append((edge, node))
    return {_Place(node, at_start) for at_start, node in reached.items()}


def _choice(parts: list[_Part]) -> _Part:
    """Put the choices of a single word into one step, so that a list of hundreds costs as much as one word."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, _Choice) else (part,))]
    words = [part.edge for part in flat if isinstance(part, _Step) and isinstance(part.edge, frozenset)]
    others = [part for part in flat if not (isinstance(part, _Step) and isinstance(part.edge, frozenset))]
    together: list[_Part] = [_Step(frozenset().union(*words))] if words else []
    parts = together + others
    return parts[0] if len(parts) == 1 else _Choice(tuple(parts))


class _Reader:
    """Reads one phrase into parts."""

    def __init__(self, phrase: str, named: _Named) -> None:
        self._phrase = phrase
        self._named = named
        self._tokens = _TOKEN.findall(phrase)
        if _SPACED.sub("", "".join(self._tokens)) != _SPACED.sub("", phrase):
            raise BadPhrase(f"{phrase!r} has a sign that means nothing")
        self._at = 0

    def part(self) -> _Part:
        found = self._choice()
        if self._at != len(self._tokens):
            raise BadPhrase(f"{self._phrase!r} is closed once too often")
        return found

    def _choice(self) -> _Part:
        found = [self._row()]
        while self._next() == "|":
            self._at += 1
            found.append(self._row())
        return _choice(found)

    def _row(self) -> _Part:
        found: list[_Part] = []
        while (token := self._next()) and token not in ("|", ")"):
            self._at += 1
            part = self._one(token)
            if self._next() == "?":
                self._at += 1
                part = _choice([_NOTHING, part])
            found.append(part)
        return found[0] if len(found) == 1 else _Row(tuple(found))

    def _one(self, sign: str) -> _Part:
        if sign == "(":
            return self._closed()
        if sign == "...":
            return _GAP
        if sign.startswith("<"):
            return self._list(sign[1:-1])
        return _Sign(sign) if sign in _SIGNS else _Step(_edge(sign))

    def _closed(self) -> _Part:
        found = self._choice()
        if self._next() != ")":
            raise BadPhrase(f"{self._phrase!r} is never closed")
        self._at += 1
        return found

    def _list(self, name: str) -> _Part:
        found = self._named(name)
        if found is None:
            raise BadPhrase(f"{self._phrase!r} names a list that is not there: {name}")
        return found

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""


def _edge(sign: str) -> Edge:
    if sign == "_":
        return _ANYTHING
    if sign.startswith("#"):
        low, high = sign[1:].split("-")
        return Number(int(low), int(high))
    if sign.startswith("*"):
        return Ending(sign[1:].casefold())
    return Beginning(sign[:-1].casefold()) if sign.endswith("*") else frozenset({sign.casefold()})
