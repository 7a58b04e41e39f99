"""A small language for phrases, and a tree that finds all of them in one walk over the words of a text.

``word`` stands for itself, ``word*`` for its beginning, ``_`` for any one word, ``...`` for up to three words,
``#16-80`` for a number between the two, ``(a|b c)`` for a choice, ``(a)?`` for what may be missing, ``<name>`` for a
named list, ``^`` for the start of a sentence and ``$`` for the end of a clause. Every phrase has a greatest length, so
finding takes time that grows with the text and not with its shape.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from recruiter.checker.reading import Word

Lists = Mapping[str, tuple[str, ...]]
Element = str | frozenset[str]
Path = tuple[Element, ...]

ANY, START, END = "_", "^", "$"
_GAP: tuple[Path, ...] = ((), (ANY,), (ANY, ANY), (ANY, ANY, ANY))
_TOKEN = re.compile(r"[()|?^$]|\.\.\.|<\w+>|#\d+-\d+|[\w'+]+\*?")
_SPACED = re.compile(r"[\s-]+")
_MOST_PATHS = 4000


class BadPhrase(ValueError):
    """A phrase in the rule data cannot be read."""


@dataclass(slots=True)
class Node:
    """One step of the tree: where each next word leads, and the marks of the phrases that end here."""

    words: dict[str, list["Node"]] = field(default_factory=dict)
    beginnings: dict[str, "Node"] = field(default_factory=dict)
    numbers: list[tuple[int, int, "Node"]] = field(default_factory=list)
    any: "Node | None" = None
    marks: list[tuple[int, bool, bool]] = field(default_factory=list)
    steps: dict[Element, "Node"] = field(default_factory=dict)
    has_others: bool = False

    def after(self, form: str) -> Sequence["Node"]:
        """Return every node that one more word of this form leads to."""
        found = self.words.get(form, ())
        return [*found, *self._others(form)] if self.has_others else found

    def _others(self, form: str) -> Iterator["Node"]:
        if self.any:
            yield self.any
        for beginning, node in self.beginnings.items():
            if form.startswith(beginning):
                yield node
        if self.numbers and form.isascii() and form.isdigit() and len(form) < 9:
            yield from (node for low, high, node in self.numbers if low <= int(form) <= high)

    def step(self, element: Element) -> "Node":
        """Return the node that this element leads to, making it if it is new."""
        node = self.steps.get(element)
        if node is None:
            node = self.steps[element] = Node()
            self._attach(element, node)
        return node

    def _attach(self, element: Element, node: "Node") -> None:
        self.has_others = self.has_others or (isinstance(element, str) and not _is_plain(element))
        if isinstance(element, frozenset):
            for word in element:
                self.words.setdefault(word, []).append(node)
        elif element == ANY:
            self.any = node
        elif element.startswith("#"):
            low, high = element[1:].split("-")
            self.numbers.append((int(low), int(high), node))
        elif element.endswith("*"):
            self.beginnings[element[:-1]] = node
        else:
            self.words.setdefault(element, []).append(node)


class Phrases:
    """A set of phrases, each with a mark (a number) that says what found it."""

    def __init__(self, lists: Lists | None = None) -> None:
        self._lists = lists or {}
        self._root = Node()
        self._longest = 0

    def add(self, phrase: str, mark: int) -> None:
        """Add a phrase; raise ``BadPhrase`` if it cannot be read or spells out too many ways."""
        for path in _Reader(phrase, self._lists).paths():
            at_start, at_end = path[:1] == (START,), path[-1:] == (END,)
            self._longest = max(self._longest, len(path))
            node = self._root
            for element in path[at_start : len(path) - at_end]:
                node = node.step(element)
            if node is self._root:
                raise BadPhrase(f"{phrase!r} can match nothing at all")
            node.marks.append((mark, at_start, at_end))

    def at(self, words: Sequence[Word], first: int) -> list[tuple[int, int]]:
        """Return mark and past-the-last word of every phrase that begins at word ``first``."""
        found: list[tuple[int, int]] = []
        if first >= len(words):
            return found
        sentence = words[first].sentence
        stack = [(node, first + 1) for node in self._root.after(words[first].form)]
        while stack:
            node, after = stack.pop()
            for mark, at_start, at_end in node.marks:
                if not (at_start and not _starts(words, first)) and not (at_end and not _ends(words, after)):
                    found.append((mark, after))
            if after < len(words) and words[after].sentence == sentence:
                stack.extend([(child, after + 1) for child in node.after(words[after].form)])
        return found

    def find(self, words: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
        """Yield mark, first and past-the-last word of every phrase anywhere in the text."""
        numbered = _numbered(words)
        seen: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        begins = {form: bool(self._root.after(form)) for form in {word.form for word in words}}
        for first, word in enumerate(words):
            if not begins[word.form]:
                continue
            # A text that repeats itself costs one walk, however often it does.
            view = tuple(numbered[first : first + self._longest + 1])
            found = seen.get(view)
            if found is None:
                found = seen[view] = [(mark, after - first) for mark, after in self.at(words, first)]
            for mark, length in found:
                yield mark, first, first + length

    def __bool__(self) -> bool:
        """Say whether there is any phrase to find."""
        return bool(self._root.steps)


def _numbered(words: Sequence[Word]) -> list[int]:
    """Return a number for each word, the same for words that a walk cannot tell apart."""
    numbers: dict[tuple[str, bool, bool], int] = {}
    sentence = -1
    found = []
    for word in words:
        key = (word.form, word.after_pause, word.sentence != sentence)
        found.append(numbers.setdefault(key, len(numbers)))
        sentence = word.sentence
    return found


def _starts(words: Sequence[Word], first: int) -> bool:
    return first == 0 or words[first - 1].sentence != words[first].sentence


def _ends(words: Sequence[Word], after: int) -> bool:
    return after == len(words) or words[after].after_pause or words[after].sentence != words[after - 1].sentence


class _Reader:
    """Spells a phrase out into every sequence of elements that it stands for."""

    def __init__(self, phrase: str, lists: Lists) -> None:
        self._phrase = phrase
        self._lists = lists
        self._tokens = _TOKEN.findall(phrase)
        if _SPACED.sub("", "".join(self._tokens)) != _SPACED.sub("", phrase):
            raise BadPhrase(f"{phrase!r} has a sign that means nothing")
        self._at = 0

    def paths(self) -> list[Path]:
        found = self._choice()
        if self._at != len(self._tokens):
            raise BadPhrase(f"{self._phrase!r} is closed once too often")
        return list(dict.fromkeys(found))

    def _choice(self) -> list[Path]:
        found = self._sequence()
        while self._next() == "|":
            self._at += 1
            found += self._sequence()
        return _together(found)

    def _sequence(self) -> list[Path]:
        found: list[Path] = [()]
        while (token := self._next()) and token not in ("|", ")"):
            self._at += 1
            options = self._options(token)
            if self._next() == "?":
                self._at += 1
                options = [(), *options]
            found = [before + after for before, after in product(found, options)]
            if len(found) > _MOST_PATHS:
                raise BadPhrase(f"{self._phrase!r} stands for too many phrases; use a list")
        return found

    def _options(self, sign: str) -> list[Path]:
        if sign == "(":
            found = self._choice()
            if self._next() != ")":
                raise BadPhrase(f"{self._phrase!r} is never closed")
            self._at += 1
            return found
        if sign == "...":
            return list(_GAP)
        if sign.startswith("<"):
            return self._named(sign[1:-1])
        return [(sign.casefold(),)]

    def _named(self, name: str) -> list[Path]:
        if name not in self._lists:
            raise BadPhrase(f"{self._phrase!r} names a list that is not there: {name}")
        entries = self._lists[name]
        return _together([path for entry in entries for path in _Reader(entry, self._lists).paths()])

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""


def _together(paths: list[Path]) -> list[Path]:
    """Put the choices of a single word into one element, so that a phrase spells out to few paths."""
    single = [path for path in paths if len(path) == 1 and _is_plain(path[0])]
    if len(single) < 2:
        return paths
    words = frozenset(word for path in single for word in path if isinstance(word, str))
    return [(words,), *(path for path in paths if path not in single)]


def _is_plain(element: Element) -> bool:
    return isinstance(element, str) and re.fullmatch(r"[\w']+", element) is not None and element != ANY
