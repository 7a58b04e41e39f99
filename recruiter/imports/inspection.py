"""Looks at every row of a file and says what it says, or what is wrong with it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm
from recruiter.applications import service as applications
from recruiter.candidates import queries as candidates
from recruiter.db.folding import fold_address
from recruiter.errors import DomainError, Invalid
from recruiter.imports import application_rows, columns, person_rows, reading, scorecard_rows
from recruiter.imports.application_rows import NO_JOB, Applied
from recruiter.imports.models import ImportKind, ImportRun, ImportState
from recruiter.imports.reading import FORMULA_SIGNS, Row, Table
from recruiter.imports.rows import NOBODY, Said
from recruiter.jobs import queries as jobs

FIELDS = {
    ImportKind.CANDIDATES: columns.CANDIDATES,
    ImportKind.APPLICATIONS: columns.APPLICATIONS,
    ImportKind.SCORECARDS: columns.SCORECARDS,
}
READ: Mapping[ImportKind, Callable[[Mapping[str, str], Firm], Said]] = {
    ImportKind.CANDIDATES: person_rows.read,
    ImportKind.APPLICATIONS: application_rows.read,
    ImportKind.SCORECARDS: scorecard_rows.read,
}
# A file has one column of each of these.
NEEDED: Mapping[ImportKind, Sequence[tuple[str, ...]]] = {
    ImportKind.CANDIDATES: (("name", "first_name", "last_name"), ("email",)),
    ImportKind.APPLICATIONS: (("email", "candidate_external_id"), ("job", "job_external_id"), ("stage",)),
    ImportKind.SCORECARDS: (
        ("email", "candidate_external_id", "application_external_id"),
        ("interviewer",),
        ("criterion",),
    ),
}
TO_MEND = "To mend"  # the head of the last column of what we give out
MISSING = "Missing data for required field."
AT_ONCE = 400  # rows whose people are looked up with one query
Problem = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A row with what it says, or with what is wrong with it."""

    row: Row
    what: Said | None
    problems: Sequence[Problem]


def inspect(kind: ImportKind, table: Table, firm: Firm) -> Iterator[Part]:
    """Yield every row in order. Raises ``Invalid`` for the field ``file`` when a column is missing."""
    places = _places(kind, table)
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        try:
            what = READ[kind](_cells(row, places, len(table.heads)), firm)
            _refuse_doubles(row, what, seen)
        except Invalid as error:
            yield Part(row, None, problems(row, error))
        else:
            yield Part(row, what, ())


def clashes(session: Session, firm: Firm, parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield what keeps good rows out that only the firm's own people, jobs and members tell.

    A person or a job that an earlier row adds counts as known.
    """
    good = [part for part in parts if part.what is not None]
    added: set[str] = set()
    for start in range(0, len(good), AT_ONCE):
        yield from _about_people(session, firm, good[start : start + AT_ONCE], added)
    yield from _about_jobs(session, firm, good)
    yield from _about_owners(session, firm, good)


def problems(row: Row, error: DomainError) -> list[Problem]:
    """Return what is wrong with a row, one entry for each field and message."""
    found = [_problem(row, str(field), message) for field, nested in error.errors.items() for message in _flat(nested)]
    return found or [_problem(row, "", error.message)]


def to_mend(table: Table, found: Iterable[Problem]) -> bytes:
    """Return the rows with problems as a CSV file in UTF-8, with what is wrong in a last column.

    A cell that a spreadsheet would run as a formula begins with a quotation mark, which reading takes off again.
    """
    words: dict[int, list[str]] = {}
    for problem in found:
        words.setdefault(problem["row"], []).append(f"{problem['field']}: {problem['message']}".removeprefix(": "))
    bad = [row for row in table.rows if row.number in words]
    width = max(len(cells) for cells in (table.heads, *(row.cells for row in bad)))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*map(_harmless, _padded(table.heads, width)), TO_MEND])
    for row in bad:
        writer.writerow([*map(_harmless, _padded(row.cells, width)), " ".join(words[row.number])])
    return text.getvalue().encode("utf-8-sig")


def unread(run: ImportRun, table: Table) -> list[str]:
    """Return the heads of the columns that nothing is read from, for a person to see a slip in a head."""
    return columns.ignored(table.heads, columns.matched(table.heads, FIELDS[run.kind]))


def kept(run: ImportRun) -> Table | None:
    """Return the table of a run's file, or None when none is kept; of a run that is done only the rows to mend."""
    table = reading.read(run.content) if run.content else None
    if table is None or run.state is not ImportState.DONE:
        return table
    numbers = sorted({problem["row"] for problem in run.problems})
    rows_left = (Row(number, row.cells[:-1]) for number, row in zip(numbers, table.rows, strict=True))
    return Table(table.heads[:-1], tuple(rows_left))


def _places(kind: ImportKind, table: Table) -> dict[str, int]:
    places = columns.matched(table.heads, FIELDS[kind])
    missing = [" or ".join(names) for names in NEEDED[kind] if not places.keys() & set(names)]
    if missing:
        message = f"There is no column for: {', '.join(missing)}. Name the columns like this."
        raise Invalid({"file": [message]}, message)
    return places


def _cells(row: Row, places: Mapping[str, int], width: int) -> dict[str, str]:
    if any(row.cells[width:]):
        raise Invalid({"": ["This row has more cells than the file has columns."]})
    return {field: row.cells[place] for field, place in places.items() if place < len(row.cells) and row.cells[place]}


def _refuse_doubles(row: Row, what: Said, seen: dict[tuple[str, str], int]) -> None:
    for name in what.names:
        if name in seen:
            raise Invalid({name[0]: [f"This is in row {seen[name]} too."]})
    seen.update(dict.fromkeys(what.names, row.number))


def _about_people(session: Session, firm: Firm, parts: Sequence[Part], added: set[str]) -> Iterator[Problem]:
    good = [(part.row, part.what) for part in parts if part.what is not None]
    ids = [external_id for _, what in good if (external_id := what.pointing[0]) is not None]
    found = candidates.pointers(session, firm.id, ids, [address for _, what in good for address in what.pointing[1]])
    for row, what in good:
        external_id, several = what.pointing
        names = {external_id or "", *map(fold_address, several)} - {""}
        people = {found.get(name) for name in names} - {None}
        if len(people) > 1:
            yield _problem(row, "email", "The ATS id and the addresses belong to different people we know.")
        elif what.adds_person:
            added |= names
        elif names and not people and not names & added:
            yield _problem(row, "email", NOBODY)


def _about_jobs(session: Session, firm: Firm, parts: Sequence[Part]) -> Iterator[Problem]:
    known: dict[str, bool] = {}
    for part in parts:
        role = part.what.role if isinstance(part.what, Applied) else None
        if role is None or role.external_id is None:
            continue
        if role.external_id not in known or role.title:
            known[role.external_id] = bool(role.title) or _knows_job(session, firm, role.external_id)
        if not known[role.external_id]:
            yield _problem(part.row, "job_external_id", NO_JOB)


def _knows_job(session: Session, firm: Firm, external_id: str) -> bool:
    return jobs.find_by_external_id(session, firm.id, external_id) is not None


def _about_owners(session: Session, firm: Firm, parts: Sequence[Part]) -> Iterator[Problem]:
    found: dict[str | None, Invalid | None] = {None: None}
    for part in parts:
        owner = part.what.facts.owner if isinstance(part.what, Applied) else None
        if owner not in found:
            found[owner] = _refused_owner(session, firm, owner)
        if (error := found[owner]) is not None:
            yield from problems(part.row, error)


def _refused_owner(session: Session, firm: Firm, owner: str | None) -> Invalid | None:
    try:
        applications.owner_named(session, firm.id, owner)
    except Invalid as error:
        return error
    return None


def _problem(row: Row, field: str, message: str) -> Problem:
    words = f"Enter the {field.replace('_', ' ')}." if message == MISSING else message
    return {"row": row.number, "field": field, "message": words}


def _flat(nested: object) -> Iterator[str]:
    """Yield each message of one field once, however deep it stands."""
    if isinstance(nested, dict):
        nested = list(nested.values())
    if isinstance(nested, list):
        yield from dict.fromkeys(message for part in nested for message in _flat(part))
    else:
        yield str(nested)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in FORMULA_SIGNS else cell
