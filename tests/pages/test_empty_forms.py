"""A form that is sent empty says for each field what is wanted, in words of that field."""

import pytest

from tests import build


@pytest.fixture
def maya(app, acme):
    with app.app_context():
        build.job(acme)
        return build.candidate(acme)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/candidates/new", ["Enter a name.", "Enter an e-mail address."]),
        ("/jobs/new", ["Enter a title."]),
        (
            "/candidates/{id}/contact",
            ["Choose what kind of contact it was.", "Choose what came of it.", "Say when it was."],
        ),
        ("/candidates/{id}/reply", ["Paste what the person wrote.", "Say when it was."]),
        ("/candidates/{id}/applications/new", ["Choose the job.", "Choose the stage."]),
        (
            "/settings/firm",
            ["Enter the name of the firm.", "Enter 1 to 90 working days for application.", "Enter 0 to 1,440 minutes"],
        ),
        ("/candidates/{id}/pool", ["Choose the ground on which you keep them.", "Say how the person said it."]),
    ],
)
def test_an_empty_form_says_what_is_wanted(alice, maya, path, wanted):
    answer = alice.browser.post(path.format(id=maya.id))

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "Missing data" not in answer.text
    for words in wanted:
        assert answer.text.count(words) == 2, words  # in the summary and at the field
    assert sorted(wanted, key=answer.text.index) == wanted
