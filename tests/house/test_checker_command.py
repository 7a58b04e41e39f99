"""`recruiter check` reads a file of texts and needs nothing else."""

import json

import pytest

pytestmark = pytest.mark.once


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text(
        "text,note\n"
        "You explained the migration in four steps.,[strength]\n"
        "Dear [Name] we chose another person.,[body]\n"
    )
    return str(path)


def test_findings_are_one_json_object_a_row(run, texts):
    result = run("check", texts, "--format", "json")

    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["row"] for row in rows] == [1, 2]
    assert rows[0]["findings"] == []
    (finding,) = rows[1]["findings"]
    assert (finding["rule"], finding["severity"], finding["words"]) == ("TOK-BRACKET", "block", "[Name]")


def test_findings_are_lines_that_an_editor_understands(run, texts):
    result = run("check", texts)

    assert result.stdout.startswith("texts.csv:2: block TOK-BRACKET: ")


def test_a_file_that_cannot_be_used_is_named(run, tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text("words\nhello\n")

    result = run("check", str(path))

    assert result.exit_code == 1
    assert "texts.csv needs a column named text." in result.stderr
