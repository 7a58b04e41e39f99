"""Files that are made to break whoever reads them."""

import io
import zipfile

import pytest

from recruiter.errors import Invalid
from recruiter.imports import reading
from tests.slices.imports.files import upload, xlsx

pytestmark = pytest.mark.once

SHEET = "xl/worksheets/sheet1.xml"


def with_part(content, name, text):
    """The spreadsheet with one part of it replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return made.getvalue()


@pytest.mark.parametrize("last", ["XFD1048576", "XFD60000"], ids=["more than there is", "more than fits"])
def test_two_cells_far_apart_do_not_take_the_memory(last):
    content = xlsx(["Name"], ["Maya"])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read(SHEET).decode()
    row = f'<row r="{last.removeprefix("XFD")}"><c r="{last}"><v>1</v></c></row></sheetData>'
    content = with_part(content, SHEET, sheet.replace("</sheetData>", row))

    with pytest.raises(Invalid, match="too large"):
        reading.read(content)


def test_a_head_is_no_formula_in_the_file_that_is_given_out(alice):
    url = upload(alice, "Name,E-mail,\"=cmd|' /C calc'!A0\"\nMaya,nothing,\n").location

    mended = alice.browser.get(f"{url}/rows-to-mend.csv").text

    assert "'=cmd" in mended
    assert ",=cmd" not in mended
