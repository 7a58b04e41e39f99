"""Reads a file into a table of texts: CSV by the ``csv`` module, XLSX, XLS and ODS by calamine."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recruiter.errors import Invalid
from recruiter.imports import sheet

MOST_ROWS = 20_000
LONGEST_CELL = 131_072  # characters
MOST_COLUMNS = 16_384  # as many as a spreadsheet has

# What a cell must not begin with in a file that we give out: spreadsheets would run it as a formula.
FORMULA_SIGNS = frozenset("=+-@\t\r")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF8_PAIR = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (the heads are row 1), and its cells as texts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The heads of a file and the rows below them that are not empty."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Table:
    """Return the first table of a file. Raises ``Invalid`` for the field ``file``, naming the row if there is one."""
    if not content.strip():
        raise _bad("The file is empty.")
    records = _sheet(content) if content.startswith((_ZIP, _OLE)) else _csv(_text(content))
    heads: tuple[str, ...] | None = None
    rows: list[Row] = []
    for number, record in enumerate(records, start=1):
        cells = tuple(_bare(cell.strip()) for cell in record)
        if not any(cells):
            continue
        if heads is None:
            heads = cells
            continue
        rows.append(Row(number, cells))
        if len(rows) > MOST_ROWS:
            raise _bad(f"The file has more than {MOST_ROWS:,} rows. Split it.")
    if heads is None or not rows:
        raise _bad("The file has no row below its heads.")
    return Table(heads, tuple(rows))


def _text(content: bytes) -> str:
    """Decode UTF-8 (with or without its mark), UTF-16 with its mark, or Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Bytes that only UTF-8 pairs like this say what the file was meant to be; then one of its rows is broken.
        return _decoded(content, "utf-8" if _UTF8_PAIR.search(content) else "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _bad(f"Row {row} has letters that are not in the file's encoding. Save the file as CSV UTF-8.") from error


def _csv(text: str) -> Iterator[Sequence[str]]:
    if "\x00" in text:
        raise _bad("This is not a table. Use CSV, XLSX, XLS or ODS.")
    csv.field_size_limit(LONGEST_CELL)  # the process has one limit; whoever read last may have set another
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for record in reader:
            number += 1
            if len(record) > MOST_COLUMNS:
                raise _bad(f"Row {number} has more than {MOST_COLUMNS:,} cells. Keep only the columns that matter.")
            yield record
    except csv.Error as error:
        raise _bad(f"Row {number + 1} cannot be read: a quotation mark is missing, or a cell is too long.") from error


def _sheet(content: bytes) -> list[list[str]]:
    try:
        return sheet.read(content)
    except sheet.Unreadable as error:
        raise _bad("This spreadsheet cannot be read. Save it as XLSX or as CSV UTF-8.") from error
    except sheet.TooLarge as error:
        raise _bad("The sheet is too large. Keep only the rows and columns that matter.") from error


def _bare(cell: str) -> str:
    """Take off the quotation mark that keeps a spreadsheet from reading a text as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell


def _bad(message: str) -> Invalid:
    return Invalid({"file": [message]}, message)
