"""What a rule is; the rules themselves are data, in the files of ``data``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from recruiter.checker.document import Part, Severity
from recruiter.checker.phrases import Lists, Phrases

_PLACE = re.compile(r"\{(\w{1,20})\}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Category:
    """A family of rules; ``masks`` and ``unless`` hold for each of them as a rule's own do."""

    id: str
    name: str
    masks: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class When:
    """One way in which a rule fires: its phrases, and what may, must and must not stand around them.

    ``not_before`` and ``not_after`` must not stand right before and after, ``only_before`` and ``only_after`` must.
    The sentence must hold one of ``near`` and one of ``then`` (after the phrase), and none of ``unless``.
    ``said_of = "person"`` asks that the sentence says it of a person and not of a thing; ``unless_deed`` that the
    sentence does not tell what the candidate did at work.
    """

    phrases: tuple[str, ...]
    not_before: Phrases
    not_after: Phrases
    only_before: Phrases
    only_after: Phrases
    near: tuple[str, ...]
    then: tuple[str, ...]
    unless: tuple[str, ...]
    said_of: str
    unless_deed: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule: what it looks for, how much it weighs, why, and what to say instead.

    ``message`` and ``suggestion`` are read by the person who writes; ``{words}`` in them stands for what was found.
    ``masks`` are harmless phrases: what overlaps one is not a finding. ``marks`` are patterns over characters, for
    what is no word; they are looked for only in a text that has one of ``signs``, in small letters. ``test`` names a
    check in code, which reads ``phrases`` and ``settings``. Fewer than ``least`` places in a sentence, or in the whole
    text if ``per`` says so, are none. ``is_final`` says that nobody may send in spite of it. ``any_language`` says
    that it needs no words of a language. ``version`` counts the changes of this rule.
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
    signs: tuple[str, ...]
    test: str
    phrases: Mapping[str, Phrases]
    settings: Mapping[str, int]
    least: int
    per: str
    is_final: bool
    any_language: bool

    @property
    def gist(self) -> str:
        """What the rule says, without the words that it quotes."""
        said = _PLACE.sub(lambda match: str(self.settings.get(match[1], "…")), self.message.removeprefix("“{words}” "))
        return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True, eq=False)
class Firing:
    """A rule, and the one of its ways to fire that a phrase belongs to."""

    rule: Rule
    when: When


# What a phrase in the tree stands for: a way to fire, the rule or category that it masks, or a guard, which is the
# phrase itself: it stands in the tree once for all the rules that ask for it.
Target = Firing | Rule | Category | str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Every rule of one language, and the one set of all their phrases; a mark is a place in ``targets``.

    ``raised`` holds by country the severities that its law makes graver.
    """

    version: str
    rules: Mapping[str, Rule]
    targets: tuple[Target, ...]
    tree: Phrases
    lists: Lists
    raised: Mapping[str, Mapping[str, Severity]]

    words: Mapping[str, frozenset[str]] = field(init=False)
    besides: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Keep every list as a set of words too, and the rules that look for more than phrases."""
        object.__setattr__(self, "besides", tuple(rule for rule in self.rules.values() if rule.marks or rule.test))
        object.__setattr__(self, "words", {name: frozenset(entries) for name, entries in self.lists.items()})

    def severity(self, rule: str, country: str) -> Severity:
        """Return how much a rule weighs in a country, named by its code (``CA``) or with a region (``CA-ON``)."""
        own = self.rules[rule].severity
        whole = self.raised.get(country.partition("-")[0], {}).get(rule, own)
        return min(whole, self.raised.get(country, {}).get(rule, own), key=lambda severity: severity.weight)
