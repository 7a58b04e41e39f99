"""Taking a file in: checked whole first, then its good rows in the background, a part at a time."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm
from recruiter.audit import service as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import SYSTEM, Actor, Change
from recruiter.db import conflicts
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import reading, transaction
from recruiter.engine import bell
from recruiter.errors import Conflict, DomainError
from recruiter.imports import inspection, queries
from recruiter.imports import reading as files
from recruiter.imports.inspection import Part, Problem
from recruiter.imports.models import ImportKind, ImportRun, ImportState
from recruiter.imports.reading import Table

WORK = "imports"
ROWS_AT_ONCE = 100  # in one transaction
AWAY = (OperationalError, InterfaceError)  # of the database: not about the row, and over some time
UNFORESEEN = "This row could not be kept, for a reason that is ours. Check its values, or add the person by hand."

log = structlog.get_logger()


class SameFile(Conflict):
    """This file went in before, or is going in; ``run_id`` says by which run."""

    code = "same_file"


class NothingToTake(Conflict):
    """No row of the file can go in, or they went in already."""

    code = "nothing_to_take"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFile:
    """A file to look at; nothing of it goes in yet."""

    firm_id: uuid.UUID
    actor: Actor
    kind: ImportKind
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """The good rows of a checked file go in."""

    firm_id: uuid.UUID
    actor: Actor
    run_id: uuid.UUID


def check(command: CheckFile) -> ImportRun:
    """Read the whole file and keep it with every problem, by row and field; nothing goes in.

    Raises ``Invalid`` for a file that cannot be read or lacks a column, ``SameFile`` for one that went in before.
    """
    sha256 = hashlib.sha256(command.content).hexdigest()
    table = files.read(command.content)
    with transaction(command.firm_id) as session:
        same = queries.find_same(session, command.firm_id, command.kind, sha256)
        if same is not None:
            raise _same_file(same.id)
        firm = accounts.get_firm(session, command.firm_id)
        run = ImportRun(
            firm_id=command.firm_id,
            kind=command.kind,
            state=ImportState.CHECKED,
            filename=command.filename[:200],
            sha256=sha256,
            content=command.content,
            rows_total=len(table.rows),
            problems=_problems(session, firm, command.kind, table),
            created_by_id=command.actor.member_id,
        )
        session.add(run)
        session.flush()
        audit.record(session, command.firm_id, command.actor, Change(action="import.checked", subject_id=run.id))
    return run


def start(command: StartRun) -> ImportRun:
    """Let the good rows go in, in the background. Raises ``NotFound``, ``NothingToTake`` or ``SameFile``."""
    with transaction(command.firm_id) as session:
        run = queries.get_for_update(session, command.firm_id, command.run_id)
        if run.state is not ImportState.CHECKED or not run.rows_good:
            raise NothingToTake("No row of this file can go in, or they went in already.")
        with conflicts.named(session, {"uq_import_runs_file": _same_file(None)}):
            run.state = ImportState.WAITING
        audit.record(session, command.firm_id, command.actor, Change(action="import.started", subject_id=run.id))
    bell.ring(WORK)
    return run


def work() -> bool:
    """Take in the oldest unfinished run of each firm; return whether there may be more."""
    found = [run for firm_id in firms_with(Due.IMPORTS, clock.now()) if (run := _next(firm_id)) is not None]
    for run in found:
        finish(run.firm_id, run.id, lambda _run: None)
    return bool(found)


def finish(firm_id: uuid.UUID, run_id: uuid.UUID, progress: Callable[[ImportRun], None]) -> ImportRun:
    """Take in what is left of a started run, telling ``progress`` after each part; return the run as it then is.

    Two processes may do so at once: each part goes in once, and who finds the run claimed leaves it to the other.
    What cannot go on ends as ``FAILED``; only a database that is away is raised, for the run to be tried again.
    """
    with reading(firm_id) as session:
        run = queries.get_with_file(session, firm_id, run_id)
        firm = accounts.get_firm(session, firm_id)
    if not run.is_under_way or run.content is None:
        return run
    try:
        table = files.read(run.content)
        parts = list(inspection.inspect(run.kind, table, firm))
        while (further := _take_part(firm, run_id, table, parts)) is not None:
            progress(further)
    except AWAY:
        raise
    except Exception:
        # Tried again it would end the same way, before every other file of the firm.
        log.exception("import.stopped")
        _stop(firm_id, run_id)
    with reading(firm_id) as session:
        return queries.get_run(session, firm_id, run_id)


def _next(firm_id: uuid.UUID) -> ImportRun | None:
    with reading(firm_id) as session:
        return queries.find_unfinished(session, firm_id)


def _take_part(firm: Firm, run_id: uuid.UUID, table: Table, parts: list[Part]) -> ImportRun | None:
    """Take in the next rows and say how far it came, together or not at all; None when nothing is left to do here."""
    with transaction(firm.id) as session:
        run = queries.claim(session, firm.id, run_id)
        if run is None:
            return None
        actor = Actor(ActorKind.MEMBER, run.created_by_id) if run.created_by_id else SYSTEM
        known_bad = {problem["row"] for problem in run.problems}
        found: list[Problem] = []
        for part in parts[run.rows_read : run.rows_read + ROWS_AT_ONCE]:
            if part.what is not None and part.row.number not in known_bad:
                problems = _take_row(session, firm, actor, part)
                run.rows_taken += not problems
                found += problems
        run.rows_read = min(run.rows_read + ROWS_AT_ONCE, run.rows_total)
        run.state = ImportState.RUNNING
        run.problems = [*run.problems, *found]
        if run.rows_read == run.rows_total:
            _end(session, run, table, actor)
    return run


def _take_row(session: Session, firm: Firm, actor: Actor, part: Part) -> list[Problem]:
    assert part.what is not None  # noqa: S101 - only good rows come here
    try:
        with session.begin_nested():
            part.what.take_in(session, firm, actor)
    except DomainError as error:
        return inspection.problems(part.row, error)
    except AWAY:
        raise
    except DBAPIError:
        log.exception("import.row_refused")
        return inspection.problems(part.row, DomainError(UNFORESEEN))
    return []


def _stop(firm_id: uuid.UUID, run_id: uuid.UUID) -> None:
    with transaction(firm_id) as session:
        run = queries.get_for_update(session, firm_id, run_id)
        run.state, run.finished_at, run.content = ImportState.FAILED, clock.now(), None
        change = Change(action="import.stopped", subject_id=run_id, details={"rows": run.rows_taken})
        audit.record(session, firm_id, SYSTEM, change)


def _end(session: Session, run: ImportRun, table: Table, actor: Actor) -> None:
    """Keep of the file only the rows that did not go in."""
    run.state = ImportState.DONE
    run.finished_at = clock.now()
    run.content = inspection.to_mend(table, run.problems) if run.problems else None
    change = Change(action="import.done", subject_id=run.id, details={"rows": run.rows_taken})
    audit.record(session, run.firm_id, actor, change)


def _problems(session: Session, firm: Firm, kind: ImportKind, table: Table) -> list[Problem]:
    parts = list(inspection.inspect(kind, table, firm))
    found = [problem for part in parts for problem in part.problems]
    found += inspection.clashes(session, firm, parts)
    return sorted(found, key=lambda problem: int(problem["row"]))


def _same_file(run_id: uuid.UUID | None) -> SameFile:
    return SameFile("This file went in before.", run_id=str(run_id) if run_id else None)
