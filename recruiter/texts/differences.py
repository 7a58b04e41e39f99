"""What a new version of a template changes: its words, piece by piece, and the values that its letters say."""

import difflib
import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recruiter.texts import rendering, variables
from recruiter.texts.rendering import Words

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
    gone = [ValueChange(name, is_new=False, means=_loss(name)) for name in known if name in before - after]
    come = [ValueChange(name, is_new=True, means=known[name].meaning) for name in known if name in after - before]
    return gone + come


def _loss(name: str) -> str:
    variable = next(each for each in variables.VARIABLES if each.name == name)
    return variable.lost or f"Nothing depends on it any more: {variable.meaning[:1].lower()}{variable.meaning[1:]}."


def _of(field: str, live: str, draft: str) -> Iterator[Change]:
    before, after = live.split("\n"), draft.split("\n")
    for tag, start, end, new_start, new_end in _opcodes(before, after):
        if tag != "equal":
            pieces = _pieces("\n".join(before[start:end]), "\n".join(after[new_start:new_end]))
            yield Change(field, new_start + 1, tuple(pieces))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    for tag, start, end, new_start, new_end in _opcodes(old, new):
        if tag == "equal":
            yield Piece(Fate.SAME, "".join(old[start:end]))
            continue
        if end > start:
            yield Piece(Fate.GONE, "".join(old[start:end]))
        if new_end > new_start:
            yield Piece(Fate.NEW, "".join(new[new_start:new_end]))


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, before, after).get_opcodes()
