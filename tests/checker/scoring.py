"""Scores the checker on labelled sentences, and writes the figures and the table of rules into the documents.

``python -m tests.checker.scoring`` brings both documents up to date.
"""

import csv
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from recruiter.checker import catalogue, command

DATA = Path(__file__).parent / "data"
DOCS = Path(__file__).parents[2] / "docs"
RULES = catalogue.load("en").rules
_PART = re.compile(r"(?s)(<!-- scores -->\n).*?(<!-- end of scores -->)")


@dataclass
class Score:
    """What was found in a set of labelled texts; the shares leave out what needs meaning (``[hard]``)."""

    rows: int = 0
    exact_rows: int = 0
    block_rows: int = 0
    caught_rows: int = 0
    good_rows: int = 0
    blocked_rows: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def exact(self) -> float:
        return self.exact_rows / self.rows

    @property
    def caught(self) -> float:
        return self.caught_rows / self.block_rows

    @property
    def blocked(self) -> float:
        return self.blocked_rows / self.good_rows


def score(path: Path) -> Score:
    """Score a CSV file with the columns ``text``, ``expected_rule_ids`` and ``note``."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = Score()
    for row, result in zip(rows, command.check_file(path, DATA / "context.json"), strict=True):
        _count(found, row, result["findings"])
    return found


def _count(found: Score, row: dict[str, str], findings: list[dict[str, str]]) -> None:
    expected = set(filter(None, row["expected_rule_ids"].split(";")))
    fired = {finding["rule"] for finding in findings}
    for counter, rules in ((found.right, expected & fired), (found.wrong, fired - expected)):
        counter.update(rule.partition("-")[0] for rule in rules)
    found.missed.update(rule.partition("-")[0] for rule in expected - fired)
    if "[hard]" in row["note"]:
        return
    blocked = any(finding["severity"] == "block" for finding in findings)
    blocks = {rule for rule in expected if RULES[rule].severity == "block"}
    found.rows += 1
    found.exact_rows += fired == expected
    if blocks:
        found.block_rows += 1
        found.caught_rows += bool(blocks & fired) if "[internal]" in row["note"] else blocked
    if not expected:
        found.good_rows += 1
        found.blocked_rows += blocked


def table() -> str:
    """Return the figures as the document shows them."""
    sets = tuple(score(DATA / f"{name}.csv") for name in ("sentences", "unseen", "blind"))
    columns = " | ".join(
        f"{figure}, {name}" for name in ("labelled", "unseen", "blind") for figure in ("Precision", "Recall")
    )
    lines = [
        "| | labelled | unseen | blind |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {' | '.join(f'{getattr(each, key):.1%} of {getattr(each, rows)}' for each in sets)} |"
            for name, key, rows in (
                ("exactly the right rules", "exact", "rows"),
                ("rows to block that were blocked", "caught", "block_rows"),
                ("good rows that were blocked", "blocked", "good_rows"),
            )
        ),
        "",
        f"| Category | {columns} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for category in dict.fromkeys(rule.category.id for rule in RULES.values()):
        figures = [figure for each in sets for figure in _figures(each, category)]
        lines.append(f"| {category} | {' | '.join(figures)} |")
    return "\n".join(lines) + "\n"


def _figures(found: Score, category: str) -> tuple[str, str]:
    right = found.right[category]
    fired, expected = right + found.wrong[category], right + found.missed[category]
    return (f"{right / fired:.0%}" if fired else "-", f"{right / expected:.0%}" if expected else "-")


def rules_page() -> str:
    """Return the page with every rule."""
    lines = ["# The rules of the checker", "", "Made from the rule data by `make checker-docs`.", ""]
    category = ""
    for rule in RULES.values():
        if rule.category.id != category:
            category = rule.category.id
            lines += ["", f"## {rule.category.name} ({category})", ""]
            lines += ["| Rule | Severity | Says | Why | Say instead |", "| --- | --- | --- | --- | --- |"]
        severity = f"{rule.severity}, final" if rule.is_final and rule.severity == "block" else str(rule.severity)
        cells = (rule.id, severity, rule.message, f"{rule.why} ({rule.source})", rule.suggestion)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def with_scores(text: str) -> str:
    """Return the text of a document with the figures of today in their place."""
    return _PART.sub(lambda match: f"{match[1]}{table()}{match[2]}", text)


@dataclass(frozen=True)
class Row:
    """One of our own sentences: the rule it was written for, where it stands, and whether the rule has to find it."""

    rule: str
    field: str
    text: str
    is_found: bool


def own() -> list[Row]:
    """Return our own sentences: those made with the rules, and the sets that were written fresh."""
    files = sorted([*(DATA / "own").glob("*.toml"), *DATA.glob("*.toml")])
    return [
        Row(rule, each.get("field", "body"), text, kind == "found")
        for file in files
        for rule, each in tomllib.loads(file.read_text("utf-8")).items()
        for kind in ("found", "fine")
        for text in each.get(kind, ())
    ]


if __name__ == "__main__":
    page = DOCS / "checker.md"
    page.write_text(with_scores(page.read_text("utf-8")), "utf-8")
    (DOCS / "checker-rules.md").write_text(rules_page(), "utf-8")
