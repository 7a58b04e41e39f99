"""One run of an import: the file, how far it came, and what is wrong with which row."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recruiter.db.base import FirmRow, enum_column, firm_key


class ImportKind(enum.StrEnum):
    """What the rows are."""

    CANDIDATES = "candidates"
    APPLICATIONS = "applications"
    SCORECARDS = "scorecards"


class ImportState(enum.StrEnum):
    """Where a run stands."""

    CHECKED = "checked"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


# What a member has started and what is still under way.
UNFINISHED = (ImportState.WAITING, ImportState.RUNNING)


class ImportRun(FirmRow):
    """A file that was checked and, when a member said so, taken in."""

    __tablename__ = "import_runs"
    __table_args__ = (
        firm_key("created_by_id", "members", ondelete="NO ACTION"),
        sa.Index(
            "uq_import_runs_file",
            "firm_id",
            "kind",
            "sha256",
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running', 'done')"),
            postgresql_where=sa.text("state IN ('waiting', 'running', 'done')"),
        ),
    )

    kind: Mapped[ImportKind] = enum_column(ImportKind)
    state: Mapped[ImportState] = enum_column(ImportState)
    filename: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_read: Mapped[int] = mapped_column(default=0)
    rows_taken: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    created_by_id: Mapped[uuid.UUID | None]
    finished_at: Mapped[dt.datetime | None]

    @property
    def rows_bad(self) -> int:
        """How many rows have at least one problem."""
        return len({problem["row"] for problem in self.problems})

    @property
    def rows_good(self) -> int:
        """How many rows can go in."""
        return self.rows_total - self.rows_bad

    @property
    def why_failed(self) -> str:
        """Why a failed run ended and what to do, for people; empty for any other."""
        if self.state is not ImportState.FAILED:
            return ""
        if self.finished_at is None:
            return (
                "A person was erased before this file went in, so it is no longer kept. Upload it again without them."
            )
        return (
            f"This import had to stop after {self.rows_read} of {self.rows_total} rows; {self.rows_taken} went in. "
            "Upload the file again: who went in already is found and not added twice."
        )

    @property
    def is_under_way(self) -> bool:
        """Whether rows are still to go in."""
        return self.state in UNFINISHED
