"""Reads a spreadsheet in a process of its own: two cells far apart, in a file of a kilobyte, ask for all the memory."""

import datetime as dt
import io
import json
import resource
import subprocess
import sys

import python_calamine

MOST_CELLS = 2_000_000
MEMORY = 1024 * 1024 * 1024  # bytes
SECONDS = 30  # of processor time
_UNREADABLE, _TOO_LARGE = 2, 3


class Unreadable(Exception):
    """This is no spreadsheet that can be read."""


class TooLarge(Exception):
    """This spreadsheet needs more cells, memory or time than is given to one."""


def read(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet, each cell as the text that a CSV file would hold.

    A formula counts as the value that was saved with it. Raises ``Unreadable`` and ``TooLarge``.
    """
    command = [sys.executable, "-m", "recruiter.imports.sheet"]
    # What the process says when it dies is not passed on: it may quote the file.
    done = subprocess.run(command, input=content, capture_output=True, check=False)  # noqa: S603 - a command of our own
    if done.returncode == _TOO_LARGE or done.returncode < 0:
        raise TooLarge
    if done.returncode:
        raise Unreadable
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


def main() -> None:
    """Read standard input with little memory and time, and write the rows as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        json.dump(_rows(sys.stdin.buffer.read()), sys.stdout)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError):
        sys.exit(_UNREADABLE)
    except MemoryError:
        sys.exit(_TOO_LARGE)


def _rows(content: bytes) -> list[list[str]]:
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise MemoryError
    return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


if __name__ == "__main__":
    main()
