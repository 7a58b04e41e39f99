"""Checking a file from the command line."""

import json
from pathlib import Path

import pytest

from recruiter.checker import command
from recruiter.errors import Invalid

pytestmark = pytest.mark.once


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rules(path: Path, context: Path | None = None) -> list[list[str]]:
    return [[finding["rule"] for finding in row["findings"]] for row in command.check_file(path, context)]


def test_each_row_gives_one_object(tmp_path: Path):
    file = write(tmp_path / "texts.csv", '\ufefftext,note\nfine,[body]\nyou are too old,"[odd] [internal] note"\n')

    assert list(command.check_file(file)) == [
        {"row": 1, "findings": []},
        {
            "row": 2,
            "findings": [
                {
                    "rule": "PROT-AGE",
                    "severity": "warn",
                    "field": "internal",
                    "start": 8,
                    "end": 15,
                    "words": "too old",
                    "message": "“too old” is about age. Age is never a reason or a compliment, in any tone."
                    " This note can be asked for.",
                    "suggestion": "Say which experience the role needs and what you heard instead.",
                }
            ],
        },
    ]


def test_a_tag_says_which_rules_read_a_text(tmp_path: Path):
    file = write(tmp_path / "texts.csv", "text,note\nHello Tom,[doc]\nHello Tom,\nHello Tom,[growth]\n,[body]\n")
    context = write(tmp_path / "context.json", json.dumps({"candidate": "Maya", "people": ["Tom"], "client": None}))

    assert rules(file, context) == [
        ["STR-DECISION", "STR-NEXT", "READ-LEN"],
        ["TOK-NAME"],
        ["TOK-NAME", "VAG-NOEV", "VAG-SHORT"],
        [],
    ]


def test_a_file_needs_no_notes(tmp_path: Path):
    assert rules(write(tmp_path / "texts.csv", "text\nyou are too old\n")) == [["PROT-AGE"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "texts.csv needs a column named text."),
        ("words\nfine\n", "texts.csv needs a column named text."),
        (b"text\nna\xefve\n", "texts.csv is not UTF-8 (byte 7)."),
        (f"text\n{'a' * 2_000_001}\n", "texts.csv, line 2: field larger than field limit (2000000)."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str | bytes, message: str):
    file = write(tmp_path / "texts.csv", content)

    with pytest.raises(Invalid) as refusal:
        list(command.check_file(file))

    assert refusal.value.errors == {"file": [message]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "context.json, line 1: Expecting property name enclosed in double quotes."),
        ("[]", "context.json must hold one object."),
    ],
)
def test_a_context_that_cannot_be_read_is_named(tmp_path: Path, content: str, message: str):
    with pytest.raises(Invalid) as refusal:
        command.read_context(write(tmp_path / "context.json", content))

    assert refusal.value.errors == {"context": [message]}


def test_a_context_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(Invalid) as refusal:
        command.read_context(tmp_path / "nowhere.json")

    assert refusal.value.errors == {"context": ["nowhere.json: No such file or directory."]}
