"""Reads the rule files into one frozen set, whose version changes whenever any of them does."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

from recruiter.checker.document import Part, Severity
from recruiter.checker.phrases import Lists, Phrases
from recruiter.checker.rules import Category, Firing, Rule, RuleSet, Target, When

# Raised by hand when the engine reads the same data differently.
_ENGINE = 2

_LOADING = Lock()  # two threads that need the rules at once work them out once
_WORDS, _COUNTRIES = "words", "countries.toml"
_AROUND = ("not_before", "not_after", "only_before", "only_after")
_WITHIN = ("near", "then", "unless")

_OPEN_ENDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")
_CHARACTER_SET = re.compile(r"(?<!\\)\[\^?\]?(?:\\.|[^\]\\])*\]")


class BadRule(ValueError):
    """A rule in the data cannot be used."""


def load(language: str) -> RuleSet:
    """Return the rules of a language, worked out at the first call and kept; safe to call from many threads.

    Raises ``BadRule`` or ``BadPhrase`` naming what cannot be used.
    """
    with _LOADING:
        return _built(language)


@cache
def version(language: str) -> str:
    """Return what tells these rules from any others; reads the files and works nothing out."""
    digest = hashlib.sha256("\0".join(text for _, text in _texts(language)).encode()).hexdigest()[:12]
    return f"{_ENGINE}-{digest}"


@cache
def _built(language: str) -> RuleSet:
    files = {name: tomllib.loads(text) for name, text in _texts(language)}
    return build(files, version=version(language))


def _texts(language: str) -> list[tuple[str, str]]:
    folder = resources.files("recruiter.checker").joinpath("data", language)
    return sorted((each.name, each.read_text("utf-8")) for each in folder.iterdir() if each.name.endswith(".toml"))


def build(files: Mapping[str, Mapping[str, Any]], *, version: str) -> RuleSet:
    """Make a rule set of parsed files: ``words*`` hold the named lists, ``countries`` what a law makes graver.

    Every other file is one category.
    """
    lists = {name: tuple(entries) for file in files if file.startswith(_WORDS) for name, entries in files[file].items()}
    rules = {
        rule.id: rule
        for file in files
        if not file.startswith((_WORDS, _COUNTRIES))
        for rule in _rules(files[file], lists)
    }
    tree = Phrases(lists)
    targets: list[Target] = []
    for target, phrases in _targets(rules):
        for phrase in phrases:
            tree.add(phrase, len(targets))
        targets.append(target)
    return RuleSet(version, rules, tuple(targets), tree, lists, _raised(files.get(_COUNTRIES, {}), rules))


def _targets(rules: Mapping[str, Rule]) -> Iterator[tuple[Target, tuple[str, ...]]]:
    categories = {rule.category.id: rule.category for rule in rules.values()}.values()
    whens = [(rule, when) for rule in rules.values() for when in rule.whens]
    for rule, when in whens:
        yield Firing(rule, when), when.phrases
    masked: list[Rule | Category] = [*rules.values(), *categories]
    for each in masked:
        yield each, each.masks
    within = [phrase for _, when in whens for phrase in (*when.near, *when.then, *when.unless)]
    for guard in dict.fromkeys([*within, *(phrase for each in categories for phrase in each.unless)]):
        yield guard, (guard,)


def _raised(countries: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, dict[str, Severity]]:
    """Read the severities of each country; one that would make a rule lighter is refused."""
    raised = {country: {rule: Severity(found) for rule, found in each.items()} for country, each in countries.items()}
    for country, each in raised.items():
        for rule, severity in each.items():
            if severity.weight >= rules[rule].severity.weight:
                raise BadRule(f"{country}: {rule} is {rules[rule].severity} everywhere; a country may only raise it")
    return raised


def _rules(data: Mapping[str, Any], lists: Lists) -> Iterator[Rule]:
    head = dict(data["category"])
    is_final = head.pop("is_final", False)
    masks, unless = (tuple(head.pop(name, ())) for name in ("masks", "unless"))
    category = Category(**head, masks=masks, unless=unless)
    for raw in data["rule"]:
        try:
            yield _rule({"is_final": is_final, **raw}, category, lists)
        except (TypeError, KeyError, ValueError) as error:
            raise BadRule(f"{raw.get('id', category.id)}: {error}") from error


def _rule(raw: Mapping[str, Any], category: Category, lists: Lists) -> Rule:
    return Rule(
        **{
            "test": "",
            "version": 1,
            "least": 1,
            "per": "sentence",
            "any_language": False,
            **raw,
            "category": category,
            "severity": Severity(raw["severity"]),
            "fields": _fields(raw.get("fields", ["any"])),
            "whens": tuple(_when(when, lists) for when in raw.get("whens", ())),
            "masks": tuple(raw.get("masks", ())),
            "signs": tuple(raw.get("signs", ("",))),
            "marks": tuple(_mark(mark) for mark in raw.get("marks", ())),
            "phrases": {name: _phrases(found, lists) for name, found in raw.get("phrases", {}).items()},
            "settings": raw.get("settings", {}),
        },
    )


def _when(raw: Mapping[str, Any], lists: Lists) -> When:
    unknown = raw.keys() - {"phrases", "said_of", "unless_deed", *_AROUND, *_WITHIN}
    if unknown:
        raise TypeError(f"{', '.join(sorted(unknown))} is no guard")
    around = {name: _phrases(raw.get(name, ()), lists) for name in _AROUND}
    within = {name: tuple(raw.get(name, ())) for name in _WITHIN}
    return When(
        phrases=tuple(raw["phrases"]),
        not_before=around["not_before"],
        not_after=around["not_after"],
        only_before=around["only_before"],
        only_after=around["only_after"],
        near=within["near"],
        then=within["then"],
        unless=within["unless"],
        said_of=raw.get("said_of", ""),
        unless_deed=raw.get("unless_deed", False),
    )


def _phrases(found: tuple[str, ...], lists: Lists) -> Phrases:
    phrases = Phrases(lists)
    for phrase in found:
        phrases.add(phrase, 0)
    return phrases


def _mark(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over characters; only bounded repeats are allowed, so that matching stays linear."""
    if _OPEN_ENDED.search(_CHARACTER_SET.sub("", pattern)):
        raise BadRule(f"{pattern!r} repeats without an end")
    return re.compile(pattern, re.IGNORECASE)


def _fields(names: list[str]) -> frozenset[Part]:
    return frozenset(Part) if names == ["any"] else frozenset(Part(name) for name in names)
