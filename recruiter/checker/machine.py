"""Finds every phrase of a set in one walk over the words, remembering each step that it has worked out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from recruiter.checker.reading import Word

_MOST_STATES = 20_000
_MOST_KINDS = 50_000
_UNKNOWN = "?"
_LONGEST_NUMBER = 8
_PREPARING = Lock()


@dataclass(frozen=True, slots=True)
class Beginning:
    """A step that takes every word with this beginning."""

    letters: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A step that takes every word with this end."""

    letters: str


@dataclass(frozen=True, slots=True)
class Number:
    """A step that takes a number from ``low`` to ``high``."""

    low: int
    high: int


Edge = frozenset[str] | Beginning | Ending | Number
End = tuple[int, bool, bool]


@dataclass(slots=True, eq=False)
class Node:
    """One place in the phrases: the steps from here, and the marks of the phrases that end here."""

    edges: list[tuple[Edge, "Node"]] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _State:
    """Every node that the words so far may have reached, with the steps that were worked out already."""

    nodes: tuple[Node, ...]
    ends: tuple[End, ...]
    after: dict[str, "_State"] = field(default_factory=dict)


class Machine:
    """The phrases as a graph of nodes, walked with all possible ways at once.

    What a word leads to is worked out when it is first met and kept, so a text costs a look-up for each word of each
    phrase that has begun, whatever the number of phrases.
    """

    def __init__(self) -> None:
        self.root = Node()
        self._states: dict[tuple[int, ...], _State] = {}
        self._start: _State | None = None
        self._firsts: dict[str, list[Node]] = {}
        self._kinds: dict[str, str] = {}
        self._known: set[str] = set()
        self._beginnings: set[str] = set()
        self._endings: set[str] = set()
        self._lengths: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
        self._counts = False

    def to(self, node: Node, edge: Edge) -> Node:
        """Add a step from a node and return where it leads."""
        reached = Node()
        node.edges.append((edge, reached))
        return reached

    def end(self, node: Node, mark: int, *, at_start: bool, at_end: bool) -> None:
        """Say that a phrase with this mark ends at a node."""
        node.ends.append((mark, at_start, at_end))

    def at(self, words: Sequence[Word], first: int) -> list[tuple[int, int]]:
        """Return mark and past-the-last word of every phrase that begins at word ``first``."""
        state, found = self._begun(), []
        for after in range(first + 1, len(words) + 1):
            if words[after - 1].sentence != words[first].sentence:
                break
            state = self._step(state, self._kind(words[after - 1].form))
            if not state.nodes:
                break
            found += [(end[0], after) for end in state.ends if _holds(end, words, first, after)]
        return found

    def find(self, words: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
        """Yield mark, first and past-the-last word of every phrase anywhere in the text."""
        if not self.root.edges:
            return
        start = self._begun()
        kinds = [self._kinds.get(word.form) or self._kind(word.form) for word in words]
        skips = not self._step(start, _UNKNOWN).nodes
        stops: Sequence[int] = ()
        for first, kind in enumerate(kinds):
            if skips and kind == _UNKNOWN:
                continue
            state, after = start.after.get(kind) or self._step(start, kind), first + 1
            while state.nodes:
                for end in state.ends:
                    if _holds(end, words, first, after):
                        yield end[0], first, after
                stops = stops or _sentence_ends(words)
                if after == stops[first]:
                    break
                state = state.after.get(kinds[after]) or self._step(state, kinds[after])
                after += 1

    def _begun(self) -> _State:
        start = self._start
        if start is None:
            with _PREPARING:  # of two threads, one looks
                start = self._start = self._start or self._prepared()
        return start

    def _prepared(self) -> _State:
        """Look once at everything that was added, so that a word nobody wrote a rule about costs nothing."""
        seen, waiting = {id(self.root)}, [self.root]
        edges = {}
        while waiting:
            for edge, node in waiting.pop().edges:
                edges[id(edge)] = edge
                if id(node) not in seen:
                    seen.add(id(node))
                    waiting.append(node)
        for edge in edges.values():
            self._learn(edge)
        self._lengths = (_lengths(self._beginnings), _lengths(self._endings))
        for edge, node in self.root.edges:
            for word in edge if isinstance(edge, frozenset) else ():
                self._firsts.setdefault(word, []).append(node)
        return _State((self.root,), ())

    def _learn(self, edge: Edge) -> None:
        if isinstance(edge, frozenset):
            self._known |= edge
        elif isinstance(edge, Number):
            self._counts = True
        elif isinstance(edge, Ending):
            self._endings.add(edge.letters)
        elif edge.letters:
            self._beginnings.add(edge.letters)

    def _kind(self, form: str) -> str:
        """Return the word itself if a phrase may ask for it, else one sign for all the others."""
        if len(self._kinds) >= _MOST_KINDS:
            self._kinds.clear()
        self._kinds[form] = found = form if self._is_known(form) else _UNKNOWN
        return found

    def _is_known(self, form: str) -> bool:
        return (
            form in self._known
            or (self._counts and _is_number(form))
            or any(form[:length] in self._beginnings for length in self._lengths[0])
            or any(form[-length:] in self._endings for length in self._lengths[1])
        )

    def _step(self, state: _State, kind: str) -> _State:
        found = state.after.get(kind)
        if found is None:
            found = state.after[kind] = self._state(tuple(self._reached(state, kind)))
        return found

    def _reached(self, state: _State, kind: str) -> Iterator[Node]:
        is_start = state.nodes == (self.root,)
        if is_start:
            yield from self._firsts.get(kind, ())
        for node in state.nodes:
            for edge, reached in node.edges:
                if not (is_start and isinstance(edge, frozenset)) and _takes(edge, kind):
                    yield reached

    def _state(self, nodes: tuple[Node, ...]) -> _State:
        key = tuple(map(id, nodes))
        found = self._states.get(key)
        if found is None:
            if len(self._states) >= _MOST_STATES:
                self._states, self._start = {}, _State((self.root,), ())
            found = self._states[key] = _State(nodes, tuple(dict.fromkeys(end for node in nodes for end in node.ends)))
        return found


def _sentence_ends(words: Sequence[Word]) -> list[int]:
    """Return for each word the place past the last word of its sentence."""
    ends = [len(words)] * len(words)
    for index in range(len(words) - 2, -1, -1):
        ends[index] = ends[index + 1] if words[index].sentence == words[index + 1].sentence else index + 1
    return ends


def _takes(edge: Edge, kind: str) -> bool:
    if isinstance(edge, frozenset):
        return kind in edge
    if isinstance(edge, Number):
        return _is_number(kind) and edge.low <= int(kind) <= edge.high
    return kind.endswith(edge.letters) if isinstance(edge, Ending) else kind.startswith(edge.letters)


def _lengths(pieces: set[str]) -> tuple[int, ...]:
    return tuple(sorted({len(letters) for letters in pieces}))


def _is_number(form: str) -> bool:
    return len(form) <= _LONGEST_NUMBER and form.isascii() and form.isdigit()


def _holds(end: End, words: Sequence[Word], first: int, after: int) -> bool:
    _, at_start, at_end = end
    return (not at_start or _starts(words, first)) and (not at_end or _ends(words, after))


def _starts(words: Sequence[Word], first: int) -> bool:
    return first == 0 or words[first - 1].sentence != words[first].sentence


def _ends(words: Sequence[Word], after: int) -> bool:
    return after == len(words) or words[after].after_pause or words[after].sentence != words[after - 1].sentence
