"""`recruiter import` takes files in where no browser is."""

import pytest
import sqlalchemy as sa

from recruiter.candidates.models import CandidateEmail
from recruiter.db.session import reading
from tests import build

GOOD = "Name,Email\nMaya Ferreira,maya@example.org\nTomás Okafor,tomas@example.org\n"


@pytest.fixture
def firm(app):
    with app.app_context():
        return build.firm(slug="harbour")


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "people.csv"
        path.write_text(text)
        return str(path)

    return write


def people(app, firm):
    """The addresses that the firm knows."""
    with app.app_context(), reading(firm.id) as session:
        query = sa.select(CandidateEmail.address).where(CandidateEmail.firm_id == firm.id)
        return sorted(session.scalars(query))


def test_a_dry_run_takes_nothing_in(run, app, firm, file):
    result = run("import", "candidates", file(GOOD), "--firm", "harbour", "--dry-run")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "2 of 2 rows can go in." in result.stderr
    assert people(app, firm) == []


def test_good_rows_go_in_and_the_others_are_named(run, app, firm, file):
    path = file(GOOD + "Nobody,not-an-address\n")

    result = run("import", "candidates", path, "--firm", "harbour")

    assert result.exit_code == 1
    assert result.stdout.startswith("people.csv:4: ")
    assert "email" in result.stdout
    assert "2 of 3 rows went in." in result.stderr
    assert people(app, firm) == ["maya@example.org", "tomas@example.org"]


def test_a_file_without_a_good_row_goes_nowhere(run, firm, file):
    result = run("import", "candidates", file("Name,Email\nNobody,not-an-address\n"), "--firm", "harbour")

    assert result.exit_code == 1
    assert result.stderr == "0 of 1 rows can go in.\n"


def test_the_same_file_twice_is_refused(run, firm, file):
    path = file(GOOD)
    first = run("import", "candidates", path, "--firm", "harbour")

    second = run("import", "candidates", path, "--firm", "harbour")

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "This file went in before." in second.stderr


def test_a_file_that_cannot_be_read_is_named(run, firm, tmp_path):
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"\x00\x01")

    result = run("import", "candidates", str(path), "--firm", "harbour")

    assert result.exit_code == 1
    assert "file: " in result.stderr
