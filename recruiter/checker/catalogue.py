"""Reads the rule files into one frozen set, whose version changes whenever any of them does."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from recruiter.checker.document import Part, Severity
from recruiter.checker.phrases import Lists, Phrases
from recruiter.checker.rules import Category, Rule, RuleSet, Target, When

# Raised by hand when the engine reads the same data differently.
_ENGINE = 1

_OPEN_ENDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")
_CHARACTER_SET = re.compile(r"(?<!\\)\[\^?\]?(?:\\.|[^\]\\])*\]")


class BadRule(ValueError):
    """A rule in the data cannot be used."""


def load(language: str) -> RuleSet:
    """Read the rules of a language; raise ``BadRule`` or ``BadPhrase`` naming what cannot be used."""
    folder = resources.files("recruiter.checker").joinpath("data", language)
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")}
    files = {name: tomllib.loads(texts[name]) for name in sorted(texts)}
    digest = hashlib.sha256("\0".join(texts[name] for name in files).encode()).hexdigest()[:12]
    return build(files, version=f"{_ENGINE}-{digest}")


def build(files: Mapping[str, Mapping[str, Any]], *, version: str) -> RuleSet:
    """Make a rule set of parsed files: ``words.toml`` holds the named lists, every other file one category."""
    lists = {name: tuple(entries) for name, entries in files["words.toml"].items()}
    rules = {rule.id: rule for name in files if name != "words.toml" for rule in _rules(files[name], lists)}
    tree = Phrases(lists)
    targets: list[Target] = []
    for target, phrases in _targets(rules):
        for phrase in phrases:
            tree.add(phrase, len(targets))
        targets.append(target)
    return RuleSet(version, rules, tuple(targets), tree, lists)


def _targets(rules: Mapping[str, Rule]) -> Iterator[tuple[Target, tuple[str, ...]]]:
    for rule in rules.values():
        yield from ((Target(rule, when), when.phrases) for when in rule.whens)
        yield Target(rule, None), rule.masks


def _rules(data: Mapping[str, Any], lists: Lists) -> Iterator[Rule]:
    category = Category(**data["category"])
    for raw in data["rule"]:
        try:
            yield _rule(raw, category, lists)
        except (TypeError, KeyError, ValueError) as error:
            raise BadRule(f"{raw.get('id', category.id)}: {error}") from error


def _rule(raw: Mapping[str, Any], category: Category, lists: Lists) -> Rule:
    return Rule(
        **{
            "test": "",
            "version": 1,
            **raw,
            "category": category,
            "severity": Severity(raw["severity"]),
            "fields": _fields(raw.get("fields", ["any"])),
            "whens": tuple(_when(when, lists) for when in raw.get("whens", ())),
            "masks": tuple(raw.get("masks", ())),
            "marks": tuple(_mark(mark) for mark in raw.get("marks", ())),
            "phrases": {name: _phrases(found, lists) for name, found in raw.get("phrases", {}).items()},
            "settings": raw.get("settings", {}),
        },
    )


def _when(raw: Mapping[str, Any], lists: Lists) -> When:
    return When(
        phrases=tuple(raw["phrases"]),
        not_before=_phrases(raw.get("not_before", ()), lists),
        not_after=_phrases(raw.get("not_after", ()), lists),
        said_of=raw.get("said_of", ""),
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
