"""What a rule is; the rules themselves are data, in the files of ``data``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from recruiter.checker.document import Part, Severity
from recruiter.checker.phrases import Lists, Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A family of rules."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One way in which a rule fires: its phrases, and the phrases that must not stand right around them.

    ``said_of = "person"`` asks that the sentence says it of a person and not of a thing.
    """

    phrases: tuple[str, ...]
    not_before: Phrases
    not_after: Phrases
    said_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it looks for, how much it weighs, why, and what to say instead.

    ``message`` and ``suggestion`` are read by the person who writes; ``{words}`` in them stands for what was found.
    ``masks`` are harmless phrases: what overlaps one is not a finding. ``marks`` are patterns over characters, for
    what is no word. ``test`` names a check in code, which reads ``phrases`` and ``settings``. ``version`` counts the
    changes of this rule.
    """

    id: str
    category: Category
    severity: Severity
    message: str
    suggestion: str
    why: str
    source: str
    version: int
    fields: frozenset[Part]
    whens: tuple[When, ...]
    masks: tuple[str, ...]
    marks: tuple[re.Pattern[str], ...]
    test: str
    phrases: Mapping[str, Phrases]
    settings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Target:
    """What a phrase in the tree stands for: a way to fire, or a mask when ``when`` is ``None``."""

    rule: Rule
    when: When | None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Every rule of one language, and the one tree that finds all their phrases; a mark is a place in ``targets``."""

    version: str
    rules: Mapping[str, Rule]
    targets: tuple[Target, ...]
    tree: Phrases
    lists: Lists

    words: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Keep every list as a set of words too, for the guards that only look words up."""
        object.__setattr__(self, "words", {name: frozenset(entries) for name, entries in self.lists.items()})
