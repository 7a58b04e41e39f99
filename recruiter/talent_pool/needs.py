"""How a requirement is read: the ways in which it can be met, and which texts speak about it."""

import functools
from dataclasses import dataclass

from recruiter.db.folding import words

# Words that carry no need of their own: "Good knowledge of Kafka" asks for Kafka.
_FILLERS = """
    a ability able about an any are as at basic be by can etc excellent experience experienced familiar familiarity
    for from good great have having in is it its knowledge level minimum more must of on other our plus proven
    proficiency proficient related similar skill skills solid some strong such that the their this to up using very
    we well with work working year years you your
"""
FILLERS = frozenset(_FILLERS.split())
OR, AND = frozenset({"or", "/"}), frozenset({"and", "&", ",", ";", "+"})

Part = frozenset[str]


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement taken apart: one of its ways has to be met, and of that way every part.

    A part is its words without fillers. A need without parts says nothing that can be looked up.
    """

    ways: tuple[tuple[Part, ...], ...]

    @property
    def parts(self) -> frozenset[Part]:
        """Every part of every way."""
        return frozenset(part for way in self.ways for part in way)


@functools.lru_cache(maxsize=4096)
def read(text: str) -> Need:
    """Take a requirement apart: ``or`` and a slash give ways, ``and`` and commas give parts."""
    marked = text
    for sign in ",;/":
        marked = marked.replace(sign, f" {sign} ")
    ways: list[list[list[str]]] = [[[]]]
    for token in marked.split():
        if token.casefold() in OR:
            ways.append([[]])
        elif token.casefold() in AND:
            ways[-1].append([])
        else:
            ways[-1][-1].append(token)
    taken = [tuple(part for each in way if (part := _main(" ".join(each)))) for way in ways]
    return Need(tuple(way for way in taken if way))


@functools.lru_cache(maxsize=65536)
def about(text: str) -> Part:
    """Return the words of a skill, a place or a criterion, without fillers."""
    return _main(text)


def speaks_of(text: str, part: Part) -> bool:
    """Whether a short text names a part, or the part names it.

    ``Apache Kafka`` speaks of the part ``Kafka``; ``Python`` speaks of the part ``Python in production``.
    """
    said = about(text)
    return bool(said) and (said <= part or part <= said)


def _main(text: str) -> Part:
    return frozenset(words(text)) - FILLERS
