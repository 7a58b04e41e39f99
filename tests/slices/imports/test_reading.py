"""Files as they come: encodings, delimiters, spreadsheets, and what cannot be read."""

import codecs
import datetime as dt

import pytest

from recruiter.errors import Invalid
from recruiter.imports import reading
from tests.slices.imports.files import xlsx

pytestmark = pytest.mark.once

TEXT = "Name,Place\nJoão,Łódź\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\n,,\n" + TEXT.encode(),
        '"Name","Place"\n"João","Łódź"\n'.encode(),
    ],
)
def test_a_text_is_read_however_it_was_saved(content):
    table = reading.read(content)

    assert table.heads == ("Name", "Place")
    assert [row.cells for row in table.rows] == [("João", "Łódź")]


def test_windows_letters_are_read():
    assert reading.read("Name,Place\nJoão,São Paulo\n".encode("cp1252")).rows[0].cells == ("João", "São Paulo")


def test_rows_have_the_numbers_of_a_spreadsheet():
    table = reading.read(b'Name\nMaya\n\n"Ana\nReis"\nRavi\n')

    assert [(row.number, row.cells[0]) for row in table.rows] == [(2, "Maya"), (4, "Ana\nReis"), (5, "Ravi")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"  \n", "The file is empty."),
        (b"Name,Place\n", "no row below its heads"),
        (b",,\n,,\n", "no row below its heads"),
        ("Name\nJoão\nAna\n".encode() + b"Jo\xe3o\n", "Row 4 has letters"),
        (b"Name\nMaya\nAna \x81\n", "Row 3 has letters"),
        ("Name\nJoão".encode("utf-16") + b"\x00", "Row "),
        (b"Name\nMaya\x00\n", "This is not a table."),
        (b'Name,Place\nMaya,"Lisbon\n', "Row 2 cannot be read"),
        (b"Name\n" + b"x" * 200_000, "Row 2 cannot be read"),
        (b"Name\n" + b"x\n" * 20_001, "more than 20,000 rows"),
        (b"Name" + b"," * 20_000, "Row 1 has more than 16,384 cells"),
        (b"PK\x03\x04nonsense", "This spreadsheet cannot be read."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nonsense", "This spreadsheet cannot be read."),
    ],
)
def test_what_cannot_be_read_is_said_with_its_row(content, words):
    with pytest.raises(Invalid) as refusal:
        reading.read(content)

    assert words in refusal.value.errors["file"][0]


def test_a_sheet_gives_texts():
    content = xlsx(
        ["Name", "Phone", "Day", "Moment", "Share"],
        [],
        ["Maya", 351210000000, dt.date(2026, 11, 24), dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC), 1.5],
    )
    book = reading.read(content)

    assert book.heads == ("Name", "Phone", "Day", "Moment", "Share")
    assert [(row.number, row.cells) for row in book.rows] == [
        (3, ("Maya", "351210000000", "2026-11-24", "2026-11-24 10:30:00", "1.5"))
    ]


def test_a_sheet_of_too_many_cells_is_refused():
    with pytest.raises(Invalid, match="too large"):
        reading.read(xlsx(["Name"], *[[]] * 150, [""] * 16_000 + ["x"]))


def test_a_mark_that_keeps_a_text_from_being_a_formula_is_taken_off():
    assert reading.read(b"Name,Phone\n'Maya,'+351 21\n").rows[0].cells == ("'Maya", "+351 21")
