"""The documents say what is there: settings, commands, links, routes."""

import dataclasses
import re
from pathlib import Path

import pytest

from recruiter.config import Settings
from recruiter.errors import DomainError
from recruiter.web.errors import CODES, STATUS

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
# Refusals that only pages and commands meet, besides the kinds that always leave under a name of their own.
BESIDE_THE_API = {
    "already_asked",
    "asked_already",
    "already_published",
    "already_queued",
    "conflict",
    "draft_taken",
    "file_going_in",
    "gone",
    "language_taken",
    "last_admin",
    "last_of_its_kind",
    "legal_hold",
    "library_full",
    "mail_leaving",
    "nobody",
    "note_withdrawn",
    "nobody_to_read",
    "not_a_draft",
    "not_asked",
    "not_doubtful",
    "not_replayable",
    "not_sent",
    "nothing_to_take",
    "nothing_to_tell",
    "own_words",
    "page_closed",
    "rule_broken",
    "same_file",
    "to_consider",
    "too_many",
    "unsendable",
    "unusable",
}
MAIL_DOOR = "recruiter.inbox."  # asked by mail servers, with codes of its own
UNREADABLE = {(status, "unreadable") for status in ("400", "408", "414", "431")}  # before the application is asked
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")


def test_every_setting_is_documented():
    documented = set(re.findall(r"^\| `(RECRUITER_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))

    assert documented == {f"RECRUITER_{field.name.upper()}" for field in dataclasses.fields(Settings)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document):
    targets = [target for target in LINK.findall(document.read_text()) if "://" not in target]

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_readme_begins_with_the_two_commands():
    block = (ROOT / "README.md").read_text().split("```")[1]

    assert re.findall(r"^(make \w+)", block, re.MULTILINE) == ["make run", "make test"]


def test_every_make_target_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (\S+)", makefile, re.MULTILINE))

    assert phony == set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/adr").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))


def documented(rule: str) -> str:
    """A route as the guide writes it."""
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule)


def test_every_operation_of_the_api_is_in_its_guide(app):
    guide = set(re.findall(r"^\| `([A-Z]+ /api/v1/\S+)` \|", (ROOT / "docs/api/v1.md").read_text(), re.MULTILINE))
    served = {
        f"{method} {documented(rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert guide == served


def refusals(kind: type[DomainError] = DomainError) -> set[type[DomainError]]:
    return {kind}.union(*(refusals(each) for each in kind.__subclasses__())) - {DomainError}


def test_every_code_that_the_api_answers_with_is_in_its_guide(app):
    """The application imports every feature, and with them every refusal."""
    rows = re.findall(r"^\| ([\d, ]+) \| `([a-z_]+)` \|", (ROOT / "docs/api/v1.md").read_text(), re.MULTILINE)
    guide = {(status, code) for statuses, code in rows for status in statuses.split(", ")}
    known = {
        (str(next(STATUS[base] for base in kind.__mro__ if base in STATUS)), kind.code)
        for kind in refusals()
        if kind.code not in BESIDE_THE_API and not kind.__module__.startswith(MAIL_DOOR)
    }

    assert guide == known | {(str(status), code) for status, code in CODES.items()} | UNREADABLE
    assert {kind.code for kind in refusals()} >= BESIDE_THE_API
