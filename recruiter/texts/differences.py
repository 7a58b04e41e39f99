"""What a new version of a template changes: its words, piece by piece, and the values that its letters say."""

import difflib
import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recruiter.texts import rendering, variables
from recruiter.texts.rendering import Words
from recruiter.texts.variables import Variable

_ALIKE = 0.4  # the share of pieces that stay; below it, old and new are read one after the other
_MOST = 4000  # pieces of one place that are compared; comparing costs time by the square of them
_PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\w+|\s+|.", re.DOTALL)


class Fate(enum.StrEnum):
    """What becomes of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stay, go or come."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place in a field, with the line it begins on in the new words, counted from 1."""

    field: str
    line: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that letters no longer say or newly say, and what that means for everybody who gets one."""

    name: str
    is_new: bool
    means: str


def of_words(live: Words, draft: Words) -> list[Change]:
    """Return every changed place, field by field; the lines that stay are left out."""
    return [change for field in rendering.FIELDS for change in _of(field, getattr(live, field), getattr(draft, field))]


def of_values(kind: str, live: Words, draft: Words) -> list[ValueChange]:
    """Return the values that go, then those that come; both texts have no faults."""
    before, after, known = rendering.named(live), rendering.named(draft), variables.of(kind)
    gone = [
        ValueChange(name, is_new=False, means=_loss(each)) for name, each in known.items() if name in before - after
    ]
    come = [ValueChange(name, is_new=True, means=_gain(each)) for name, each in known.items() if name in after - before]
    return gone + come


def _loss(variable: Variable) -> str:
    if variable.lost:
        return variable.lost
    if isinstance(variable.example, bool):
        return f"It reads the same either way: {_what(variable)}."
    return f"It is not said any more: {_what(variable)}."


def _gain(variable: Variable) -> str:
    if isinstance(variable.example, bool):
        return f"It now depends on this: {_what(variable)}."
    return f"It is said from now on: {_what(variable)}."


def _what(variable: Variable) -> str:
    """Return what a value means, inside a sentence."""
    meaning = variable.meaning.partition(";")[0]
    return f"{meaning[:1].lower()}{meaning[1:]}"


def _of(field: str, live: str, draft: str) -> Iterator[Change]:
    before, after = live.split("\n"), draft.split("\n")
    for tag, start, end, new_start, new_end in _opcodes(before, after):
        if tag != "equal":
            pieces = _pieces("\n".join(before[start:end]), "\n".join(after[new_start:new_end]))
            yield Change(field, new_start + 1, tuple(piece for piece in pieces if piece.text))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if max(len(old), len(new)) > _MOST:
        old, new = [before], [after]
    steps = _opcodes(old, new)
    if sum(end - start for tag, start, end, _, _ in steps if tag == "equal") < _ALIKE * max(len(old), len(new)):
        old, new = [before], [after]
        steps = _opcodes(old, new)
    for tag, start, end, new_start, new_end in steps:
        if tag == "equal":
            yield Piece(Fate.SAME, "".join(old[start:end]))
        else:
            yield Piece(Fate.GONE, "".join(old[start:end]))
            yield Piece(Fate.NEW, "".join(new[new_start:new_end]))


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, before, after).get_opcodes()
