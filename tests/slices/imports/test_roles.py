"""Admins import; to everybody else the pages say so and offer nothing that would be refused."""

from tests.slices.imports.files import PEOPLE, upload


def test_who_may_not_import_is_told_who_may(alice, bob):
    assert "Admins import people." in bob.browser.get("/imports").text
    assert 'type="file"' not in bob.browser.get("/imports").text
    assert 'href="/imports"' not in bob.browser.get("/candidates").text
    assert 'href="/imports"' in alice.browser.get("/candidates").text


def test_what_an_admin_uploaded_can_be_looked_at_but_not_let_in(alice, bob):
    run = upload(alice, PEOPLE).location

    assert f'action="{run}/start"' in alice.browser.get(run).text
    assert f'action="{run}/start"' not in bob.browser.get(run).text
    assert "rows-to-mend.csv" not in bob.browser.get(run).text
    assert bob.browser.post(f"{run}/start").status_code == 403
