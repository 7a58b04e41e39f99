"""Checks a file of texts for the command line; needs no database and no firm."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

from recruiter.checker import service as checker
from recruiter.checker.document import Context, Finding
from recruiter.errors import Invalid

_TAG = re.compile(r"\[(\w{1,20})\]")
_WHOLE = "doc"
_FIELDS = {
    "body": "body",
    "subject": "subject",
    "reason": "reason",
    "internal": "internal",
    "growth": "feedback.gaps.0.text",
    "strength": "feedback.strengths.0.text",
    _WHOLE: "letter",
}
_LONGEST_TEXT = 2_000_000


def check_file(path: Path, context_path: Path | None = None) -> Iterator[dict[str, Any]]:
    """Check every row of a CSV file with the columns ``text`` and ``note``.

    A tag in the note says what the text is: ``[body]`` (also without any tag), ``[subject]``, ``[reason]``,
    ``[strength]``, ``[growth]``, ``[internal]``, or ``[doc]`` for a whole message, which gets only the rules about
    its shape. ``context_path`` is a JSON file with what is known about the case. Yields ``{"row", "findings"}``, rows
    counted from 1 below the header and offsets in code points. Raises ``Invalid`` naming the file or row.
    """
    context = read_context(context_path) if context_path else Context()
    csv.field_size_limit(_LONGEST_TEXT)
    reader = csv.DictReader(StringIO(_text(path, "file"), newline=""))
    if "text" not in (reader.fieldnames or ()):
        raise Invalid({"file": [f"{path.name} needs a column named text."]})
    try:
        for number, row in enumerate(reader, start=1):
            yield {"row": number, "findings": _found(row["text"] or "", row.get("note") or "", context)}
    except csv.Error as error:
        raise Invalid({"file": [f"{path.name}, line {reader.line_num + 1}: {error}."]}) from error


def read_context(path: Path) -> Context:
    """Read what is known about the case from a JSON file; raise ``Invalid`` naming what is wrong with it."""
    try:
        data = json.loads(_text(path, "context"))
    except json.JSONDecodeError as error:
        raise Invalid({"context": [f"{path.name}, line {error.lineno}: {error.msg}."]}) from error
    if not isinstance(data, dict):
        raise Invalid({"context": [f"{path.name} must hold one object."]})
    return Context.from_json(data)


def _found(text: str, note: str, context: Context) -> list[dict[str, Any]]:
    field = next((_FIELDS[tag] for tag in _TAG.findall(note) if tag in _FIELDS), "body")
    if field == _FIELDS[_WHOLE]:
        return _rows(checker.check_letter(text, context))
    return _rows(checker.check_text(text, field, context))


def _rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise Invalid({name: [f"{path.name}: {error.strerror}."]}) from error
    except UnicodeDecodeError as error:
        raise Invalid({name: [f"{path.name} is not UTF-8 (byte {error.start})."]}) from error
