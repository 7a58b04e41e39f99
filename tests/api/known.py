"""Ids of rows that are there, so that generated requests reach further than "there is no such row".

Schemathesis loads this module too, when ``tests.api.fuzz`` names it as its hooks.
"""

import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import schemathesis

from recruiter.db.base import new_id

Ids = Mapping[str, Sequence[str]]

FILE = "RECRUITER_FUZZ_IDS"  # the variable that names the file with the ids, for schemathesis's own process
OURS = new_id()
LISTS = {
    "application_id": "applications",
    "candidate_id": "candidates",
    "client_id": "clients",
    "contact_id": "contacts",
    "endpoint_id": "webhooks",
    "delivery_id": "webhooks/{endpoint_id}/deliveries",
    "invitation_id": "invitations",
    "job_id": "jobs",
    "membership_id": "talent-pool",
    "notice_id": "notices",
    "reminder_id": "reminders",
    "resource_id": "resources",
    "response_id": "responses",
    "scorecard_id": "scorecards",
}


def ids(get: Callable[[str], Mapping[str, Any]]) -> Ids:
    """Return the ids of the first rows of every list, by the name of the argument that takes them.

    A list that belongs to a row is that of the first row of a list before it, and left out where there is none.
    """
    found: dict[str, Sequence[str]] = {}
    for name, path in LISTS.items():
        first = {known: rows[0] for known, rows in found.items() if rows}
        try:
            here = path.format_map(first)
        except KeyError:
            continue
        found[name] = [item["id"] for item in get(f"/api/v1/{here}?limit=20")["items"]]
    return found


def point(case: schemathesis.Case, known: Ids) -> None:
    """Let three of four well-formed ids of the case, wherever they are in it, be those of rows that are there."""
    case.path_parameters = _pointed(case.path_parameters, known)
    case.query = _pointed(case.query, known)
    case.body = _pointed(case.body, known)


def _pointed(value: Any, known: Ids) -> Any:
    if isinstance(value, dict):
        return {name: _row(name, inner, known) or _pointed(inner, known) for name, inner in value.items()}
    if isinstance(value, list):
        return [_pointed(inner, known) for inner in value]
    return value


def _row(name: str, value: Any, known: Ids) -> str | None:
    rows = known.get(name)
    try:
        given = uuid.UUID(value) if rows and isinstance(value, str) else OURS
    except ValueError:
        return None
    # An id of ours came from an answer, and what follows on that answer means this very row.
    return rows[given.int % len(rows)] if rows and given.version != OURS.version and given.int % 4 else None


def _register(path: str) -> None:
    known = json.loads(Path(path).read_text(encoding="utf-8"))

    @schemathesis.hook
    def before_call(context: object, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
        point(case, known)


if FILE in os.environ:
    _register(os.environ[FILE])
